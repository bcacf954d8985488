// A run may be longer than what is asked for, since the last group is filled up; a run of no values
// ends in an error, so that every step goes forward.
#include "tools/parquet/run_length_reader.h"

#include <algorithm>

namespace stave::parquet {

bool read_runs(PageBytes& in, int bit_width, std::size_t count, std::vector<std::uint32_t>& out) {
  if (bit_width < 0 || bit_width > 32) return false;
  out.clear();
  out.reserve(count);
  const auto width = static_cast<std::size_t>(bit_width);
  while (out.size() < count) {
    std::uint64_t header = 0;
    if (!in.varint(header) || header >> 1 == 0) return false;
    const std::uint64_t length = header >> 1;
    const std::size_t left = count - out.size();
    if ((header & 1) == 0) {
      std::string_view raw;
      if (!in.take((width + 7) / 8, raw)) return false;
      std::uint32_t value = 0;
      for (std::size_t byte = 0; byte < raw.size(); ++byte) {
        value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(raw[byte])) << 8 * byte;
      }
      if (bit_width < 32 && value >> bit_width != 0) return false;
      out.insert(out.end(), std::min<std::uint64_t>(length, left), value);
      continue;
    }
    // The groups of the last run may be cut off behind the last value.
    const std::size_t values =
        length > left / 8 + 1 ? left : std::min<std::size_t>(length * 8, left);
    const std::size_t needed = (values * width + 7) / 8;
    std::string_view raw;
    if (in.left() < needed) return false;
    const std::uint64_t all = length > in.left() ? in.left() : length * width;
    in.take(std::min<std::uint64_t>(std::max<std::uint64_t>(all, needed), in.left()), raw);
    unpack_bits(raw, values, bit_width,
                [&](std::uint64_t value) { out.push_back(static_cast<std::uint32_t>(value)); });
  }
  return true;
}

bool read_packed_levels(PageBytes& in, std::size_t count, std::vector<std::uint32_t>& out) {
  std::string_view raw;
  if (!in.take((count + 7) / 8, raw)) return false;
  out.clear();
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(static_cast<std::uint8_t>(raw[i / 8]) >> (7 - i % 8) & 1U);
  }
  return true;
}

}  // namespace stave::parquet
