// What is done for whole runs, for narrow ranges and for keys that a value implies gives what is
// done row by row.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/group_cut.h"
#include "engine/aggregate/key_runs.h"
#include "engine/aggregate/place_marks.h"
#include "engine/aggregate/result_vector.h"
#include "engine/local_dictionary.h"
#include "engine/runtime/vector_value.h"
#include "tests/engine/support/small_store.h"

namespace stave {
namespace {

std::vector<std::uint32_t> numbers_below(std::uint32_t end) {
  std::vector<std::uint32_t> order(end);
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

Vector integers(std::vector<std::int64_t> values, ValidityBits validity) {
  return make_vector(kInt64Type, Representation::kInt64, std::move(values), std::move(validity));
}

RC_GTEST_PROP(KeyRuns, AreTheNeighboursWithEqualKeys, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto rows = *rc::gen::inRange<std::uint32_t>(1, 700);
  const auto mean_run = *rc::gen::element(1U, 9U, 40U, 2000U);
  std::vector<std::uint32_t> codes(rows);
  std::vector<std::int64_t> times(rows);
  for (std::uint32_t row = 1; row < rows; ++row) {
    codes[row] =
        random() % mean_run == 0 ? static_cast<std::uint32_t>(random() % 3) : codes[row - 1];
    times[row] = random() % mean_run == 0 ? times[row - 1] + 3600 : times[row - 1];
  }
  const std::vector<Vector> keys{
      make_vector(kInt64Type, Representation::kCode, codes, ValidityBits(rows)),
      integers(times, ValidityBits(rows))};
  std::uint32_t changes = 0;
  for (std::uint32_t row = 1; row < rows; ++row) {
    changes += codes[row] != codes[row - 1] || times[row] != times[row - 1] ? 1U : 0U;
  }
  KeyRuns runs;
  const bool found = runs.find(keys, rows);
  RC_ASSERT(found == (rows >= 8 && changes * 8 <= rows));
  if (!found) return;
  RC_ASSERT(runs.count() == changes + 1);
  const Vector head_codes = runs.heads(keys[0]);
  const Vector head_times = runs.heads(keys[1]);
  GroupRows grouped;
  grouped.rows = rows;
  runs.set_groups(numbers_below(runs.count()).data(), true, grouped);
  std::uint32_t next = 0;
  for_each_run(grouped, [&](std::uint32_t run, std::uint32_t first, std::uint32_t count) {
    RC_ASSERT(first == next && count > 0);
    for (next = first; next < first + count; ++next) {
      RC_ASSERT(grouped.groups[next] == run);
      RC_ASSERT(head_codes.values<std::uint32_t>()[run] == codes[next]);
      RC_ASSERT(head_times.values<std::int64_t>()[run] == times[next]);
    }
  });
  RC_ASSERT(next == rows);
}

ColumnShape coded_shape(std::uint32_t domain) {
  auto dictionary = std::make_shared<LocalDictionary>(DictionaryKind::kInt64);
  for (std::uint32_t code = 1; code <= domain; ++code) dictionary->add_int64(code);
  ColumnShape shape;
  shape.type = kInt64Type;
  shape.representation = Representation::kCode;
  shape.dictionary = dictionary;
  return shape;
}

// Rows of runs whose groups are told for each run alone, against those of each row.
RC_GTEST_PROP(KeyRuns, AreEnoughForWhoTakesThem, ()) {
  constexpr std::uint32_t kRows = 500;
  constexpr std::uint32_t kGroups = 4;
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const bool has_nulls = *rc::gen::arbitrary<bool>();
  std::vector<GroupRun> runs;
  std::vector<std::uint32_t> groups;
  while (groups.size() < kRows) {
    const auto first = static_cast<std::uint32_t>(groups.size());
    const std::uint32_t rows =
        std::min(kRows - first, static_cast<std::uint32_t>(1 + random() % 60));
    runs.push_back({static_cast<std::uint32_t>(random() % kGroups), first, rows});
    groups.resize(first + rows, runs.back().group);
  }
  std::vector<std::int64_t> values(kRows);
  std::vector<std::uint32_t> codes(kRows);
  std::vector<double> numbers(kRows);
  ValidityBits validity(kRows);
  for (std::uint32_t row = 0; row < kRows; ++row) {
    values[row] = static_cast<std::int64_t>(random() % 1000);
    codes[row] = static_cast<std::uint32_t>(random() % 600 + (has_nulls ? 0 : 1));
    numbers[row] = static_cast<double>(random() % 1000) / 8;
    if (has_nulls && random() % 5 == 0) validity.clear(row);
  }
  ColumnShape integer;
  integer.type = kInt64Type;
  integer.representation = Representation::kInt64;
  integer.may_be_null = has_nulls;
  ColumnShape real = integer;
  real.type = kFloat64Type;
  real.representation = Representation::kFloat64;
  const Vector integer_values = integers(values, validity);
  const Vector real_values = make_vector(kFloat64Type, Representation::kFloat64, numbers, validity);
  const Vector code_values =
      make_vector(kInt64Type, Representation::kCode, codes, ValidityBits(kRows));
  struct Case {
    AggregateFunction function;
    const ColumnShape& shape;
    const Vector& argument;
    bool takes_runs;
  };
  ColumnShape narrow = integer;
  narrow.range = std::pair<std::int64_t, std::int64_t>(0, 999);
  const ColumnShape coded = coded_shape(600);
  const std::vector<Case> cases = {
      {AggregateFunction::kSum, integer, integer_values, true},
      {AggregateFunction::kAverage, integer, integer_values, true},
      {AggregateFunction::kMin, integer, integer_values, true},
      {AggregateFunction::kMax, narrow, integer_values, true},
      {AggregateFunction::kMax, coded, code_values, false},
      {AggregateFunction::kSum, real, real_values, true},
      {AggregateFunction::kQuantile, real, real_values, true},
      {AggregateFunction::kDistinct, coded, code_values, true},
      {AggregateFunction::kTopValue, coded, code_values, true},
  };
  const auto snapshot = SmallStore().open();
  ExecutionContext context(*snapshot, {});
  for (const Case& made : cases) {
    AggregateCall call;
    call.function = made.function;
    const bool is_fraction = made.function == AggregateFunction::kQuantile ||
                             made.function == AggregateFunction::kAverage;
    call.type = is_fraction ? kFloat64Type : made.shape.type;
    call.parameter = Value{kFloat64Type, 0.5};
    call.arguments.resize(1);
    std::vector<Vector> results;
    for (const bool by_run : {false, true}) {
      auto accumulator = make_accumulator(call, std::span(&made.shape, 1), context);
      RC_ASSERT(accumulator);
      RC_ASSERT((*accumulator)->takes_runs() == made.takes_runs);
      if (by_run && !made.takes_runs) continue;
      (*accumulator)->resize(kGroups);
      GroupRows rows;
      rows.rows = kRows;
      if (by_run) rows.runs = runs;
      if (!by_run) rows.groups = groups.data();
      RC_ASSERT((*accumulator)->add(rows, std::span(&made.argument, 1)));
      RC_ASSERT((*accumulator)->complete(context));
      auto result = (*accumulator)->finish(numbers_below(kGroups));
      RC_ASSERT(result);
      results.push_back(*result);
    }
    for (std::uint32_t group = 0; results.size() == 2 && group < kGroups; ++group) {
      RC_ASSERT(value_at(results[0], group).data == value_at(results[1], group).data);
    }
  }
}

// Which of them is met first depends on threads.
TEST(Extremes, TheTwoZerosAreOne) {
  ColumnShape shape;
  shape.type = kFloat64Type;
  shape.representation = Representation::kFloat64;
  const auto snapshot = SmallStore().open();
  ExecutionContext context(*snapshot, {});
  for (const auto function : {AggregateFunction::kMin, AggregateFunction::kMax}) {
    AggregateCall call;
    call.function = function;
    call.type = kFloat64Type;
    call.arguments.resize(1);
    for (const std::vector<double>& zeros : {std::vector{0.0, -0.0}, std::vector{-0.0, 0.0}}) {
      const auto extreme = make_accumulator(call, std::span(&shape, 1), context);
      ASSERT_TRUE(extreme);
      (*extreme)->resize(1);
      GroupRows rows;
      rows.rows = 2;
      const Vector values =
          make_vector(kFloat64Type, Representation::kFloat64, zeros, ValidityBits(2));
      ASSERT_TRUE((*extreme)->add(rows, std::span(&values, 1)));
      const auto result = (*extreme)->finish(numbers_below(1));
      ASSERT_TRUE(result);
      EXPECT_FALSE(std::signbit(result->values<double>()[0]));
    }
  }
}

// Rows set aside lie in chunks of 32, 64 and so on: that of rows 480 to 992 has enough of one value
// to count it apart, the others do not.
TEST(TopValue, CountsAValueThatMostRowsShare) {
  const ColumnShape shape = coded_shape(50);
  AggregateCall call;
  call.function = AggregateFunction::kTopValue;
  call.type = kInt64Type;
  for (const std::uint32_t shared : {0U, 3U, 9U}) {
    const auto top = make_top_values(call, shape);
    top->resize(1);
    std::mt19937 random(5);
    std::vector<std::uint32_t> codes(6000);
    std::map<std::uint32_t, int> counts;
    for (std::size_t row = 0; row < codes.size(); ++row) {
      const bool is_shared = row >= 480 && row < 992 && random() % 10 < shared;
      codes[row] = is_shared ? 41 : static_cast<std::uint32_t>(1 + random() % 50);
      ++counts[codes[row]];
    }
    GroupRows rows;
    rows.rows = static_cast<std::uint32_t>(codes.size());
    const Vector values =
        make_vector(kInt64Type, Representation::kCode, codes, ValidityBits(codes.size()));
    ASSERT_TRUE(top->add(rows, std::span(&values, 1)));
    ASSERT_TRUE(top->end_scope());
    const auto most = std::max_element(
        counts.begin(), counts.end(),
        [](const auto& left, const auto& right) { return left.second < right.second; });
    const auto found = top->finish(numbers_below(1));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->values<std::uint32_t>()[0], most->first) << shared;
  }
}

RC_GTEST_PROP(NarrowExtreme, IsTheExtremeOfAnyWidth, ()) {
  std::mt19937_64 random(*rc::gen::arbitrary<unsigned>());
  constexpr std::uint32_t kGroups = 5;
  const std::int64_t low = *rc::gen::element<std::int64_t>(INT64_MIN, -70'000, 0, 20'000);
  const std::int64_t reach = *rc::gen::element<std::int64_t>(0, 90, 65'534, 65'535, 4'294'967'294,
                                                             4'294'967'295, INT64_MAX);
  const std::int64_t high = low > 0 && reach == INT64_MAX ? INT64_MAX : low + reach;
  AggregateCall call;
  call.function = *rc::gen::element(AggregateFunction::kMin, AggregateFunction::kMax);
  call.type = kInt64Type;
  ColumnShape shape;
  shape.type = kInt64Type;
  shape.range = std::pair(low, high);
  const bool is_max = call.function == AggregateFunction::kMax;
  std::map<std::uint32_t, std::int64_t> expected;
  std::vector<std::unique_ptr<Accumulator>> threads;
  for (int thread = 0; thread < 2; ++thread) {
    threads.push_back(make_extreme(call, shape));
    threads.back()->resize(kGroups);
    std::vector<std::int64_t> values(random() % 20);
    std::vector<std::uint32_t> groups(values.size());
    ValidityBits validity(values.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
      const auto width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
      const std::uint64_t offset = random() % 4 == 0 ? width : random() % (width / 2 + 1);
      values[row] = static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
      groups[row] = static_cast<std::uint32_t>(random() % kGroups);
      if (random() % 5 == 0) {
        validity.clear(row);
      } else {
        auto& best = expected.emplace(groups[row], values[row]).first->second;
        best = is_max ? std::max(best, values[row]) : std::min(best, values[row]);
      }
    }
    GroupRows rows;
    rows.rows = static_cast<std::uint32_t>(values.size());
    rows.groups = groups.data();
    const Vector argument = integers(values, std::move(validity));
    RC_ASSERT(threads.back()->add(rows, std::span(&argument, 1)));
  }
  RC_ASSERT(threads[0]->merge(*threads[1], numbers_below(kGroups)));
  const auto results = threads[0]->finish(numbers_below(kGroups));
  RC_ASSERT(results);
  for (std::uint32_t group = 0; group < kGroups; ++group) {
    const auto found = expected.find(group);
    RC_ASSERT(is_valid(results->validity, group) == (found != expected.end()));
    if (found != expected.end()) {
      RC_ASSERT(results->values<std::int64_t>()[group] == found->second);
    }
  }
}

RC_GTEST_PROP(ScopeDistinct, CountsTheCodesOfEachScope, ()) {
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  const auto domain = *rc::gen::element(5U, 63U, 64U, 5'000U);
  const ColumnShape shape = coded_shape(domain);
  AggregateCall call;
  call.function = AggregateFunction::kDistinct;
  call.type = kInt64Type;
  const auto distinct = make_scope_distinct(call, shape);
  constexpr std::uint32_t kScopes = 4;
  constexpr std::uint32_t kGroupsOfScope = 3;  // a code modulo 3 is its group
  std::vector<std::set<std::uint32_t>> expected(kScopes * kGroupsOfScope);
  for (std::uint32_t scope = 0; scope < kScopes; ++scope) {
    distinct->resize((scope + 1) * kGroupsOfScope);
    for (std::uint32_t batch = 0; batch < 3; ++batch) {
      // Few, so that marks are taken back one by one, and many.
      std::vector<std::uint32_t> codes(scope % 2 == 0 ? 3 : 900);
      std::vector<std::uint32_t> groups(codes.size());
      GroupRows rows;
      rows.rows = static_cast<std::uint32_t>(codes.size());
      rows.group = scope * kGroupsOfScope;
      for (std::size_t row = 0; row < codes.size(); ++row) {
        codes[row] = static_cast<std::uint32_t>(random() % (domain + 1));
        groups[row] = rows.group + (batch == 0 ? 0 : codes[row] % kGroupsOfScope);
        if (batch == 0) codes[row] -= codes[row] % kGroupsOfScope;
        if (codes[row] != kNullCode) expected[groups[row]].insert(codes[row]);
      }
      if (batch != 0) rows.groups = groups.data();
      const Vector values =
          make_vector(kInt64Type, Representation::kCode, codes, ValidityBits(codes.size()));
      RC_ASSERT(distinct->add(rows, std::span(&values, 1)));
    }
    RC_ASSERT(distinct->end_scope());
  }
  const auto counts = distinct->finish(numbers_below(kScopes * kGroupsOfScope));
  RC_ASSERT(counts);
  for (std::uint32_t group = 0; group < expected.size(); ++group) {
    RC_ASSERT(counts->values<std::int64_t>()[group] ==
              static_cast<std::int64_t>(expected[group].size()));
  }
}

TEST(ScopeDistinct, CountsManyRowsOfOneGroup) {
  constexpr std::uint32_t kDomain = 700;
  const ColumnShape shape = coded_shape(kDomain);
  AggregateCall call;
  call.function = AggregateFunction::kDistinct;
  call.type = kInt64Type;
  const auto distinct = make_scope_distinct(call, shape);
  std::mt19937 random(3);
  std::vector<std::int64_t> expected;
  // Scopes of fewer rows than there are words of marks, and of more; the second batch has few.
  for (const std::uint32_t most : {5U, 400U, 3U, 2'000U}) {
    distinct->resize(static_cast<std::uint32_t>(expected.size()) + 1);
    std::set<std::uint32_t> met;
    for (const std::uint32_t count : {most, 4U}) {
      std::vector<std::uint32_t> codes(count);
      for (std::uint32_t& code : codes) {
        code = static_cast<std::uint32_t>(random() % (kDomain + 1));
        if (code != kNullCode) met.insert(code);
      }
      GroupRows rows;
      rows.rows = count;
      rows.group = static_cast<std::uint32_t>(expected.size());
      const Vector values =
          make_vector(kInt64Type, Representation::kCode, codes, ValidityBits(codes.size()));
      ASSERT_TRUE(distinct->add(rows, std::span(&values, 1)));
    }
    ASSERT_TRUE(distinct->end_scope());
    expected.push_back(static_cast<std::int64_t>(met.size()));
  }
  const auto counts = distinct->finish(numbers_below(static_cast<std::uint32_t>(expected.size())));
  ASSERT_TRUE(counts);
  for (std::size_t group = 0; group < expected.size(); ++group) {
    EXPECT_EQ(counts->values<std::int64_t>()[group], expected[group]);
  }
}

TEST(Count, GrowsWiderBeforeItOverflows) {
  AggregateCall call;
  call.type = kInt64Type;
  const std::vector<std::uint32_t> groups{0, 1, 1, 1};
  GroupRows rows;
  rows.rows = 4;
  rows.groups = groups.data();
  for (const std::uint64_t most_narrow : {0U, 4U, 7U, 8U, 100U}) {
    const auto count = make_count(call, most_narrow);
    const auto more = make_count(call, most_narrow);
    for (const auto& thread : {count.get(), more.get()}) {
      thread->resize(2);
      ASSERT_TRUE(thread->add(rows, {}));
      ASSERT_TRUE(thread->add(rows, {}));
    }
    ASSERT_TRUE(count->merge(*more, numbers_below(2)));
    const auto counts = count->finish(numbers_below(2));
    ASSERT_TRUE(counts);
    EXPECT_EQ(counts->values<std::int64_t>()[0], 4) << most_narrow;
    EXPECT_EQ(counts->values<std::int64_t>()[1], 12) << most_narrow;
  }
}

// Few places are bytes, many are bits.
TEST(PlaceMarks, NameThePlacesMet) {
  std::mt19937 random(3);
  for (const std::uint32_t places : {1U, 64U, 1000U, 262'144U, 262'145U, 1'000'000U}) {
    std::set<std::uint32_t> expected;
    PlaceMarks marks;
    PlaceMarks others;
    marks.reset(places);
    others.reset(places);
    for (PlaceMarks* each : {&marks, &others}) {
      std::vector<std::uint32_t> met{places - 1, 0};
      for (int i = 0; i < 500; ++i) met.push_back(static_cast<std::uint32_t>(random() % places));
      each->mark(met.data(), met.size());
      expected.insert(met.begin(), met.end());
    }
    marks.take(others);
    EXPECT_EQ(marks.met(), std::vector<std::uint32_t>(expected.begin(), expected.end())) << places;
  }
}

RC_GTEST_PROP(GroupCut, KeepsWhatIsInReach, (std::vector<std::int8_t> drawn, bool descending)) {
  GroupCut cut;
  cut.count = *rc::gen::element<std::uint64_t>(1, 3, 32, 33, 60);
  cut.descending = descending;
  std::vector<std::int64_t> values(drawn.begin(), drawn.end());
  std::vector<std::int64_t> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  if (descending) std::reverse(sorted.begin(), sorted.end());
  const auto kept = rows_in_reach(cut, integers(values, ValidityBits(values.size())));
  std::vector<std::uint32_t> expected;
  for (std::uint32_t row = 0; row < values.size(); ++row) {
    const bool reaches =
        sorted.size() <= cut.count ||
        (descending ? values[row] >= sorted[cut.count - 1] : values[row] <= sorted[cut.count - 1]);
    if (reaches) expected.push_back(row);
  }
  RC_ASSERT(kept == expected);
}

}  // namespace
}  // namespace stave
