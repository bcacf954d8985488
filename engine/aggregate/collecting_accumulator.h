// The frame of the aggregates that need all values of a group at once: values are set aside, and
// each group, once complete, is given to a Method, which turns its values into a result. Calls over
// the same argument share what is set aside.
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
//   const Value* read(const Vector&, std::vector<Value>& room);
//                                               without an encoder: each row's value
//   void resize(groups);  bool holds(group);  void take(target, Method& other, group);
//   void retain(first, kept);                   as Accumulator's; or none
//   void run(group, Parts, Scratch&);           thread-safe for different groups; without an
//                                               encoder, it leaves the values as they are
//   Result<Vector> finish(order);  std::size_t memory_bytes();
// What is given the rows of each group, whoever set them aside.
template <typename Value>
class GroupReader {
 public:
  virtual ~GroupReader() = default;
  virtual void open_workers(int count) = 0;
  virtual void run(std::uint32_t group, typename PendingRows<Value>::Parts parts, int worker) = 0;

 protected:
  // From now on `other` is given these rows; where it reads rows of its own alone.
  bool take_reader(GroupReader& other) {
    if (other.readers_.size() != 1) return false;
    other.readers_.clear();
    readers_.push_back(&other);
    return true;
  }
  // Who is given the rows that this one sets aside; none where it is given another's.
  std::vector<GroupReader*> readers_{this};
};

template <typename Method>
class CollectingAccumulator : public Accumulator, public GroupReader<typename Method::Value> {
 public:
  using Value = typename Method::Value;
  using Reader = GroupReader<Value>;

  template <typename... Arguments>
  explicit CollectingAccumulator(Arguments&&... arguments)
      : method_(std::forward<Arguments>(arguments)...), scratch_(1) {}

  // Codes are of an encoder of its own.
  bool share_rows(Accumulator& other) override {
    if constexpr (kByCode) return false;
    auto* const reader = dynamic_cast<Reader*>(&other);
    if (reader == nullptr || !sets_aside()) return false;
    return this->take_reader(*reader);
  }

  void resize(std::uint32_t groups) override {
    method_.resize(groups);
    groups_ = groups;
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    if (!sets_aside()) return {};
    const Vector& argument = arguments[0];
    if constexpr (kByCode) {
      auto codes = method_.encoder()->encode(argument);
      if (!codes) return pass(codes);
      const bool has_nulls = method_.encoder()->shape().may_be_null &&
                             std::find(*codes, *codes + rows.rows, kNullCode) != *codes + rows.rows;
      if (has_nulls) {
        for_each_value(rows, Vector(), [&](std::uint32_t group, std::uint32_t row) {
          if ((*codes)[row] != kNullCode) pending_.add(group, (*codes)[row]);
        });
      } else {
        add_every_row(rows, *codes);
      }
    } else {
      const Value* values = method_.read(argument, values_);
      if (argument.validity == nullptr) {
        add_every_row(rows, values);
      } else {
        for_each_value(rows, argument, [&](std::uint32_t group, std::uint32_t row) {
          pending_.add(group, values[row]);
        });
      }
    }
    return {};
  }

  bool takes_runs() const override { return true; }

  Result<void> end_scope() override {
    auto done = hand_out(nullptr);
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
    pending_.take(from.pending_, targets);
    return {};
  }

  bool can_retain() const override { return kMethodRetains; }
  bool has_plain_states() const override { return kMethodRetains && !kByCode; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    if constexpr (kMethodRetains) method_.retain(first, kept);
    groups_ = first + static_cast<std::uint32_t>(kept.size());
    pending_.begin(groups_);
  }

  Result<void> complete(ExecutionContext& context) override {
    for (Reader* reader : this->readers_) reader->open_workers(context.threads());
    return hand_out(&context);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    return method_.finish(order);
  }

  std::size_t memory_bytes() const override {
    return pending_.memory_bytes() + method_.memory_bytes();
  }

 protected:
  // For subclasses that count what they can without setting it aside.
  Method& method() { return method_; }
  PendingRows<Value>& pending() { return pending_; }

 private:
  using Parts = typename PendingRows<Value>::Parts;
  static constexpr bool kMethodRetains = requires(Method method) { method.retain(0U, {}); };
  static constexpr bool kByCode = std::is_same_v<Value, std::uint32_t>;

  void open_workers(int count) override { scratch_.resize(static_cast<std::size_t>(count)); }
  void run(std::uint32_t group, Parts parts, int worker) override {
    method_.run(group, parts, scratch_[static_cast<std::size_t>(worker)]);
  }
  bool sets_aside() const { return !this->readers_.empty(); }

  void add_every_row(const GroupRows& rows, const Value* values) {
    if (has_runs(rows)) {
      for_each_run(rows, [&](std::uint32_t group, std::uint32_t first, std::uint32_t count) {
        pending_.add(group, values + first, count);
      });
    } else {
      pending_.add_rows(rows.groups, values, rows.rows);
    }
  }

  Result<void> hand_out(ExecutionContext* context) {
    return pending_.hand_out(context, [this](std::uint32_t group, Parts parts, int worker) {
      for (Reader* reader : this->readers_) reader->run(group, parts, worker);
    });
  }

  Method method_;
  std::uint32_t groups_ = 0;
  std::vector<typename Method::Scratch> scratch_;  // one for each worker
  PendingRows<Value> pending_;
  std::vector<Value> values_;
};

}  // namespace stave
