// Sums wrap as the format says, so they are of unsigned numbers.
#include "tools/parquet/delta_reader.h"

#include <algorithm>

namespace stave::parquet {
namespace {

constexpr std::uint64_t kMostMiniblocks = 1U << 16;

struct DeltaBlock {
  std::uint64_t values_of_miniblock = 0;
  std::uint64_t miniblocks = 0;
  std::size_t total = 0;
};

// One block; appends values until there are `total`.
bool read_block(PageBytes& in, const DeltaBlock& shape, std::vector<std::int64_t>& out) {
  std::int64_t least = 0;
  std::string_view widths;
  if (!in.zigzag(least) || !in.take(shape.miniblocks, widths)) return false;
  auto last = static_cast<std::uint64_t>(out.back());
  for (const char width_byte : widths) {
    const std::size_t left = shape.total - out.size();
    if (left == 0) return true;
    const auto width = static_cast<std::size_t>(static_cast<std::uint8_t>(width_byte));
    if (width > 64) return false;
    // Whole miniblocks are stored, but writers may cut the last one off.
    const std::size_t values = std::min<std::uint64_t>(shape.values_of_miniblock, left);
    const std::size_t whole = shape.values_of_miniblock / 8 * width;
    std::string_view raw;
    if (in.left() < (values * width + 7) / 8) return false;
    in.take(std::min(whole, in.left()), raw);
    unpack_bits(raw, values, static_cast<int>(width), [&](std::uint64_t delta) {
      last += static_cast<std::uint64_t>(least) + delta;
      out.push_back(static_cast<std::int64_t>(last));
    });
  }
  return true;
}

}  // namespace

bool read_deltas(PageBytes& in, std::size_t count, std::vector<std::int64_t>& out) {
  out.clear();
  std::uint64_t block = 0, miniblocks = 0, total = 0;
  std::int64_t first = 0;
  if (!in.varint(block) || !in.varint(miniblocks) || !in.varint(total) || !in.zigzag(first)) {
    return false;
  }
  if (miniblocks == 0 || miniblocks > kMostMiniblocks || block % miniblocks != 0 ||
      block > (std::uint64_t{1} << 32) || block / miniblocks % 8 != 0 || block == 0 ||
      total > count) {
    return false;
  }
  if (total == 0) return true;
  out.reserve(total);
  out.push_back(first);
  const DeltaBlock shape{block / miniblocks, miniblocks, total};
  while (out.size() < total) {
    if (!read_block(in, shape, out)) return false;
  }
  return true;
}

bool read_delta_lengths(PageBytes& in, std::size_t count, std::vector<std::string_view>& out) {
  std::vector<std::int64_t> lengths;
  if (!read_deltas(in, count, lengths)) return false;
  out.clear();
  for (const std::int64_t length : lengths) {
    std::string_view text;
    if (length < 0 || !in.take(static_cast<std::size_t>(length), text)) return false;
    out.push_back(text);
  }
  return true;
}

bool read_delta_texts(PageBytes& in, std::size_t count, std::size_t most_bytes, std::string& text,
                      std::vector<std::string_view>& out) {
  std::vector<std::int64_t> prefixes;
  std::vector<std::string_view> suffixes;
  if (!read_deltas(in, count, prefixes) || !read_delta_lengths(in, count, suffixes) ||
      suffixes.size() != prefixes.size()) {
    return false;
  }
  std::size_t bytes = 0;
  std::size_t before = 0;
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    if (prefixes[i] < 0 || static_cast<std::size_t>(prefixes[i]) > before) return false;
    before = static_cast<std::size_t>(prefixes[i]) + suffixes[i].size();
    bytes += before;
    if (bytes > most_bytes) return false;
  }
  text.clear();
  text.reserve(bytes);  // so that no text moves
  out.clear();
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    const std::size_t begin = text.size();
    if (i > 0) text += out.back().substr(0, static_cast<std::size_t>(prefixes[i]));
    text += suffixes[i];
    out.push_back(std::string_view(text).substr(begin));
  }
  return true;
}

}  // namespace stave::parquet
