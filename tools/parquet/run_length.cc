// A run where a value comes often enough to be worth one, groups of eight packed values otherwise.
// A group that a run cuts is filled up from the run, since only the last group may be short.
#include "tools/parquet/run_length.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

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

// Groups of eight values; a group takes kBits bytes.
template <int kBits>
void pack_groups(const std::uint32_t* values, std::size_t groups, char* out) {
  for (; groups > 0; --groups, values += kGroup, out += kBits) {
    std::uint64_t waiting = 0;
    int bits = 0;
    int written = 0;
    for (std::size_t i = 0; i < kGroup; ++i) {
      waiting |= std::uint64_t{values[i]} << bits;
      bits += kBits;
      if (bits < 32) continue;
      std::memcpy(out + written, &waiting, 4);
      written += 4;
      waiting >>= 32;
      bits -= 32;
    }
    std::memcpy(out + written, &waiting, kBits % 4);
  }
}

using PackGroups = void (*)(const std::uint32_t*, std::size_t, char*);
constexpr std::array<PackGroups, 33> kPackers =
    []<int... kBits>(std::integer_sequence<int, kBits...>) {
  return std::array<PackGroups, 33>{&pack_groups<kBits>...};
}
(std::make_integer_sequence<int, 33>());

// Missing values of the last group are zeros.
void append_groups(std::span<const std::uint32_t> values, int bit_width, std::string& out) {
  if (values.empty()) return;
  const std::size_t whole = values.size() / kGroup;
  const std::size_t rest = values.size() % kGroup;
  const auto width = static_cast<std::size_t>(bit_width);
  append_varint((whole + (rest > 0 ? 1 : 0)) << 1 | 1, out);
  const std::size_t begin = out.size();
  out.resize(begin + (whole + (rest > 0 ? 1 : 0)) * width);
  const PackGroups pack = kPackers[width];
  pack(values.data(), whole, out.data() + begin);
  if (rest == 0) return;
  std::array<std::uint32_t, kGroup> last{};
  std::copy_n(values.end() - static_cast<std::ptrdiff_t>(rest), rest, last.begin());
  pack(last.data(), 1, out.data() + begin + whole * width);
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
  std::size_t i = 0;  // where the values become others
  while (i + kShortestRun <= values.size()) {
    // A long run that begins before `last` has it.
    const std::size_t last = i + kShortestRun - 1;
    std::size_t begin = last;
    while (begin > i && values[begin - 1] == values[last]) --begin;
    if (begin > i) {
      i = begin;
      continue;
    }
    std::size_t end = last + 1;
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
