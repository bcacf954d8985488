// The rows of one batch and the group of each: what accumulators are fed with.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

#include "engine/vector.h"

namespace stave {

// Neighbouring rows of one group.
struct GroupRun {
  std::uint32_t group = 0;
  std::uint32_t first = 0;
  std::uint32_t rows = 0;
};

struct GroupRows {
  std::uint32_t rows = 0;
  // Of each row; null: all rows are in `group`, or in those of `runs`, if there are any.
  const std::uint32_t* groups = nullptr;
  std::uint32_t group = 0;
  std::span<const GroupRun> runs;  // all rows, where runs are long; else empty
};

inline bool is_valid(const std::uint64_t* validity, std::uint32_t row) {
  return validity == nullptr || ((validity[row / 64] >> (row % 64)) & 1U) != 0;
}

// body(row) for every row whose bit is set.
template <typename Body>
void for_each_valid(const std::uint64_t* validity, std::uint32_t rows, Body&& body) {
  if (validity == nullptr) {
    for (std::uint32_t row = 0; row < rows; ++row) body(row);
    return;
  }
  for (std::uint32_t first = 0; first < rows; first += 64) {
    std::uint64_t bits = validity[first / 64];
    if (rows - first < 64) bits &= (std::uint64_t{1} << (rows - first)) - 1;
    for (; bits != 0; bits &= bits - 1) {
      body(first + static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
  }
}

inline bool is_one_group(const GroupRows& rows) {
  return rows.groups == nullptr && rows.runs.empty();
}

// Whether `for_each_run` has all rows.
inline bool has_runs(const GroupRows& rows) {
  return rows.groups == nullptr || !rows.runs.empty();
}

// body(group, first, count) for every run.
template <typename Body>
void for_each_run(const GroupRows& rows, Body&& body) {
  if (is_one_group(rows)) return body(rows.group, std::uint32_t{0}, rows.rows);
  for (const GroupRun& run : rows.runs) body(run.group, run.first, run.rows);
}

// body(group, row) for every row that holds a value. Not for codes, whose null is a value.
template <typename Body>
void for_each_value(const GroupRows& rows, const Vector& argument, Body&& body) {
  if (is_one_group(rows)) {
    const std::uint32_t group = rows.group;
    for_each_valid(argument.validity, rows.rows, [&](std::uint32_t row) { body(group, row); });
  } else if (!rows.runs.empty()) {
    for_each_run(rows, [&](std::uint32_t group, std::uint32_t first, std::uint32_t count) {
      for (std::uint32_t row = first; row < first + count; ++row) {
        if (is_valid(argument.validity, row)) body(group, row);
      }
    });
  } else {
    const std::uint32_t* groups = rows.groups;
    for_each_valid(argument.validity, rows.rows,
                   [&](std::uint32_t row) { body(groups[row], row); });
  }
}

// The same of states that lie in one array, by group. Where they are too many for the nearer caches
// they are asked for some rows ahead: more of them are on their way then than the processor sees by
// itself.
template <typename State, typename Body>
void for_each_value(const GroupRows& rows, const Vector& argument, std::span<State> states,
                    Body&& body) {
  constexpr std::size_t kNearBytes = std::size_t{1} << 19;
  constexpr std::uint32_t kAhead = 32;
  if (has_runs(rows) || states.size_bytes() <= kNearBytes) {
    return for_each_value(rows, argument, body);
  }
  const std::uint32_t* groups = rows.groups;
  for_each_valid(argument.validity, rows.rows, [&](std::uint32_t row) {
    if (row + kAhead < rows.rows) __builtin_prefetch(&states[groups[row + kAhead]], 1);
    body(groups[row], row);
  });
}

}  // namespace stave
