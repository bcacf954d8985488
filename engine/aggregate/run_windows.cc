// See the header.
#include "engine/aggregate/run_windows.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "engine/evaluator.h"
#include "engine/kernels/bitmap.h"

namespace stave {
namespace {

// Runs of more rows pay for a batch of their own.
constexpr std::uint64_t kSmallRun = 4096;
// Columns of a window stay in a core's cache.
constexpr std::uint32_t kWindowRows = 8192;
constexpr std::size_t kMostSegments = 8;

}  // namespace

bool RunWindows::plan(std::span<const Scope> scopes) {
  morsels_.clear();
  windows_.clear();
  given_ = 0;
  std::uint64_t rows = 0;
  for (const Scope& scope : scopes) {
    rows += scope.rows;
    morsels_.insert(morsels_.end(), scope.morsels.begin(), scope.morsels.end());
  }
  if (morsels_.size() < 2 || rows > morsels_.size() * kSmallRun) return false;

  std::vector<std::uint32_t> by_row(morsels_.size());
  std::iota(by_row.begin(), by_row.end(), 0U);
  const auto row_of = [&](std::uint32_t number) {
    return std::tuple(morsels_[number].segment, morsels_[number].first_row);
  };
  std::ranges::sort(by_row, {}, row_of);
  places_.resize(morsels_.size());
  std::vector<Morsel> sorted;
  std::uint32_t window_rows = 0;
  std::size_t segments = 0;
  for (const std::uint32_t number : by_row) {
    const Morsel& morsel = morsels_[number];
    const Morsel* const before = sorted.empty() ? nullptr : &sorted.back();
    if (before == nullptr || before->segment != morsel.segment) ++segments;
    const bool follows = before != nullptr && before->segment == morsel.segment &&
                         before->block == morsel.block &&
                         before->first_row + before->rows == morsel.first_row &&
                         window_rows + morsel.rows <= kWindowRows;
    if (!follows) {
      windows_.push_back(
          {static_cast<std::uint32_t>(sorted.size()), 0, static_cast<std::uint32_t>(segments - 1)});
      window_rows = 0;
    }
    Window& window = windows_.back();
    places_[number] = {static_cast<std::uint32_t>(windows_.size() - 1), window.count++};
    window_rows += morsel.rows;
    sorted.push_back(morsel);
  }
  if (segments > kMostSegments) return false;
  morsels_ = std::move(sorted);
  slots_.resize(std::max(slots_.size(), segments));
  for (Slot& slot : slots_) slot.is_read = false;
  return true;
}

Result<const Batch*> RunWindows::next(const Pipeline::Reader& reader, Pipeline::Worker& worker) {
  const Place place = places_[given_++];
  const Window& window = windows_[place.window];
  Slot& slot = slots_[window.slot];
  if (!slot.is_read || slot.window != place.window) {
    slot.is_read = false;
    slot.part.columns.clear();
    auto done = reader.read_neighbours(std::span(morsels_).subspan(window.first, window.count),
                                       worker, slot.rows, slot.ends);
    if (!done) return pass(done);
    slot.part.columns = slot.rows.columns;
    slot.window = place.window;
    slot.is_read = true;
  }
  const std::uint32_t first = place.position == 0 ? 0 : slot.ends[place.position - 1];
  cut(slot, first, slot.ends[place.position] - first);
  return &slot.part;
}

void RunWindows::cut(Slot& slot, std::uint32_t first, std::uint32_t rows) {
  slot.part.rows = rows;
  slot.validity.resize(slot.rows.columns.size());
  for (std::size_t column = 0; column < slot.rows.columns.size(); ++column) {
    const Vector& whole = slot.rows.columns[column];
    Vector& part = slot.part.columns[column];
    part.size = rows;
    part.data = static_cast<const std::byte*>(whole.data) +
                std::size_t{first} * width_of(whole.representation);
    if (whole.validity == nullptr) continue;
    std::vector<std::uint64_t>& bits = slot.validity[column];
    bits.resize(std::max<std::size_t>(bits.size(), rows / 64 + 1));
    kernels::copy_bits(whole.validity, first, rows, bits.data());
    part.validity = bits.data();
  }
}

}  // namespace stave
