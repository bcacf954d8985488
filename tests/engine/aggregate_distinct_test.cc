// Exact distinct by bits, by marks and by interned values, against a set for each group.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>
#include <random>
#include <set>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/grouping.h"
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

// Either both threads have scopes of their own, or the same groups; marks are given up in some.
RC_GTEST_PROP(Distinct, MarksAreGivenUpWhereGroupsAreMany, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const ColumnShape shape = coded_shape(*rc::gen::element(300U, 1000U));
  const auto most_words = *rc::gen::element<std::size_t>(0, 40, 100, 100000);
  const bool has_scopes = *rc::gen::arbitrary<bool>();
  AggregateCall call;
  call.function = AggregateFunction::kDistinct;
  call.type = kInt64Type;
  TestContext test(2);
  std::vector<std::unique_ptr<Accumulator>> threads;
  std::vector<std::vector<std::set<std::uint32_t>>> expected(2);
  for (int thread = 0; thread < 2; ++thread) {
    threads.push_back(make_marked_distinct(call, shape, MarkRoom{most_words}));
    auto& sets = expected[static_cast<std::size_t>(thread)];
    std::uint32_t first = 0;
    for (int step = 0; step < 6; ++step) {
      sets.resize(std::max<std::size_t>(sets.size(), first + 1 + random() % kGroups));
      threads.back()->resize(static_cast<std::uint32_t>(sets.size()));
      std::vector<std::uint32_t> codes(random() % 2000);
      std::vector<std::uint32_t> groups(codes.size());
      for (std::size_t row = 0; row < codes.size(); ++row) {
        groups[row] = first + static_cast<std::uint32_t>(random() % (sets.size() - first));
        codes[row] = static_cast<std::uint32_t>(random() % (shape.dictionary->size() + 1));
        if (codes[row] != kNullCode) sets[groups[row]].insert(codes[row]);
      }
      const Vector values = codes_vector(codes, shape);
      const GroupRows rows{static_cast<std::uint32_t>(codes.size()), groups.data(), 0, {}};
      RC_ASSERT(threads.back()->add(rows, std::span(&values, 1)));
      if (!has_scopes || random() % 2 == 0) continue;
      RC_ASSERT(threads.back()->end_scope());
      first = static_cast<std::uint32_t>(sets.size());
    }
    if (has_scopes) RC_ASSERT(threads.back()->end_scope());
  }
  // With scopes no group is of two threads.
  const auto own = has_scopes ? static_cast<std::uint32_t>(expected[0].size()) : 0U;
  std::vector<std::uint32_t> targets(expected[1].size());
  std::iota(targets.begin(), targets.end(), own);
  expected[0].resize(std::max(expected[0].size(), own + targets.size()));
  threads[0]->resize(static_cast<std::uint32_t>(expected[0].size()));
  RC_ASSERT(threads[0]->merge(*threads[1], targets));
  for (std::size_t i = 0; i < targets.size(); ++i) {
    expected[0][targets[i]].insert(expected[1][i].begin(), expected[1][i].end());
  }
  RC_ASSERT(threads[0]->complete(test.context));
  std::vector<std::uint32_t> order(expected[0].size());
  std::iota(order.begin(), order.end(), 0U);
  const auto counts = threads[0]->finish(order);
  RC_ASSERT(counts);
  for (const std::uint32_t group : order) {
    RC_ASSERT(counts->values<std::int64_t>()[group] ==
              static_cast<std::int64_t>(expected[0][group].size()));
  }
}

AggregateCall distinct_call() {
  AggregateCall call;
  call.arguments.resize(1);
  call.function = AggregateFunction::kDistinct;
  call.type = kInt64Type;
  return call;
}

// Codes 1..count, each a row of the group.
void add_codes(Accumulator& to, std::uint32_t group, std::uint32_t count,
               const ColumnShape& shape) {
  std::vector<std::uint32_t> codes(count);
  std::iota(codes.begin(), codes.end(), 1U);
  const Vector values = codes_vector(codes, shape);
  const std::vector<std::uint32_t> groups(count, group);
  ASSERT_TRUE(to.add(GroupRows{count, groups.data(), 0, {}}, std::span(&values, 1)));
}

std::vector<std::int64_t> counts_of(const Accumulator& distinct, std::uint32_t groups) {
  std::vector<std::uint32_t> order(groups);
  std::iota(order.begin(), order.end(), 0U);
  const auto counts = distinct.finish(order);
  const auto* values = counts->values<std::int64_t>();
  return {values, values + groups};
}

TEST(MarkedDistinct, ScopesAfterGroupsWereLeftOutAreMarkedFromTheirFirstGroup) {
  const ColumnShape shape = coded_shape(300);
  const auto distinct = make_marked_distinct(distinct_call(), shape, MarkRoom{});
  distinct->resize(3);
  for (std::uint32_t group = 0; group < 3; ++group) {
    add_codes(*distinct, group, 10 + group, shape);
  }
  ASSERT_TRUE(distinct->end_scope());
  const std::vector<std::uint32_t> kept = {2};
  distinct->retain(0, kept);
  distinct->resize(3);
  add_codes(*distinct, 1, 30, shape);
  add_codes(*distinct, 2, 20, shape);
  ASSERT_TRUE(distinct->end_scope());
  const std::vector<std::uint32_t> kept_then = {2};
  distinct->retain(1, kept_then);
  TestContext test;
  ASSERT_TRUE(distinct->complete(test.context));
  EXPECT_EQ(counts_of(*distinct, 2), (std::vector<std::int64_t>{12, 20}));
}

// They are known to the budget before they are made.
TEST(MarkedDistinct, MarksAreOfTheMemoryOnceGroupsExistButNotOfCompleteGroups) {
  constexpr std::uint32_t kMany = 10000;
  constexpr std::size_t kMarks = std::size_t{kMany} * 5 * sizeof(std::uint64_t);
  const ColumnShape shape = coded_shape(300);
  const auto all = make_marked_distinct(distinct_call(), shape, MarkRoom{});
  all->resize(kMany);
  EXPECT_GE(all->memory_bytes(), kMarks);
  const auto without_room = make_marked_distinct(distinct_call(), shape, MarkRoom{1000});
  without_room->resize(kMany);
  EXPECT_LT(without_room->memory_bytes(), kMarks);

  const auto first = make_marked_distinct(distinct_call(), shape, MarkRoom{});
  const auto second = make_marked_distinct(distinct_call(), shape, MarkRoom{});
  for (Accumulator* scope : {first.get(), second.get()}) {
    scope->resize(1);
    add_codes(*scope, 0, 7, shape);
    ASSERT_TRUE(scope->end_scope());
  }
  second->resize(kMany - 1);
  ASSERT_TRUE(second->end_scope());
  second->resize(kMany);
  add_codes(*second, kMany - 1, 7, shape);
  ASSERT_TRUE(second->end_scope());  // both would go on to mark
  std::vector<std::uint32_t> targets(kMany);
  std::iota(targets.begin(), targets.end(), 1U);
  first->resize(1 + kMany);
  ASSERT_TRUE(first->merge(*second, targets));
  EXPECT_LT(first->memory_bytes(), kMarks);
  TestContext test;
  ASSERT_TRUE(first->complete(test.context));
  EXPECT_EQ(counts_of(*first, 3), (std::vector<std::int64_t>{7, 7, 0}));
}

TEST(MarkedDistinct, GroupsArePlacesWhereThereIsRoomForTheirMarks) {
  const std::vector<AggregateCall> calls = {distinct_call()};
  GroupingLayout layout;
  layout.calls = &calls;
  layout.shapes = {coded_shape(50), coded_shape(300)};
  layout.row_keys = 1;
  layout.most_slots = layout.most_places = 1000;
  const std::vector<std::uint32_t> keys = {40, 7, 40, 40, 7, 40};
  for (const std::uint64_t words : {51U * 5U, 51U * 5U - 1U, 0U}) {
    layout.mark_room.words_of_places = words;
    TestContext test(2);
    std::vector<std::unique_ptr<Grouping>> threads;
    for (const std::uint32_t shift : {0U, 1U}) {
      threads.push_back(*Grouping::make(layout, test.context));
      Batch batch;
      batch.rows = static_cast<std::uint32_t>(keys.size());
      const std::vector<std::uint32_t> codes = {1 + shift, 5, 299 + shift, 1, kNullCode, 5};
      batch.columns = {codes_vector(keys, layout.shapes[0]), codes_vector(codes, layout.shapes[1])};
      ASSERT_TRUE(threads.back()->add(batch));
    }
    ASSERT_TRUE(threads[0]->merge(*threads[1]));
    ASSERT_TRUE(threads[0]->complete());
    EXPECT_EQ(threads[0]->placed() != nullptr, words == 51U * 5U);
    ASSERT_EQ(threads[0]->groups(), 2U);
    std::vector<std::uint32_t> order = {0, 1};
    if (threads[0]->key_codes(0)[0] == 40) std::swap(order[0], order[1]);
    const auto counts = threads[0]->finish(0, order);
    EXPECT_EQ(counts->values<std::int64_t>()[0], 1);
    EXPECT_EQ(counts->values<std::int64_t>()[1], 5);  // 1, 2, 299, 300 and 5
  }
}

TEST(MarkedDistinct, TheMemoryIsAskedBeforePlacesAreMarked) {
  const std::vector<AggregateCall> calls = {distinct_call()};
  GroupingLayout layout;
  layout.calls = &calls;
  layout.shapes = {coded_shape(5000), coded_shape(300)};
  layout.row_keys = 1;
  layout.most_slots = layout.most_places = 10000;
  TestContext test;
  const std::uint64_t free = test.context.memory().limit() - test.context.memory().used();
  ASSERT_TRUE(test.context.memory().reserve(free - 100000));
  EXPECT_FALSE(Grouping::make(layout, test.context));
  test.context.memory().release(free - 100000);
  EXPECT_TRUE(Grouping::make(layout, test.context));
}

}  // namespace
}  // namespace stave
