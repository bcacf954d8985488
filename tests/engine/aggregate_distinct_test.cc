// Exact distinct by bits, by marks and by interned values, against a set for each group.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>
#include <random>
#include <set>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/result_vector.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

constexpr std::uint32_t kGroups = 7;
constexpr std::uint32_t kCodes = 40;

class NumberedDictionary final : public Dictionary {
 public:
  explicit NumberedDictionary(std::uint32_t size) : size_(size) {}
  DictionaryKind kind() const override { return DictionaryKind::kInt64; }
  std::uint32_t size() const override { return size_; }
  std::string_view string_at(std::uint32_t) const override { return {}; }
  std::int64_t int64_at(std::uint32_t code) const override { return code; }
  std::uint32_t find_string(std::string_view) const override { return kNullCode; }
  std::uint32_t find_int64(std::int64_t value) const override {
    return static_cast<std::uint32_t>(value);
  }

 private:
  std::uint32_t size_;
};

ColumnShape coded_shape(std::uint32_t codes) {
  ColumnShape shape;
  shape.type = kInt64Type;
  shape.representation = Representation::kCode;
  shape.dictionary = std::make_shared<NumberedDictionary>(codes);
  return shape;
}

Vector codes_vector(const std::vector<std::uint32_t>& codes, const ColumnShape& shape) {
  Vector vector = make_vector(kInt64Type, Representation::kCode, codes, ValidityBits(codes.size()));
  vector.dictionary = shape.dictionary;
  return vector;
}

RC_GTEST_PROP(Distinct, CountsTheValuesOfEachGroupWhateverTheirNumber, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  // 63, 64 and 255 codes beside null fill their words; more are marked.
  const ColumnShape shape = coded_shape(*rc::gen::element(kCodes, 63U, 64U, 255U, 256U, 1000U));
  const bool in_one_group = *rc::gen::arbitrary<bool>();
  AggregateCall call;
  call.function = AggregateFunction::kDistinct;
  call.type = kInt64Type;
  TestContext test(2);
  std::vector<std::unique_ptr<Accumulator>> threads;
  std::vector<std::set<std::uint32_t>> expected(kGroups);
  for (int thread = 0; thread < 2; ++thread) {
    threads.push_back(make_distinct(call, shape));
    threads.back()->resize(kGroups);
    std::vector<std::uint32_t> codes(random() % 200);
    std::vector<std::uint32_t> groups(codes.size());
    GroupRows rows;
    rows.rows = static_cast<std::uint32_t>(codes.size());
    rows.group = static_cast<std::uint32_t>(random() % kGroups);
    if (!in_one_group) rows.groups = groups.data();
    for (std::size_t row = 0; row < codes.size(); ++row) {
      groups[row] = in_one_group ? rows.group : static_cast<std::uint32_t>(random() % kGroups);
      codes[row] = static_cast<std::uint32_t>(random() % kCodes);
      if (random() % 4 == 0) codes[row] = shape.dictionary->size();
      if (codes[row] != kNullCode) expected[groups[row]].insert(codes[row]);
    }
    const Vector values = codes_vector(codes, shape);
    RC_ASSERT(threads.back()->add(rows, std::span(&values, 1)));
  }
  std::vector<std::uint32_t> order(kGroups);
  std::iota(order.begin(), order.end(), 0U);
  RC_ASSERT(threads[0]->merge(*threads[1], order));
  RC_ASSERT(threads[0]->complete(test.context));
  const auto counts = threads[0]->finish(order);
  RC_ASSERT(counts);
  for (std::uint32_t group = 0; group < kGroups; ++group) {
    RC_ASSERT(counts->values<std::int64_t>()[group] ==
              static_cast<std::int64_t>(expected[group].size()));
  }
}

}  // namespace
}  // namespace stave
