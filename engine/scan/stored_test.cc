// Predicates as tests of stored values: see stored_test.h.
#include "engine/scan/stored_test.h"

#include <algorithm>

#include "engine/scan/block_condition.h"

namespace stave {

namespace {

std::optional<StoredTest> null_test(const Expression& column, bool wants_null,
                                    const TableSource& source) {
  if (column.kind != ExpressionKind::kColumn || source.is_day(column.column)) return std::nullopt;
  StoredTest test;
  test.column = column.column;
  if (source.is_coded(column.column)) {
    test.test.low = wants_null ? std::int64_t{kNullCode} : 1;
    if (wants_null) test.test.high = kNullCode;
  } else {
    test.test.nulls = wants_null;
  }
  return test;
}

// Code 0 is none of the others.
void exclude_null_code(StoredTest& test) {
  if (test.values.empty()) test.values.push_back(test.test.low);
  test.values.push_back(kNullCode);
  std::sort(test.values.begin(), test.values.end());
  test.test.low = test.values.front();
  test.test.high = test.values.back();
}

std::optional<StoredTest> condition_test(const Expression& predicate, bool negated,
                                         const TableSource& source, const TimeZone& zone) {
  std::optional<BlockCondition> condition = block_condition(predicate, source, zone);
  if (!condition || !condition->is_exact) return std::nullopt;
  StoredTest test;
  test.column = condition->column;
  test.values = std::move(condition->values);
  test.test.low = condition->low;
  test.test.high = condition->high;
  test.test.negated = negated;
  if (negated && source.is_coded(test.column)) exclude_null_code(test);
  if (test.values.size() > ValueTest::kMostValues) return std::nullopt;
  return test;
}

std::optional<StoredTest> test_of(const Expression& predicate, bool negated,
                                  const TableSource& source, const TimeZone& zone) {
  if (predicate.kind != ExpressionKind::kCall) return std::nullopt;
  switch (predicate.function) {
    case Function::kNot:
      return test_of(predicate.arguments[0], !negated, source, zone);
    case Function::kIsNull:
    case Function::kIsNotNull:
      return null_test(predicate.arguments[0], (predicate.function == Function::kIsNull) != negated,
                       source);
    case Function::kNotEqual: {
      Expression equal = predicate;
      equal.function = Function::kEqual;
      return condition_test(equal, !negated, source, zone);
    }
    case Function::kIs:
      // Null is unequal to a value here.
      if (negated) return std::nullopt;
      break;
    default:
      break;
  }
  return condition_test(predicate, negated, source, zone);
}

}  // namespace

ValueTest StoredTest::value_test() const {
  ValueTest result = test;
  result.values = values;
  return result;
}

bool StoredTest::is_same(const StoredTest& other) const {
  return column == other.column && values == other.values && test.nulls == other.test.nulls &&
         test.low == other.test.low && test.high == other.test.high &&
         test.negated == other.test.negated;
}

bool StoredTest::passes_null(bool is_coded) const {
  return is_coded ? holds_for(value_test(), kNullCode) != test.negated : test.nulls;
}

std::optional<bool> StoredTest::decided_by(const BlockSummary& block, bool is_coded) const {
  if (test.nulls) {
    if (block.nulls == 0) return false;
    if (block.nulls == block.rows) return true;
    return std::nullopt;
  }
  if (block.nulls == block.rows) return passes_null(is_coded);
  if (block.nulls > 0) return std::nullopt;
  const bool is_open = test.low == INT64_MIN && test.high == INT64_MAX;
  if (is_open && values.empty()) return !test.negated;
  if (!block.has_range) return std::nullopt;
  if (block.max < test.low || block.min > test.high) return test.negated;
  if (block.min >= test.low && block.max <= test.high && values.empty()) return !test.negated;
  return std::nullopt;
}

std::optional<StoredTest> stored_test(const Expression& predicate, const TableSource& source,
                                      const TimeZone& zone) {
  auto test = test_of(predicate, false, source, zone);
  if (!test || !source.is_testable(test->column)) return std::nullopt;
  return test;
}

bool names_few(const StoredTest& test, const TableSource& table, std::uint64_t codes_for_each) {
  const std::size_t named = test.values.empty() ? 1 : test.values.size();
  return table.is_coded(test.column) && !test.test.negated &&
         (!test.values.empty() || test.test.low == test.test.high) &&
         table.dictionary(test.column)->size() >= named * codes_for_each;
}

}  // namespace stave
