// Codes as places in a list that the rows of a run share, the most frequent first: small numbers
// where the codes themselves are spread over a large domain. Bytes: format-spec/codecs/ranked.md.
#include <algorithm>
#include <bit>
#include <limits>

#include "storage/bit_count.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/profile.h"
#include "storage/codec/ranked_kernels.h"

namespace stave {
namespace {

bool has_ranks(const NodeProfile& profile) {
  return profile.prediction() != nullptr && profile.values().kind == Physical::kCode &&
         profile.prediction()->ranks.size() == profile.rows();
}

// A code that is not listed is stored above the places of its list, which must not overflow.
bool has_room_above_lists(const NodeProfile& profile) {
  const std::uint64_t largest = static_cast<std::uint64_t>(profile.min()) + profile.spread();
  return std::ranges::all_of(profile.prediction()->runs, [&](const RankedRun& run) {
    return largest + run.codes.size() <= std::numeric_limits<std::uint32_t>::max();
  });
}

}  // namespace

std::optional<double> estimate_ranked(const NodeProfile& profile) {
  if (!has_ranks(profile) || !has_room_above_lists(profile)) {
    return std::nullopt;
  }
  if (profile.is_recalled()) {
    return 0;
  }
  const NodeProfile ranks(profile.prediction()->ranks, profile.aim());
  return 1 + estimate_inner(ranks.sample(), profile.aim()) * ranks.sample_weight();
}

void encode_ranked(const NodeProfile& profile, NodeEncoder& encoder) {
  encoder.write_node(profile.prediction()->ranks);
}

namespace {

constexpr std::string_view kNoList = "Codes were ranked, and there is no list for them.";

bool cover(std::span<const RankedRun> runs, std::size_t rows) {
  std::size_t covered = 0;
  for (const RankedRun& run : runs) {
    covered += run.rows;
  }
  return covered == rows;
}

}  // namespace

bool decode_ranked(NodeDecoder& decoder, const NodeTarget& target) {
  const std::span<std::uint32_t> out = target.as<std::uint32_t>();
  const std::span<const RankedRun> runs = decoder.root_runs();
  if (!cover(runs, out.size())) {
    return decoder.damaged(kNoList);
  }
  if (!decoder.read_node(out)) {
    return false;
  }
  std::size_t row = 0;
  for (const RankedRun& run : runs) {
    look_up_ranks(run.codes, out.subspan(row, run.rows));
    row += run.rows;
  }
  return true;
}

bool pick_ranked(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) {
  const std::span<std::uint32_t> out = target.as<std::uint32_t>();
  const std::span<const RankedRun> runs = decoder.root_runs();
  if (!cover(runs, wanted.rows)) {
    return decoder.damaged(kNoList);
  }
  if (!decoder.pick_node(wanted, out)) {
    return false;
  }
  std::size_t next = 0;
  std::size_t end = 0;
  for (const RankedRun& run : runs) {
    end += run.rows;
    const std::size_t first = next;
    while (next < out.size() && wanted.at[next] < end) ++next;
    look_up_ranks_scalar(run.codes, out.subspan(first, next - first));
  }
  return true;
}

bool keep_ranked(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target) {
  const std::span<std::uint32_t> out = target.as<std::uint32_t>();
  const std::span<const RankedRun> runs = decoder.root_runs();
  if (!cover(runs, kept.rows)) {
    return decoder.damaged(kNoList);
  }
  if (!decoder.keep_node(kept, out)) {
    return false;
  }
  const auto kept_below = [&](std::size_t row) {
    const std::uint64_t last = kept.bits[row / 64] & ((std::uint64_t{1} << row % 64) - 1);
    return count_set_bits({kept.bits, row / 64}) + static_cast<std::size_t>(std::popcount(last));
  };
  std::size_t first = 0;
  std::size_t end = 0;
  for (const RankedRun& run : runs) {
    end += run.rows;
    const std::size_t next = kept_below(end);
    look_up_ranks(run.codes, out.subspan(first, next - first));
    first = next;
  }
  return true;
}

}  // namespace stave
