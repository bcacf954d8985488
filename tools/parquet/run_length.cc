// A run where a value comes often enough to be worth one, groups of eight packed values otherwise.
// A group that a run cuts is filled up from the run, since only the last group may be short.
#include "tools/parquet/run_length.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace stave::parquet {
namespace {

constexpr std::size_t kGroup = 8;
constexpr std::size_t kShortestRun = 16;

void append_varint(std::uint64_t value, std::string& out) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

// Missing values of the last group are zeros.
void append_groups(std::span<const std::uint32_t> values, int bit_width, std::string& out) {
  if (values.empty()) return;
  const std::size_t groups = (values.size() + kGroup - 1) / kGroup;
  append_varint(groups << 1 | 1, out);
  const std::size_t begin = out.size();
  out.resize(begin + groups * static_cast<std::size_t>(bit_width));
  char* place = out.data() + begin;
  std::uint64_t waiting = 0;
  int bits = 0;
  for (const std::uint32_t value : values) {
    waiting |= std::uint64_t{value} << bits;
    bits += bit_width;
    while (bits >= 8) {
      *place++ = static_cast<char>(waiting);
      waiting >>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) *place = static_cast<char>(waiting);
}

}  // namespace

void append_run(std::uint32_t value, std::uint64_t count, int bit_width, std::string& out) {
  append_varint(count << 1, out);
  for (int bits = 0; bits < bit_width; bits += 8) {
    out.push_back(static_cast<char>(value >> bits));
  }
}

void append_runs(std::span<const std::uint32_t> values, int bit_width, std::string& out) {
  std::size_t packed_from = 0;
  std::size_t i = 0;
  while (i < values.size()) {
    std::size_t end = i + 1;
    while (end < values.size() && values[end] == values[i]) ++end;
    const std::size_t filling = (kGroup - (i - packed_from) % kGroup) % kGroup;
    if (end - i >= filling + kShortestRun) {
      i += filling;
      append_groups(values.subspan(packed_from, i - packed_from), bit_width, out);
      append_run(values[i], end - i, bit_width, out);
      packed_from = end;
    }
    i = end;
  }
  append_groups(values.subspan(packed_from), bit_width, out);
}

int bits_for(std::uint32_t highest) {
  return std::max(1, static_cast<int>(std::bit_width(highest)));
}

}  // namespace stave::parquet
