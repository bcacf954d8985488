// Stretches of groups, each with its rows; see the header.
#include "engine/aggregate/scattered_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/evaluator.h"

namespace stave {
namespace {

constexpr std::size_t kLineBytes = 64;
// States of all groups that a core's second level holds beside everything else.
constexpr std::size_t kCachedBytes = std::size_t{1} << 20;
constexpr std::size_t kStretchBytes = std::size_t{1} << 18;
constexpr std::size_t kMostStretches = 64;
// A stretch is handed on with so many rows; several for each line of its states.
constexpr std::uint32_t kRows = 1U << 15;
constexpr std::uint32_t kStep = 1024;
// Not a multiple of a page: stretches that fill alike would take the same lines of the cache.
constexpr std::uint32_t kCapacity = kRows + kStep + 80;
constexpr std::uint32_t kLeastSample = 4096;

// Whether at least half of the rows meet a line of states that no row before them did, about.
bool meets_many_lines(const GroupRows& rows, std::size_t state_bytes) {
  if (rows.rows < kLeastSample) return false;
  std::vector<std::uint64_t> met(1024);
  std::uint32_t lines = 0;
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    const std::uint64_t line = rows.groups[row] * state_bytes / kLineBytes;
    const std::uint64_t hash = (line * 0x9E3779B97F4A7C15ULL) >> 48;
    const std::uint64_t bit = std::uint64_t{1} << hash % 64;
    lines += (met[hash / 64] & bit) == 0 ? 1U : 0U;
    met[hash / 64] |= bit;
  }
  return lines > rows.rows / 2;
}

template <typename T>
void scatter(const void* from, const std::uint32_t* places, std::uint32_t rows, std::byte* to) {
  const T* values = static_cast<const T*>(from);
  T* out = reinterpret_cast<T*>(to);
  for (std::uint32_t row = 0; row < rows; ++row) out[places[row]] = values[row];
}

}  // namespace

std::unique_ptr<ScatteredRows> ScatteredRows::make(std::uint32_t groups, std::size_t state_bytes,
                                                   const GroupRows& rows) {
  const std::size_t bytes = groups * state_bytes;
  if (bytes < 2 * kCachedBytes || rows.groups == nullptr || !meets_many_lines(rows, state_bytes)) {
    return nullptr;
  }
  auto shift = static_cast<unsigned>(std::bit_width(kStretchBytes / state_bytes)) - 1;
  while ((groups >> shift) >= kMostStretches) ++shift;
  return std::unique_ptr<ScatteredRows>(new ScatteredRows(shift, (groups >> shift) + 1));
}

bool ScatteredRows::takes(std::span<const Vector> arguments) {
  return std::all_of(arguments.begin(), arguments.end(), [](const Vector& argument) {
    return argument.validity == nullptr && (argument.representation == Representation::kCode ||
                                            argument.representation == Representation::kInt64 ||
                                            argument.representation == Representation::kFloat64);
  });
}

void ScatteredRows::open(std::span<const Vector> arguments) {
  groups_.resize(fill_.size() * kCapacity);
  places_.resize(kStep);
  for (const Vector& argument : arguments) {
    Column& column = columns_.emplace_back();
    column.like.type = argument.type;
    column.like.representation = argument.representation;
    column.like.dictionary = argument.dictionary;
    column.width = width_of(argument.representation);
    column.values.resize(groups_.size() * column.width);
  }
}

Result<void> ScatteredRows::add(const GroupRows& rows, std::span<const Vector> arguments,
                                const Apply& apply) {
  if (groups_.empty()) open(arguments);
  for (std::uint32_t first = 0; first < rows.rows; first += kStep) {
    const std::uint32_t count = std::min(kStep, rows.rows - first);
    for (std::uint32_t row = 0; row < count; ++row) {
      const std::uint32_t group = rows.groups[first + row];
      const std::uint32_t stretch = group >> shift_;
      const std::uint32_t place = stretch * kCapacity + fill_[stretch]++;
      groups_[place] = group;
      places_[row] = place;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      Column& column = columns_[i];
      const auto* from = static_cast<const std::byte*>(arguments[i].data) + first * column.width;
      if (column.width == sizeof(std::uint32_t)) {
        scatter<std::uint32_t>(from, places_.data(), count, column.values.data());
      } else {
        scatter<std::uint64_t>(from, places_.data(), count, column.values.data());
      }
    }
    for (std::size_t stretch = 0; stretch < fill_.size(); ++stretch) {
      if (fill_[stretch] < kRows) continue;
      if (auto done = hand_on(stretch, apply); !done) return done;
    }
  }
  return {};
}

Result<void> ScatteredRows::hand_on(std::size_t stretch, const Apply& apply) {
  GroupRows rows;
  rows.rows = fill_[stretch];
  rows.groups = groups_.data() + stretch * kCapacity;
  std::vector<Vector> arguments;
  for (const Column& column : columns_) {
    Vector& argument = arguments.emplace_back(column.like);
    argument.size = rows.rows;
    argument.data = column.values.data() + stretch * kCapacity * column.width;
  }
  fill_[stretch] = 0;
  return apply(rows, arguments);
}

Result<void> ScatteredRows::flush(const Apply& apply) {
  for (std::size_t stretch = 0; stretch < fill_.size(); ++stretch) {
    if (fill_[stretch] == 0) continue;
    if (auto done = hand_on(stretch, apply); !done) return done;
  }
  return {};
}

std::size_t ScatteredRows::memory_bytes() const {
  std::size_t bytes = groups_.capacity() * sizeof(std::uint32_t);
  for (const Column& column : columns_) bytes += column.values.capacity();
  return bytes;
}

}  // namespace stave
