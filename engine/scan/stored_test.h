// Predicates that blocks answer by themselves, without their values being decoded: comparisons of a
// stored column with literals, lists, ranges, tests for null.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/expression.h"
#include "engine/scan/table_source.h"
#include "storage/value_test.h"

namespace stave {

struct StoredTest {
  int column = -1;
  std::vector<std::int64_t> values;  // those of `test`
  ValueTest test;

  // With `test.values`, which are this one's.
  ValueTest value_test() const;
  // Whether rows that the column has no value for pass.
  bool passes_null(bool is_coded) const;
  bool is_same(const StoredTest& other) const;
  // What the directory says of all rows of a block; nothing where they have to be looked at.
  std::optional<bool> decided_by(const BlockSummary& block, bool is_coded) const;
};

// True for exactly those rows for which the predicate, over the columns of the source, is true.
std::optional<StoredTest> stored_test(const Expression& predicate, const TableSource& source,
                                      const TimeZone& zone);

// Whether the test is for codes, of which the column's dictionary has so many for each one named.
bool names_few(const StoredTest& test, const TableSource& table, std::uint64_t codes_for_each);

}  // namespace stave
