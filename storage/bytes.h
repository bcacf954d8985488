// Little-endian bytes in and out, as every file of a store has them (format-spec/README.md).
// Invariant: a ByteReader never leaves its span. The first read that would fails it for good: that
// read and all later ones give zero or nothing, so callers test `ok()` once, before they trust,
// loop over or allocate by what they read.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace stave {

static_assert(std::endian::native == std::endian::little, "Stave runs on little-endian machines.");

// An unsigned LEB128 of 64 bits has at most this many bytes.
inline constexpr std::size_t kMaxVarintBytes = 10;

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  explicit ByteReader(std::string_view bytes) : bytes_(std::as_bytes(std::span(bytes))) {}

  bool ok() const { return ok_; }
  void fail() { ok_ = false; }
  std::size_t position() const { return position_; }
  std::size_t remaining() const { return ok_ ? bytes_.size() - position_ : 0; }
  // All of the input was read, and nothing beyond it.
  bool finished() const { return ok_ && position_ == bytes_.size(); }

  std::uint8_t read_u8() { return read_fixed<std::uint8_t>(); }
  std::uint16_t read_u16() { return read_fixed<std::uint16_t>(); }
  std::uint32_t read_u32() { return read_fixed<std::uint32_t>(); }
  std::uint64_t read_u64() { return read_fixed<std::uint64_t>(); }
  std::int32_t read_i32() { return read_fixed<std::int32_t>(); }
  std::int64_t read_i64() { return read_fixed<std::int64_t>(); }

  // Any trivially copyable value in its little-endian form.
  template <typename T>
  T read_fixed() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    if (remaining() < sizeof(T)) {
      fail();
      return value;
    }
    std::memcpy(&value, bytes_.data() + position_, sizeof(T));
    position_ += sizeof(T);
    return value;
  }

  // Only the shortest form is accepted, so that equal values are equal bytes.
  std::uint64_t read_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      const std::uint8_t part = read_u8();
      const bool overflows = shift == 63 && part > 1;
      const bool padded = shift > 0 && part == 0;
      if (!ok_ || overflows || padded) {
        break;
      }
      value |= static_cast<std::uint64_t>(part & 0x7F) << shift;
      if (part < 0x80) {
        return value;
      }
    }
    fail();
    return 0;
  }
  std::int64_t read_signed_varint() { return unzigzag(read_varint()); }
  // A varint that must fit 32 bits.
  std::uint32_t read_varint32() {
    const std::uint64_t value = read_varint();
    if (value > 0xFFFFFFFFU) {
      fail();
      return 0;
    }
    return static_cast<std::uint32_t>(value);
  }

  std::span<const std::byte> read_bytes(std::uint64_t count) {
    if (count > remaining()) {
      fail();
      return {};
    }
    const auto part = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += part.size();
    return part;
  }
  // A varint length and that many bytes, which the view points into.
  std::string_view read_text() {
    const auto part = read_bytes(read_varint());
    return {reinterpret_cast<const char*>(part.data()), part.size()};
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

// Appends to a string that the caller owns.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  std::size_t size() const { return out_.size(); }

  void write_u8(std::uint8_t value) { write_fixed(value); }
  void write_u16(std::uint16_t value) { write_fixed(value); }
  void write_u32(std::uint32_t value) { write_fixed(value); }
  void write_u64(std::uint64_t value) { write_fixed(value); }
  void write_i32(std::int32_t value) { write_fixed(value); }
  void write_i64(std::int64_t value) { write_fixed(value); }

  template <typename T>
  void write_fixed(T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out_.append(bytes, sizeof(T));
  }

  void write_varint(std::uint64_t value) {
    while (value >= 0x80) {
      write_u8(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    write_u8(static_cast<std::uint8_t>(value));
  }
  void write_signed_varint(std::int64_t value) { write_varint(zigzag(value)); }

  void write_bytes(std::span<const std::byte> bytes) {
    out_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void write_bytes(std::string_view bytes) { out_.append(bytes); }
  void write_text(std::string_view text) {
    write_varint(text.size());
    out_.append(text);
  }

 private:
  std::string& out_;
};

}  // namespace stave
