// Most dumps are in the order of time: then rows are only dealt to their clusters.
#include "tools/import/segment_order.h"

#include <algorithm>
#include <bit>

#include "storage/dictionary.h"
#include "tools/import/stable_order.h"

namespace stave::loading {
namespace {

// As many ends to write to still keep to the caches.
constexpr std::uint32_t kMostDealt = 1 << 14;

// The null comes last.
std::uint32_t rank_of(std::uint32_t cluster, std::uint32_t most) {
  return cluster == kNullCode ? most : cluster - 1;
}

SegmentOrder deal_to_clusters(std::span<const std::uint32_t> clusters, std::uint32_t most) {
  std::vector<std::uint32_t> next(most + std::size_t{1}, 0);
  for (const std::uint32_t cluster : clusters) ++next[rank_of(cluster, most)];
  SegmentOrder order;
  std::uint32_t begin = 0;
  for (std::uint32_t rank = 0; rank <= most; ++rank) {
    const std::uint32_t rows = next[rank];
    if (rows > 0) order.runs.push_back({rank == most ? kNullCode : rank + 1, begin, rows});
    next[rank] = begin;
    begin += rows;
  }
  order.places.resize(clusters.size());
  for (std::size_t row = 0; row < clusters.size(); ++row) {
    order.places[row] = next[rank_of(clusters[row], most)]++;
  }
  return order;
}

SegmentOrder sort_rows(std::span<const std::uint64_t> times,
                       std::span<const std::uint32_t> clusters, std::uint32_t most) {
  const std::size_t rows = times.size();
  const std::uint64_t last = *std::max_element(times.begin(), times.end());
  // A day has fewer than 2^38 microseconds, codes at most 32 bits: together they could exceed a
  // word only with more than 2^26 cluster values.
  const auto time_bits = static_cast<unsigned>(std::bit_width(last));
  const auto cluster_bits = static_cast<unsigned>(std::bit_width(most));
  const unsigned dropped = time_bits + cluster_bits > 64 ? time_bits + cluster_bits - 64 : 0;
  std::vector<std::uint64_t> keys(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t rank = clusters.empty() ? 0 : rank_of(clusters[row], most);
    keys[row] = rank << (time_bits - dropped) | times[row] >> dropped;
  }
  std::vector<std::uint32_t> sorted;
  find_stable_order(keys, sorted);
  SegmentOrder order;
  order.places.resize(rows);
  for (std::uint32_t place = 0; place < rows; ++place) order.places[sorted[place]] = place;
  for (std::uint32_t place = 0; place < clusters.size(); ++place) {
    const std::uint32_t code = clusters[sorted[place]];
    if (order.runs.empty() || order.runs.back().code != code)
      order.runs.push_back({code, place, 0});
    ++order.runs.back().rows;
  }
  return order;
}

}  // namespace

SegmentOrder order_segment(std::uint32_t rows, std::span<const std::uint64_t> times,
                           std::span<const std::uint32_t> clusters) {
  const bool in_time = std::is_sorted(times.begin(), times.end());
  const std::uint32_t most =
      clusters.empty() ? 0 : *std::max_element(clusters.begin(), clusters.end());
  SegmentOrder order;
  if (in_time && !clusters.empty() && most <= kMostDealt) {
    order = deal_to_clusters(clusters, most);
  } else if (!in_time || !clusters.empty()) {
    const std::vector<std::uint64_t> none(times.empty() ? rows : 0, 0);
    order = sort_rows(times.empty() ? std::span<const std::uint64_t>(none) : times, clusters, most);
  }
  if (clusters.empty()) order.runs = {{kNullCode, 0, rows}};
  return order;
}

}  // namespace stave::loading
