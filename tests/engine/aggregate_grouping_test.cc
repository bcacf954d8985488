// Groupings against a row-at-a-time reference: random rows with nulls, every strategy, dealt to
// several threads in batches of any size.
#include "engine/aggregate/grouping.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>

#include "engine/aggregate/group_order.h"
#include "engine/aggregate/result_vector.h"
#include "storage/file_system.h"
#include "storage/schema.h"
#include "storage/snapshot.h"

namespace stave {
namespace {

class TestDictionary : public Dictionary {
 public:
  explicit TestDictionary(std::vector<std::string> values) : values_(std::move(values)) {}
  DictionaryKind kind() const override { return DictionaryKind::kString; }
  std::uint32_t size() const override { return static_cast<std::uint32_t>(values_.size()); }
  std::string_view string_at(std::uint32_t code) const override { return values_[code - 1]; }
  std::int64_t int64_at(std::uint32_t) const override { return 0; }
  std::uint32_t find_string(std::string_view) const override { return 0; }
  std::uint32_t find_int64(std::int64_t) const override { return 0; }

 private:
  std::vector<std::string> values_;
};

using Integer = std::optional<std::int64_t>;
using Text = std::optional<std::string>;

struct Row {
  Text genre;     // coded
  Integer hour;   // an integer without a known range
  Text platform;  // plain text
  Integer value;
  std::optional<double> real;
};

// Nulls last, as results come.
struct NullsLast {
  template <typename T>
  static int order(const std::optional<T>& left, const std::optional<T>& right) {
    if (!left || !right) return static_cast<int>(!left) - static_cast<int>(!right);
    return *left < *right ? -1 : (*right < *left ? 1 : 0);
  }
  bool operator()(const std::tuple<Text, Integer, Text>& left,
                  const std::tuple<Text, Integer, Text>& right) const {
    if (const int o = order(std::get<0>(left), std::get<0>(right)); o != 0) return o < 0;
    if (const int o = order(std::get<1>(left), std::get<1>(right)); o != 0) return o < 0;
    return order(std::get<2>(left), std::get<2>(right)) < 0;
  }
};
using Reference = std::map<std::tuple<Text, Integer, Text>, std::vector<Row>, NullsLast>;

const std::vector<std::string> kGenres = {"rock", "jazz", "", "pop", "ambient", "folk"};

ColumnShape shape_of(Type type, Representation representation,
                     std::shared_ptr<const Dictionary> dictionary = nullptr) {
  ColumnShape shape;
  shape.type = type;
  shape.representation = representation;
  shape.dictionary = std::move(dictionary);
  return shape;
}

template <typename T, typename Of>
Vector column_of(Type type, Representation representation, std::span<const Row> rows, Of of) {
  std::vector<T> values(rows.size());
  ValidityBits validity(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (of(rows[i])) {
      values[i] = T(*of(rows[i]));
    } else {
      validity.clear(i);
    }
  }
  return make_vector(type, representation, std::move(values), std::move(validity));
}

Vector genres_of(std::span<const Row> rows, const std::shared_ptr<const Dictionary>& dictionary) {
  std::vector<std::uint32_t> codes(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].genre) continue;
    codes[i] = static_cast<std::uint32_t>(
        std::find(kGenres.begin(), kGenres.end(), *rows[i].genre) - kGenres.begin() + 1);
  }
  Vector vector =
      make_vector(kStringType, Representation::kCode, std::move(codes), ValidityBits(rows.size()));
  vector.dictionary = dictionary;
  return vector;
}

AggregateCall call_of(AggregateFunction function, Type type, std::size_t arguments,
                      Value parameter = {}) {
  AggregateCall call;
  call.function = function;
  call.type = type;
  call.arguments.resize(arguments);
  // Which rows calls share is told by their arguments.
  static int columns = 0;
  for (Expression& argument : call.arguments) argument.column = columns++;
  call.parameter = std::move(parameter);
  call.name = "x";
  return call;
}

class GroupingTest : public ::testing::Test {
 protected:
  GroupingTest() {
    auto files = memory_file_system("grouping");
    Schema schema;
    schema.name = "empty";
    EXPECT_TRUE(create_store(*files, schema, "UTC"));
    snapshot_ = *Snapshot::open(files);
    context_ = make_context(0);
  }

  std::unique_ptr<ExecutionContext> make_context(std::uint64_t limit) {
    ExecutionOptions options;
    options.threads = 3;
    options.memory_limit = limit;
    return std::make_unique<ExecutionContext>(*snapshot_, options);
  }

  std::shared_ptr<const Snapshot> snapshot_;
  std::unique_ptr<ExecutionContext> context_;
};

// The calls of the property test: over value (i64), real (f64), genre (coded), platform (text).
std::vector<AggregateCall> test_calls() {
  using enum AggregateFunction;
  return {call_of(kCount, kInt64Type, 0),
          call_of(kSum, kInt64Type, 1),
          call_of(kAverage, kFloat64Type, 1),
          call_of(kMin, kInt64Type, 1),
          call_of(kDistinct, kInt64Type, 1),
          call_of(kQuantile, kFloat64Type, 1, Value{kFloat64Type, 0.5}),
          call_of(kTopValue, kInt64Type, 1),
          call_of(kLastBy, kStringType, 2),
          call_of(kSum, kFloat64Type, 1),
          call_of(kStandardDeviation, kFloat64Type, 1),
          call_of(kDistinct, kInt64Type, 1),
          call_of(kMax, kStringType, 1),
          call_of(kDistinct, kInt64Type, 1),
          call_of(kTopValues, kListType, 1, Value{kInt64Type, std::int64_t{2}})};
}

struct Harness {
  std::shared_ptr<const Dictionary> dictionary = std::make_shared<TestDictionary>(kGenres);
  std::vector<AggregateCall> calls = test_calls();
  GroupingLayout layout;

  Harness(std::size_t keys, GroupStrategy strategy, std::uint64_t most_slots) {
    const ColumnShape genre = shape_of(kStringType, Representation::kCode, dictionary);
    const ColumnShape hour = shape_of(kInt64Type, Representation::kInt64);
    const ColumnShape text = shape_of(kStringType, Representation::kString);
    const ColumnShape real = shape_of(kFloat64Type, Representation::kFloat64);
    const std::vector<ColumnShape> key_shapes = {genre, hour, text};
    layout.calls = &calls;
    layout.shapes.assign(key_shapes.begin(), key_shapes.begin() + static_cast<int>(keys));
    layout.shapes.insert(layout.shapes.end(), 6, hour);  // sum .. top_value
    layout.shapes.insert(layout.shapes.end(), {text, hour, real, real, genre, genre, text, text});
    layout.row_keys = keys;
    layout.strategy = strategy;
    layout.most_slots = most_slots;
  }

  Batch batch_of(std::span<const Row> rows) const {
    const auto genre = genres_of(rows, dictionary);
    const auto hour = column_of<std::int64_t>(kInt64Type, Representation::kInt64, rows,
                                              [](const Row& row) { return row.hour; });
    const auto value = column_of<std::int64_t>(kInt64Type, Representation::kInt64, rows,
                                               [](const Row& row) { return row.value; });
    const auto text = column_of<std::string_view>(
        kStringType, Representation::kString, rows,
        [](const Row& row) -> const std::optional<std::string>& { return row.platform; });
    const auto real = column_of<double>(kFloat64Type, Representation::kFloat64, rows,
                                        [](const Row& row) { return row.real; });
    Batch batch;
    batch.rows = static_cast<std::uint32_t>(rows.size());
    const std::vector<Vector> keys = {genre, hour, text};
    batch.columns.assign(keys.begin(), keys.begin() + static_cast<int>(layout.row_keys));
    batch.columns.insert(batch.columns.end(), 6, value);
    batch.columns.insert(batch.columns.end(), {text, value, real, real, genre, genre, text, text});
    return batch;
  }
};

template <typename T>
std::optional<T> at(const Vector& vector, std::uint32_t row) {
  if (!is_valid(vector.validity, row)) return std::nullopt;
  return vector.values<T>()[row];
}
Text text_at(const Vector& vector, std::uint32_t row) {
  if (vector.representation == Representation::kCode) {
    const auto code = vector.values<std::uint32_t>()[row];
    if (code == 0) return std::nullopt;
    return std::string(vector.dictionary->string_at(code));
  }
  const auto text = at<std::string_view>(vector, row);
  if (!text) return std::nullopt;
  return std::string(*text);
}

template <typename T, typename Of>
std::vector<T> values_of(const std::vector<Row>& rows, Of of) {
  std::vector<T> values;
  for (const Row& row : rows) {
    if (of(row)) values.push_back(*of(row));
  }
  return values;
}

std::string reference_top_two(const std::vector<std::string>& values) {
  std::map<std::string, int> counts;
  for (const auto& value : values) ++counts[value];
  std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& left, const auto& right) { return left.second > right.second; });
  std::string out = "[";
  for (std::size_t i = 0; i < std::min<std::size_t>(2, sorted.size()); ++i) {
    out += (i > 0 ? ",\"" : "\"") + sorted[i].first + "\"";
  }
  return out + "]";
}

// All results of one group, row by row, as an analyst would compute them.
void expect_group(const std::vector<Row>& rows, const std::vector<Vector>& results,
                  std::uint32_t at_row) {
  const auto values = values_of<std::int64_t>(rows, [](const Row& row) { return row.value; });
  const auto reals = values_of<double>(rows, [](const Row& row) { return row.real; });
  const auto texts = values_of<std::string>(rows, [](const Row& row) { return row.platform; });
  const auto genres = values_of<std::string>(rows, [](const Row& row) { return row.genre; });
  const auto count = static_cast<double>(values.size());
  EXPECT_EQ(at<std::int64_t>(results[0], at_row), static_cast<std::int64_t>(rows.size()));
  Integer sum, minimum, top;
  std::optional<double> average, median;
  if (!values.empty()) {
    sum = std::accumulate(values.begin(), values.end(), std::int64_t{0});
    average = static_cast<double>(*sum) / count;
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    minimum = sorted.front();
    const std::size_t middle = (sorted.size() - 1) / 2;
    median = sorted.size() % 2 == 1 ? static_cast<double>(sorted[middle])
                                    : static_cast<double>(sorted[middle]) / 2 +
                                          static_cast<double>(sorted[middle + 1]) / 2;
    std::map<std::int64_t, int> counts;
    for (const auto value : values) ++counts[value];
    top = std::max_element(counts.begin(), counts.end(), [](const auto& l, const auto& r) {
            return l.second < r.second;
          })->first;
  }
  EXPECT_EQ(at<std::int64_t>(results[1], at_row), sum);
  EXPECT_EQ(at<double>(results[2], at_row), average);
  EXPECT_EQ(at<std::int64_t>(results[3], at_row), minimum);
  EXPECT_EQ(at<std::int64_t>(results[4], at_row),
            static_cast<std::int64_t>(std::set(values.begin(), values.end()).size()));
  EXPECT_EQ(at<double>(results[5], at_row), median);
  EXPECT_EQ(at<std::int64_t>(results[6], at_row), top);
  const Row* last = nullptr;
  for (const Row& row : rows) {
    if (!row.platform || !row.value) continue;
    if (last == nullptr || *row.value > *last->value ||
        (*row.value == *last->value && *row.platform < *last->platform)) {
      last = &row;
    }
  }
  EXPECT_EQ(text_at(results[7], at_row), last == nullptr ? Text() : last->platform);
  std::optional<double> real_sum;
  long double exact = 0;  // reals are multiples of 1/4, so this is exact
  for (const double real : reals) exact += real;
  if (!reals.empty()) real_sum = static_cast<double>(exact);
  EXPECT_EQ(at<double>(results[8], at_row), real_sum);
  if (reals.size() < 2) {
    EXPECT_EQ(at<double>(results[9], at_row), std::nullopt);
  } else {
    const double mean = static_cast<double>(exact / static_cast<long double>(reals.size()));
    double squares = 0;
    for (const double real : reals) squares += (real - mean) * (real - mean);
    EXPECT_NEAR(*at<double>(results[9], at_row),
                std::sqrt(squares / static_cast<double>(reals.size() - 1)), 1e-9);
  }
  EXPECT_EQ(at<std::int64_t>(results[10], at_row),
            static_cast<std::int64_t>(std::set(genres.begin(), genres.end()).size()));
  EXPECT_EQ(text_at(results[11], at_row),
            genres.empty() ? Text() : *std::max_element(genres.begin(), genres.end()));
  EXPECT_EQ(at<std::int64_t>(results[12], at_row),
            static_cast<std::int64_t>(std::set(texts.begin(), texts.end()).size()));
  EXPECT_EQ(text_at(results[13], at_row), texts.empty() ? Text() : reference_top_two(texts));
}

std::vector<Row> random_rows(std::uint32_t seed, std::size_t count) {
  std::mt19937 random(seed);
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  const auto hours = 1 + random() % 30;
  std::vector<Row> rows(count);
  for (Row& row : rows) {
    if (!one_in(8)) row.genre = kGenres[random() % kGenres.size()];
    if (!one_in(8)) row.hour = static_cast<std::int64_t>(random() % hours) * 3'600'000'000 - 7;
    if (!one_in(8)) row.platform = std::string(random() % 3, 'a') + std::to_string(random() % 4);
    if (!one_in(4)) row.value = static_cast<std::int64_t>(random() % 9) - 4;
    if (!one_in(4)) row.real = static_cast<double>(random() % 1000) / 4 - 100;
  }
  return rows;
}

std::vector<std::uint32_t> ordered(Grouping& grouping, std::size_t keys,
                                   ExecutionContext& context) {
  std::vector<RankedKey> ranks(keys);
  for (std::size_t key = 0; key < keys; ++key) {
    ranks[key].codes = grouping.key_codes(key);
    ranks[key].rank_of_code =
        grouping.encoder(key).rank_codes(ranks[key].codes, ranks[key].ranks_used);
  }
  return *order_groups(ranks, grouping.groups(), context);
}

void expect_all(Grouping& grouping, const Harness& harness, const Reference& reference,
                std::size_t keys, ExecutionContext& context) {
  ASSERT_EQ(grouping.groups(), reference.size());
  const auto order = ordered(grouping, keys, context);
  std::vector<Vector> results;
  for (std::size_t call = 0; call < harness.calls.size(); ++call) {
    results.push_back(*grouping.finish(call, order));
  }
  std::uint32_t row = 0;
  for (const auto& [key, rows] : reference) {
    const auto key_text = [&](std::size_t column) {
      const std::uint32_t code = grouping.key_codes(column)[order[row]];
      return text_at(grouping.encoder(column).decode(std::span(&code, 1)), 0);
    };
    EXPECT_EQ(keys > 0 ? key_text(0) : Text(), std::get<0>(key));
    EXPECT_EQ(keys > 2 ? key_text(2) : Text(), std::get<2>(key));
    expect_group(rows, results, row);
    ++row;
  }
}

Reference reference_of(std::span<const Row> rows, std::size_t keys) {
  Reference reference;
  for (const Row& row : rows) {
    reference[{keys > 0 ? row.genre : Text(), keys > 1 ? row.hour : Integer(),
               keys > 2 ? row.platform : Text()}]
        .push_back(row);
  }
  return reference;
}

TEST_F(GroupingTest, EveryStrategyAgreesWithTheReference) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<Row> rows = random_rows(seed, 1 + seed * 37 % 900);
    const std::size_t keys = seed % 4;
    const std::uint64_t slots = seed % 3 == 0 ? 64 : 1 << 20;
    const Harness harness(keys, seed % 2 == 0 ? GroupStrategy::kAutomatic : GroupStrategy::kHash,
                          slots);
    const std::size_t threads = 1 + seed % 3;
    const std::size_t batch_rows = std::size_t{1} << (seed % 11);
    std::vector<std::unique_ptr<Grouping>> groupings;
    for (std::size_t i = 0; i < threads; ++i) {
      groupings.push_back(*Grouping::make(harness.layout, *context_));
    }
    for (std::size_t first = 0, turn = 0; first < rows.size(); first += batch_rows, ++turn) {
      const auto part = std::span(rows).subspan(first, std::min(batch_rows, rows.size() - first));
      ASSERT_TRUE(groupings[turn * 7 % threads]->add(harness.batch_of(part)));
    }
    for (std::size_t i = 1; i < threads; ++i) ASSERT_TRUE(groupings[0]->merge(*groupings[i]));
    ASSERT_TRUE(groupings[0]->complete());
    expect_all(*groupings[0], harness, reference_of(rows, keys), keys, *context_);
  }
}

// Each scope is a hundred rows; its number takes the place of the day, as one more key.
TEST_F(GroupingTest, ScopesAgreeWithTheReference) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<Row> rows = random_rows(seed, 1 + seed * 37 % 900);
    const std::size_t keys = seed % 4;
    const Harness harness(keys, seed % 2 == 0 ? GroupStrategy::kAutomatic : GroupStrategy::kHash,
                          seed % 3 == 0 ? 64 : 1 << 20);
    std::vector<std::unique_ptr<Grouping>> groupings;
    for (int i = 0; i < 2; ++i) groupings.push_back(*Grouping::make(harness.layout, *context_));
    std::map<std::uint32_t, Reference> references;
    const std::size_t batch_rows = std::size_t{1} << (seed % 8);
    for (std::uint32_t scope = 0; scope * 100 < rows.size(); ++scope) {
      const auto of_scope = std::span(rows).subspan(
          scope * 100, std::min<std::size_t>(100, rows.size() - scope * 100));
      references[scope] = reference_of(of_scope, keys);
      Grouping& grouping = *groupings[scope % 2];
      for (std::size_t first = 0; first < of_scope.size(); first += batch_rows) {
        const auto part = of_scope.subspan(first, std::min(batch_rows, of_scope.size() - first));
        ASSERT_TRUE(grouping.add(harness.batch_of(part)));
      }
      ASSERT_TRUE(grouping.end_scope(scope));
    }
    ASSERT_TRUE(groupings[0]->append(*groupings[1]));
    ASSERT_TRUE(groupings[0]->complete());
    std::vector<std::uint32_t> all(groupings[0]->groups());
    std::iota(all.begin(), all.end(), 0U);
    std::vector<Vector> results;
    for (std::size_t call = 0; call < harness.calls.size(); ++call) {
      results.push_back(*groupings[0]->finish(call, all));
    }
    std::size_t groups = 0;
    for (const auto& [scope, reference] : references) groups += reference.size();
    ASSERT_EQ(groupings[0]->groups(), groups);
    for (const auto& [scope, reference] : references) {
      // Groups of one scope are neighbours; bring them into key order.
      const auto order = ordered(*groupings[0], keys, *context_);
      auto next = reference.begin();
      for (const std::uint32_t group : order) {
        if (groupings[0]->scopes()[group] != scope) continue;
        expect_group(next->second, results, group);
        ++next;
      }
      EXPECT_TRUE(next == reference.end());
    }
  }
}

TEST_F(GroupingTest, NothingGivesOneRowWithoutKeys) {
  const Harness harness(0, GroupStrategy::kAutomatic, 64);
  auto grouping = *Grouping::make(harness.layout, *context_);
  grouping->open_single_group();
  ASSERT_TRUE(grouping->complete());
  const std::vector<std::uint32_t> order = {0};
  EXPECT_EQ(at<std::int64_t>(*grouping->finish(0, order), 0), 0);
  EXPECT_EQ(at<std::int64_t>(*grouping->finish(1, order), 0), std::nullopt);
  EXPECT_EQ(at<std::int64_t>(*grouping->finish(4, order), 0), 0);
  EXPECT_EQ(text_at(*grouping->finish(11, order), 0), std::nullopt);
  EXPECT_EQ(text_at(*grouping->finish(13, order), 0), std::nullopt);
}

TEST_F(GroupingTest, SumBeyondItsTypeIsAnError) {
  const Harness harness(0, GroupStrategy::kAutomatic, 64);
  auto grouping = *Grouping::make(harness.layout, *context_);
  std::vector<Row> rows(2);
  rows[0].value = rows[1].value = INT64_MAX;
  ASSERT_TRUE(grouping->add(harness.batch_of(rows)));
  const std::vector<std::uint32_t> order = {0};
  EXPECT_EQ(grouping->finish(1, order).error().code, ErrorCode::kOverflow);
  EXPECT_EQ(at<double>(*grouping->finish(2, order), 0), 9223372036854775807.0);
}

// Totals of 64 bits become wider before one leaves them, also where two threads meet.
TEST_F(GroupingTest, SumsBeyond64BitsOnTheWayAreExact) {
  const std::vector<AggregateCall> calls = {call_of(AggregateFunction::kSum, kInt64Type, 1)};
  GroupingLayout layout;
  layout.calls = &calls;
  layout.shapes = {shape_of(kInt64Type, Representation::kInt64)};
  layout.shapes[0].may_be_null = false;
  const auto batch_of = [](std::int64_t value) {
    std::vector<Row> rows(3);
    for (Row& row : rows) row.value = value;
    Batch batch;
    batch.rows = 3;
    batch.columns = {column_of<std::int64_t>(kInt64Type, Representation::kInt64, rows,
                                             [](const Row& row) { return row.value; })};
    return batch;
  };
  const std::vector<std::uint32_t> order = {0};
  auto up = *Grouping::make(layout, *context_);
  auto down = *Grouping::make(layout, *context_);
  ASSERT_TRUE(up->add(batch_of(INT64_MAX / 4)));
  EXPECT_EQ(at<std::int64_t>(*up->finish(0, order), 0), INT64_MAX / 4 * 3);
  ASSERT_TRUE(up->add(batch_of(INT64_MAX / 4)));
  EXPECT_EQ(up->finish(0, order).error().code, ErrorCode::kOverflow);
  ASSERT_TRUE(down->add(batch_of(-(INT64_MAX / 4))));
  ASSERT_TRUE(down->merge(*up));
  EXPECT_EQ(at<std::int64_t>(*down->finish(0, order), 0), INT64_MAX / 4 * 3);
}

// Three times this is beyond 128 bits, and what is left of it there would pass for a sum. Whether
// rows or threads pass through it on the way must not show.
TEST_F(GroupingTest, SumBeyond128BitsIsAnErrorUnlessItComesBack) {
  const Type wide = decimal_type(38, 0);
  const std::vector<AggregateCall> calls = {call_of(AggregateFunction::kSum, wide, 1)};
  GroupingLayout layout;
  layout.calls = &calls;
  layout.shapes = {shape_of(wide, Representation::kInt128)};
  const std::vector<std::uint32_t> order = {0};
  const auto grouping_of = [&](const std::vector<std::int64_t>& factors) {
    std::vector<Row> rows(factors.size());
    for (std::size_t row = 0; row < rows.size(); ++row) rows[row].value = factors[row];
    Batch batch;
    batch.rows = static_cast<std::uint32_t>(rows.size());
    batch.columns = {column_of<Int128>(wide, Representation::kInt128, rows, [](const Row& row) {
      return std::optional<Int128>(Int128{*row.value} * INT64_MAX * INT64_MAX);
    })};
    auto grouping = *Grouping::make(layout, *context_);
    EXPECT_TRUE(grouping->add(batch));
    return grouping;
  };
  const auto up = grouping_of({1, 1, 1});
  const auto none = up->finish(0, order);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kOverflow);
  const auto back = grouping_of({1, 1, 1, -1, -1, -1, -1, -1, -1, 1, 1, 1});
  EXPECT_EQ(at<Int128>(*back->finish(0, order), 0), 0);
  const auto down = grouping_of({-1, -1, -1});
  ASSERT_TRUE(up->merge(*down));
  EXPECT_EQ(at<Int128>(*up->finish(0, order), 0), 0);
}

TEST_F(GroupingTest, MemoryLimitIsAnError) {
  const auto tight = make_context(4096);
  const Harness harness(3, GroupStrategy::kHash, 64);
  auto grouping = *Grouping::make(harness.layout, *tight);
  ASSERT_TRUE(grouping->add(harness.batch_of(random_rows(1, 900))));
  EXPECT_EQ(grouping->account_memory().error().code, ErrorCode::kEvaluation);
}

}  // namespace
}  // namespace stave
