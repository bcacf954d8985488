// Most dumps are in the order of time but for a few rows: then rows are only dealt to clusters.
#include "tools/import/segment_order.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <optional>
#include <utility>

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

// The rows in the order of time, where few of them come late; nothing where too many do. Late rows
// are sorted by themselves and merged in.
std::optional<std::vector<std::uint32_t>> order_in_time(std::span<const std::uint64_t> times) {
  constexpr std::size_t kMostLate = 8;  // one row in so many
  const std::size_t count = times.size();
  // Without branches: which rows are late cannot be foreseen.
  const auto punctual = std::make_unique_for_overwrite<std::uint32_t[]>(count);
  // What is one too many is written over by the next.
  const std::size_t most_late = count / kMostLate + 1;
  const auto late_rows = std::make_unique_for_overwrite<std::uint32_t[]>(most_late);
  std::size_t punctual_count = 0;
  std::size_t late_count = 0;
  std::uint64_t latest = 0;
  for (std::uint32_t row = 0; row < count; ++row) {
    const bool is_late = times[row] < latest;
    punctual[punctual_count] = row;
    late_rows[std::min(late_count, most_late - 1)] = row;
    punctual_count += is_late ? 0U : 1U;
    late_count += is_late ? 1U : 0U;
    latest = std::max(latest, times[row]);
  }
  if (late_count * kMostLate > count) return std::nullopt;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> late(late_count);
  for (std::size_t i = 0; i < late_count; ++i) late[i] = {times[late_rows[i]], late_rows[i]};
  std::sort(late.begin(), late.end());
  std::vector<std::uint32_t> rows(count);
  std::size_t next = 0;
  std::size_t to = 0;
  for (const auto& one : late) {
    while (next < punctual_count && std::pair(times[punctual[next]], punctual[next]) < one) {
      rows[to++] = punctual[next++];
    }
    rows[to++] = one.second;
  }
  std::copy(punctual.get() + next, punctual.get() + punctual_count,
            rows.begin() + static_cast<std::ptrdiff_t>(to));
  return rows;
}

// `rows`: in the order of time; empty: as they come.
SegmentOrder deal_to_clusters(std::span<const std::uint32_t> clusters,
                              std::span<const std::uint32_t> rows, std::uint32_t most) {
  std::vector<std::uint32_t> next(most + std::size_t{1}, 0);
  for (const std::uint32_t cluster : clusters) ++next[rank_of(cluster, most)];
  SegmentOrder order;
  std::uint32_t begin = 0;
  for (std::uint32_t rank = 0; rank <= most; ++rank) {
    const std::uint32_t count = next[rank];
    if (count > 0) order.runs.push_back({rank == most ? kNullCode : rank + 1, begin, count});
    next[rank] = begin;
    begin += count;
  }
  order.places.resize(clusters.size());
  for (std::uint32_t i = 0; i < clusters.size(); ++i) {
    const std::uint32_t row = rows.empty() ? i : rows[i];
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
  const bool is_dealt = !clusters.empty() && most <= kMostDealt;
  std::optional<std::vector<std::uint32_t>> merged;
  if (is_dealt && !in_time) merged = order_in_time(times);
  SegmentOrder order;
  if (is_dealt && (in_time || merged)) {
    order = deal_to_clusters(clusters, merged ? *merged : std::vector<std::uint32_t>(), most);
  } else if (!in_time || !clusters.empty()) {
    const std::vector<std::uint64_t> none(times.empty() ? rows : 0, 0);
    order = sort_rows(times.empty() ? std::span<const std::uint64_t>(none) : times, clusters, most);
  }
  if (clusters.empty()) order.runs = {{kNullCode, 0, rows}};
  return order;
}

}  // namespace stave::loading
