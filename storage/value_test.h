// A question that blocks of codes or 64-bit integers answer row by row without giving their values:
// which of these lie within a range, or are among a few.
// Invariant: a null integer passes no test but that for nulls. Code 0, the null one, is a code like
// others here: who means the others names it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace stave {

struct ValueTest {
  // A test names at most so many values.
  static constexpr std::size_t kMostValues = 16;

  bool nulls = false;  // the rows without an integer pass, and nothing else is asked
  // Borders are within.
  std::int64_t low = INT64_MIN;
  std::int64_t high = INT64_MAX;
  // Where there are any, only these: ascending, and what `low` and `high` enclose.
  std::span<const std::int64_t> values;
  bool negated = false;  // all other values
};

// Whether it is true for a value, were it not negated.
inline bool holds_for(const ValueTest& test, std::int64_t value) {
  if (value < test.low || value > test.high) return false;
  bool listed = test.values.empty();
  for (const std::int64_t one : test.values) listed = listed || one == value;
  return listed;
}

}  // namespace stave
