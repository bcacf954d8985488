// The bytes of one page, taken from the front. Invariant: nothing is read beyond them; what is
// short is `false`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace stave::parquet {

class PageBytes {
 public:
  explicit PageBytes(std::string_view bytes) : bytes_(bytes) {}

  std::size_t left() const { return bytes_.size(); }

  bool take(std::size_t size, std::string_view& out) {
    if (size > bytes_.size()) return false;
    out = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return true;
  }
  // A number in little-endian order.
  template <typename T>
  bool number(T& out) {
    std::string_view raw;
    if (!take(sizeof(T), raw)) return false;
    std::memcpy(&out, raw.data(), sizeof(T));
    return true;
  }
  bool varint(std::uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = 0;
      if (!number(byte)) return false;
      out |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool zigzag(std::int64_t& out) {
    std::uint64_t raw = 0;
    if (!varint(raw)) return false;
    out = static_cast<std::int64_t>(raw >> 1 ^ (~(raw & 1) + 1));
    return true;
  }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

// `count` values of `bit_width` (0 to 64) packed from the lowest bit on; `raw` must have all their
// bits.
template <typename Take>
void unpack_bits(std::string_view raw, std::size_t count, int bit_width, Take take) {
  std::size_t bit = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t value = 0;
    for (int got = 0; got < bit_width;) {
      const auto byte = static_cast<std::uint8_t>(raw[bit / 8]);
      const int within = static_cast<int>(bit % 8);
      const int bits = bit_width - got < 8 - within ? bit_width - got : 8 - within;
      value |= static_cast<std::uint64_t>(byte >> within & ((1U << bits) - 1)) << got;
      got += bits;
      bit += static_cast<std::size_t>(bits);
    }
    take(value);
  }
}

}  // namespace stave::parquet
