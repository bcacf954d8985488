// The frame of the aggregates that need all values of a group at once: values are set aside, and
// each group, once complete, is given to a Method, which turns its values into a result.
#pragma once

#include <algorithm>
#include <optional>
#include <type_traits>
#include <vector>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/pending_rows.h"
#include "engine/aggregate/value_encoder.h"

namespace stave {

// A Method gives:
//   using Value, Scratch;
//   std::optional<ValueEncoder>& encoder();     values are its codes; or none
//   void read(const Vector&, Value* out);       without an encoder: each row's value
//   void resize(groups);  bool holds(group);  void take(target, Method& other, group);
//   void retain(first, kept);                   as Accumulator's; or none
//   void run(group, Parts, Scratch&);           thread-safe for different groups
//   Result<Vector> finish(order);  std::size_t memory_bytes();
template <typename Method>
class CollectingAccumulator : public Accumulator {
 public:
  using Value = typename Method::Value;

  template <typename... Arguments>
  explicit CollectingAccumulator(Arguments&&... arguments)
      : method_(std::forward<Arguments>(arguments)...), scratch_(1) {}

  void resize(std::uint32_t groups) override {
    method_.resize(groups);
    groups_ = groups;
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const Vector& argument = arguments[0];
    if constexpr (kByCode) {
      auto codes = method_.encoder()->encode(argument);
      if (!codes) return pass(codes);
      const bool has_nulls = method_.encoder()->shape().may_be_null &&
                             std::find(*codes, *codes + rows.rows, kNullCode) != *codes + rows.rows;
      if (!has_nulls && has_runs(rows)) {
        for_each_run(rows, [&](std::uint32_t group, std::uint32_t first, std::uint32_t count) {
          pending_.add(group, *codes + first, count);
        });
        return {};
      }
      for (std::uint32_t row = 0; row < rows.rows; ++row) {
        const std::uint32_t code = (*codes)[row];
        if (code != kNullCode) {
          pending_.add(rows.groups == nullptr ? rows.group : rows.groups[row], code);
        }
      }
    } else {
      values_.resize(rows.rows);
      method_.read(argument, values_.data());
      for_each_value(rows, argument, [&](std::uint32_t group, std::uint32_t row) {
        pending_.add(group, values_[row]);
      });
    }
    return {};
  }

  Result<void> end_scope() override {
    auto done = pending_.hand_out(nullptr, [this](std::uint32_t group, auto parts, int) {
      method_.run(group, parts, scratch_[0]);
    });
    pending_.begin(groups_);
    return done;
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    auto& from = static_cast<CollectingAccumulator&>(other);
    for (std::uint32_t group = 0; group < targets.size(); ++group) {
      if (from.method_.holds(group)) method_.take(targets[group], from.method_, group);
    }
    if constexpr (kByCode) {
      if (!method_.encoder()->is_fixed()) {
        auto codes = method_.encoder()->adopt(*from.method_.encoder());
        if (!codes) return pass(codes);
        pending_.take(from.pending_, targets, [&](std::uint32_t code) { return (*codes)[code]; });
        return {};
      }
    }
    pending_.take(from.pending_, targets, [](Value value) { return value; });
    return {};
  }

  bool can_retain() const override { return kMethodRetains; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    if constexpr (kMethodRetains) method_.retain(first, kept);
    groups_ = first + static_cast<std::uint32_t>(kept.size());
    pending_.begin(groups_);
  }

  Result<void> complete(ExecutionContext& context) override {
    scratch_.resize(static_cast<std::size_t>(context.threads()));
    return pending_.hand_out(&context, [this](std::uint32_t group, auto parts, int worker) {
      method_.run(group, parts, scratch_[static_cast<std::size_t>(worker)]);
    });
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) override {
    return method_.finish(order);
  }

  std::size_t memory_bytes() const override {
    return pending_.memory_bytes() + method_.memory_bytes();
  }

 private:
  static constexpr bool kMethodRetains = requires(Method method) { method.retain(0U, {}); };
  static constexpr bool kByCode = std::is_same_v<Value, std::uint32_t>;

  Method method_;
  std::uint32_t groups_ = 0;
  std::vector<typename Method::Scratch> scratch_;  // one for each worker
  PendingRows<Value> pending_;
  std::vector<Value> values_;
};

}  // namespace stave
