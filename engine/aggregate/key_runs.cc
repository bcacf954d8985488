// Rows are compared with those before them by kernels; see the header.
#include "engine/aggregate/key_runs.h"

#include <algorithm>

#include "engine/kernels/bitmap.h"
#include "engine/kernels/compare.h"
#include "engine/runtime/select_rows.h"

namespace stave {
namespace {

// Shorter runs, on average, are not worth finding.
constexpr std::uint32_t kLongRun = 8;

template <typename T>
void compare_with_next(const Vector& key, std::uint32_t rows, std::uint64_t* differs) {
  const T* values = key.values<T>();
  kernels::compare_vectors(values, values + 1, rows - 1, kernels::Comparison::kNotEqual, differs);
}

}  // namespace

bool KeyRuns::find(std::span<const Vector> keys, std::uint32_t rows) {
  runs_.clear();
  const bool is_seen = std::all_of(keys.begin(), keys.end(), [](const Vector& key) {
    return key.representation == Representation::kCode ||
           (key.representation == Representation::kInt64 && key.validity == nullptr);
  });
  if (rows < kLongRun || keys.empty() || !is_seen) return false;
  begins_.assign(words_for(rows), 0);
  differs_.resize(words_for(rows));
  for (const Vector& key : keys) {
    if (key.representation == Representation::kCode) {
      compare_with_next<std::uint32_t>(key, rows, differs_.data());
    } else {
      compare_with_next<std::int64_t>(key, rows, differs_.data());
    }
    kernels::or_bits(begins_.data(), differs_.data(), words_for(rows - 1));
  }
  if (kernels::count_bits(begins_.data(), rows - 1) * kLongRun > rows) return false;
  // Bit i told whether row i + 1 differs from row i.
  std::uint64_t carried = 1;
  for (std::uint64_t& word : begins_) {
    const std::uint64_t last = word >> 63;
    word = word << 1 | carried;
    carried = last;
  }
  kernels::for_each_bit(begins_.data(), rows, [&](std::size_t row) {
    runs_.push_back({0, static_cast<std::uint32_t>(row), 0});
  });
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    const std::uint32_t end = run + 1 < runs_.size() ? runs_[run + 1].first : rows;
    runs_[run].rows = end - runs_[run].first;
  }
  return true;
}

Vector KeyRuns::heads(const Vector& key) {
  return compress(key, begins_.data(), count(), buffers_);
}

void KeyRuns::set_groups(const std::uint32_t* group_of_run, bool of_rows, GroupRows& rows) {
  for (std::size_t run = 0; run < runs_.size(); ++run) runs_[run].group = group_of_run[run];
  rows.runs = runs_;
  if (!of_rows) return;
  groups_.resize(rows.rows);
  for (const GroupRun& run : runs_) std::fill_n(groups_.data() + run.first, run.rows, run.group);
  rows.groups = groups_.data();
}

}  // namespace stave
