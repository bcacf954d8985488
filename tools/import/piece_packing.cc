// Narrowed in a buffer of their new type first: a loop from one array to another is one that
// compilers turn into vectors.
#include "tools/import/piece_packing.h"

#include <array>
#include <cstring>

namespace stave::loading {

namespace {

template <typename Narrow, typename Value>
void append_as(std::span<const Value> values, std::string& out) {
  std::array<Narrow, kPackedBlock> narrow;
  for (std::size_t i = 0; i < values.size(); ++i) narrow[i] = static_cast<Narrow>(values[i]);
  out.append(reinterpret_cast<const char*>(narrow.data()), values.size() * sizeof(Narrow));
}

template <typename Value>
void append_three_bytes(std::span<const Value> values, std::string& out) {
  constexpr std::size_t kWidth = 3;
  std::array<char, kPackedBlock * kWidth + 1> bytes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // As four bytes; the next value puts the fourth right.
    const auto value = static_cast<std::uint32_t>(values[i]);
    std::memcpy(bytes.data() + i * kWidth, &value, sizeof(value));
  }
  out.append(bytes.data(), values.size() * kWidth);
}

template <typename Value>
void append_any(std::span<const Value> values, std::uint8_t width, std::string& out) {
  switch (width) {
    case 0:
      return;
    case 1:
      return append_as<std::uint8_t>(values, out);
    case 2:
      return append_as<std::uint16_t>(values, out);
    case 3:
      return append_three_bytes(values, out);
    case 4:
      return append_as<std::uint32_t>(values, out);
    default:
      return append_as<std::uint64_t>(values, out);
  }
}

}  // namespace

std::uint8_t width_of(std::uint64_t largest) {
  if (largest == 0) return 0;
  if (largest < 1ULL << 8) return 1;
  if (largest < 1ULL << 16) return 2;
  if (largest < 1ULL << 24) return 3;
  if (largest < 1ULL << 32) return 4;
  return 8;
}

void append_packed(std::span<const std::uint32_t> values, std::uint8_t width, std::string& out) {
  append_any(values, width, out);
}

void append_packed(std::span<const std::uint64_t> values, std::uint8_t width, std::string& out) {
  append_any(values, width, out);
}

}  // namespace stave::loading
