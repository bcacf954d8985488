// approx_distinct: a sketch for each group over hashes of values. Values are hashed, not codes, so
// that the estimate does not depend on the order in which keys were imported.
#include <xxhash.h>

#include <cmath>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/hyper_log_log.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

template <typename T>
std::uint64_t hash_of(T value) {
  return XXH3_64bits(&value, sizeof value);
}
std::uint64_t hash_of(std::string_view value) {
  return XXH3_64bits(value.data(), value.size());
}
std::uint64_t hash_of(double value) {
  if (value == 0) value = 0;
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return XXH3_64bits(&value, sizeof value);
}

class ApproximateDistinct : public Accumulator {
 public:
  ApproximateDistinct(const AggregateCall& call, const ColumnShape& shape)
      : type_(call.type), shape_(shape) {}

  void resize(std::uint32_t groups) override { sketches_.resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const Vector& argument = arguments[0];
    switch (shape_.representation) {
      case Representation::kCode:
        add_codes(rows, argument);
        break;
      case Representation::kInt64:
        add_values<std::int64_t>(rows, argument);
        break;
      case Representation::kInt128:
        add_values<Int128>(rows, argument);
        break;
      case Representation::kFloat64:
        add_values<double>(rows, argument);
        break;
      case Representation::kString:
        add_values<std::string_view>(rows, argument);
        break;
      case Representation::kBool:
        add_values<std::uint8_t>(rows, argument);
        break;
    }
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const ApproximateDistinct&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      sketches_[targets[group]].merge(from.sketches_[group]);
    }
    return {};
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<std::int64_t> values(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      values[row] = static_cast<std::int64_t>(sketches_[order[row]].estimate());
    }
    return make_vector(type_, Representation::kInt64, std::move(values),
                       ValidityBits(order.size()));
  }

  std::size_t memory_bytes() const override {
    std::size_t bytes = sketches_.capacity() * sizeof(HyperLogLog) +
                        hash_of_code_.capacity() * sizeof(std::uint64_t);
    for (const HyperLogLog& sketch : sketches_) bytes += sketch.memory_bytes();
    return bytes;
  }

 private:
  template <typename T>
  void add_values(const GroupRows& rows, const Vector& argument) {
    const T* values = argument.values<T>();
    for_each_value(rows, argument, [&](std::uint32_t group, std::uint32_t row) {
      sketches_[group].add(hash_of(values[row]));
    });
  }

  void add_codes(const GroupRows& rows, const Vector& argument) {
    const auto* codes = argument.values<std::uint32_t>();
    const std::size_t size = std::size_t{shape_.dictionary->size()} + 1;
    if (hash_of_code_.empty()) hash_of_code_.resize(size);
    rows_ += rows.rows;
    // In order all values cost less than some of them here and there.
    if (!knows_all_ && rows_ > size / kRowsForAll) {
      for (std::uint32_t code = 1; code < size; ++code) hash_of_code_[code] = hash_of_value(code);
      knows_all_ = true;
    }
    for (std::uint32_t row = 0; row < rows.rows; ++row) {
      if (row + kAhead < rows.rows) __builtin_prefetch(&hash_of_code_[codes[row + kAhead]]);
      const std::uint32_t code = codes[row];
      if (code == kNullCode) continue;
      std::uint64_t& hash = hash_of_code_[code];
      if (hash == 0) hash = hash_of_value(code);
      sketches_[rows.groups == nullptr ? rows.group : rows.groups[row]].add(hash);
    }
  }

  std::uint64_t hash_of_value(std::uint32_t code) const {
    return shape_.dictionary->kind() == DictionaryKind::kInt64
               ? hash_of(shape_.dictionary->int64_at(code))
               : hash_of(shape_.dictionary->string_at(code));
  }

  static constexpr std::uint64_t kRowsForAll = 8;
  static constexpr std::uint32_t kAhead = 32;

  Type type_;
  ColumnShape shape_;
  std::vector<HyperLogLog> sketches_;
  std::vector<std::uint64_t> hash_of_code_;  // 0: not yet hashed
  std::uint64_t rows_ = 0;
  bool knows_all_ = false;
};

}  // namespace

std::unique_ptr<Accumulator> make_approximate_distinct(const AggregateCall& call,
                                                       const ColumnShape& shape) {
  return std::make_unique<ApproximateDistinct>(call, shape);
}

}  // namespace stave
