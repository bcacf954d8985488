// See track_parts.h.
#include "tools/royalty/track_parts.h"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>

#include "tools/royalty/checks.h"
#include "tools/royalty/line_text.h"

namespace stave::royalty {
namespace {

constexpr std::int64_t kWhole = 100'000'000;  // 100 percent in millionths
// Percentages of splits that change within the period are rounded to six decimals.
constexpr std::int64_t kTolerance = 1000;
// Of a track without lines.
constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();

Result<void> check_whole(const std::string& track, std::uint64_t pool, std::int64_t percent) {
  if (std::llabs(percent - kWhole) <= kTolerance) return {};
  return does_not_add_up(fmt::format(
      "the parts of track {} in pool {} sum to {} millionths of a percent", track, pool, percent));
}

}  // namespace

void TrackParts::begin(const ResultBatch& batch) {
  batch_ = &batch;
  codes_ = nullptr;
  const Vector* const tracks = batch.rows() == 0 ? nullptr : coded_column(batch, kTrack);
  if (tracks == nullptr || !tracks->dictionary) return;
  codes_ = tracks->values<std::uint32_t>();
  if (dictionary_ == tracks->dictionary) return;
  name_codes();
  dictionary_ = tracks->dictionary;
  by_code_.assign(std::size_t{dictionary_->size()} + 1, kNone);
}

void TrackParts::add(std::uint32_t row, std::int64_t percent) {
  if (codes_ == nullptr) {
    std::string track;
    batch_->append_text(row, kTrack, track);
    by_text_[track] += percent;
    return;
  }
  std::int64_t& sum = by_code_[codes_[row]];
  if (sum == kNone) {
    codes_of_pool_.push_back(codes_[row]);
    sum = 0;
  }
  sum += percent;
}

Result<void> TrackParts::finish(std::uint64_t pool) {
  if (!by_text_.empty()) name_codes();
  for (const std::uint32_t code : codes_of_pool_) {
    const std::int64_t percent = by_code_[code];
    by_code_[code] = kNone;
    if (percent == kWhole) continue;
    if (auto whole = check_whole(text_of(code), pool, percent); !whole) return whole;
  }
  codes_of_pool_.clear();
  for (const auto& [track, percent] : by_text_) {
    if (auto whole = check_whole(track, pool, percent); !whole) return whole;
  }
  by_text_.clear();
  return {};
}

// Moves the sums by code to those by text.
void TrackParts::name_codes() {
  for (const std::uint32_t code : codes_of_pool_) {
    by_text_[text_of(code)] += by_code_[code];
    by_code_[code] = kNone;
  }
  codes_of_pool_.clear();
}

std::string TrackParts::text_of(std::uint32_t code) const {
  return dictionary_->kind() == DictionaryKind::kInt64 ? std::to_string(dictionary_->int64_at(code))
                                                       : std::string(dictionary_->string_at(code));
}

}  // namespace stave::royalty
