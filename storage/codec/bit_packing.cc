// The layout of packed integers, value by value: the reference that the kernels are held to, and
// the bit stream after the last whole group. Bytes: format-spec/codecs/bit-packing.md.
#include "storage/codec/bit_packing.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "storage/codec/bit_packing_kernels.h"
#include "storage/codec/keep_kernels.h"

namespace stave {
namespace {

constexpr std::uint64_t mask_of(unsigned width) {
  return width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

// Where value `index` of a whole group begins: which bit of which word.
struct GroupPlace {
  std::size_t word;     // byte offset of the word within the group
  std::size_t next;     // byte offset of the word that holds the rest
  unsigned word_bytes;  // 4 or 8
  unsigned shift;
};

GroupPlace place_in_group(std::uint32_t index, unsigned width) {
  const unsigned word_bits = width <= 32 ? 32 : 64;
  const unsigned lanes = kGroupValues / word_bits;
  const unsigned bit = index / lanes * width;
  const std::size_t word = std::size_t{bit / word_bits} * lanes + index % lanes;
  const unsigned word_bytes = word_bits / 8;
  return {word * word_bytes, (word + lanes) * word_bytes, word_bytes, bit % word_bits};
}

std::uint64_t load_word(const std::byte* in, std::size_t bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, in, bytes);
  return word;
}

void or_word(std::byte* out, std::uint64_t bits, unsigned bytes) {
  const std::uint64_t word = load_word(out, bytes) | bits;
  std::memcpy(out, &word, bytes);
}

// The tail is one little-endian bit stream: value i in bits [i * width, (i + 1) * width).
std::uint64_t unpack_from_stream(const std::byte* in, std::size_t bytes, unsigned width,
                                 std::uint32_t index) {
  const std::size_t bit = std::size_t{index} * width;
  const std::size_t first = bit / 8;
  const unsigned shift = bit % 8;
  std::uint64_t value = load_word(in + first, std::min<std::size_t>(8, bytes - first)) >> shift;
  if (shift + width > 64) {
    value |= std::to_integer<std::uint64_t>(in[first + 8]) << (64 - shift);
  }
  return value & mask_of(width);
}

template <typename Value>
void pack_stream(const Value* values, std::uint32_t count, unsigned width, Value base,
                 std::byte* out) {
  std::uint64_t word = 0;
  unsigned filled = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t value = static_cast<Value>(values[i] - base);
    word |= value << filled;
    filled += width;
    if (filled >= 64) {
      std::memcpy(out, &word, 8);
      out += 8;
      filled -= 64;
      word = filled == 0 ? 0 : value >> (width - filled);
    }
  }
  if (filled > 0) {
    std::memcpy(out, &word, (filled + 7) / 8);
  }
}

// Calls `first(stream)` once for the values of a tail that a kernel can take, which gives how many
// it took, and `each(index, value)` for the others. The tail is copied, so that each value can be
// taken from whole words.
template <typename First, typename Each>
void unpack_stream(const std::byte* in, std::uint32_t count, unsigned width, First first,
                   Each each) {
  if (count == 0) {
    return;
  }
  std::array<std::byte, kGroupValues * 8 + 16> padded;
  const std::size_t bytes = (std::size_t{count} * width + 7) / 8;
  std::memcpy(padded.data(), in, bytes);
  std::memset(padded.data() + bytes, 0, 16);
  const std::uint64_t mask = mask_of(width);
  std::uint32_t i = 0;
  if (width <= kMostStreamWidth) {
    i = static_cast<std::uint32_t>(first(padded.data()));
  }
  for (; i < count; ++i) {
    const std::size_t bit = std::size_t{i} * width;
    const unsigned shift = bit % 8;
    std::uint64_t value = load_word(padded.data() + bit / 8, 8) >> shift;
    if (shift + width > 64) {
      value |= std::to_integer<std::uint64_t>(padded[bit / 8 + 8]) << (64 - shift);
    }
    each(i, value & mask);
  }
}

}  // namespace

void pack_bits_scalar(const std::uint64_t* values, std::uint32_t count, unsigned width,
                      std::byte* out) {
  if (width == 0) {
    return;
  }
  std::memset(out, 0, packed_bytes(count, width));
  const std::uint32_t whole = count / kGroupValues * kGroupValues;
  for (std::uint32_t i = 0; i < whole; ++i) {
    std::byte* group = out + packed_bytes(i / kGroupValues * kGroupValues, width);
    const GroupPlace place = place_in_group(i % kGroupValues, width);
    or_word(group + place.word, values[i] << place.shift, place.word_bytes);
    if (place.shift + width > place.word_bytes * 8) {
      or_word(group + place.next, values[i] >> (place.word_bytes * 8 - place.shift),
              place.word_bytes);
    }
  }
  pack_stream<std::uint64_t>(values + whole, count - whole, width, 0,
                             out + packed_bytes(whole, width));
}

std::uint64_t unpack_one(const std::byte* in, std::uint32_t count, unsigned width,
                         std::uint32_t index) {
  if (width == 0) {
    return 0;
  }
  const std::uint32_t whole = count / kGroupValues * kGroupValues;
  if (index >= whole) {
    const std::size_t before = packed_bytes(whole, width);
    return unpack_from_stream(in + before, packed_bytes(count, width) - before, width,
                              index - whole);
  }
  const std::byte* group = in + packed_bytes(index / kGroupValues * kGroupValues, width);
  const GroupPlace place = place_in_group(index % kGroupValues, width);
  std::uint64_t value = load_word(group + place.word, place.word_bytes) >> place.shift;
  if (place.shift + width > place.word_bytes * 8) {
    value |= load_word(group + place.next, place.word_bytes)
             << (place.word_bytes * 8 - place.shift);
  }
  return value & mask_of(width);
}

void pack_bits(const std::uint32_t* values, std::uint32_t count, unsigned width, std::uint32_t base,
               std::byte* out) {
  if (width == 0) {
    return;
  }
  const std::uint32_t groups = count / kGroupValues;
  pack_groups(values, groups, width, base, out);
  const std::uint32_t whole = groups * kGroupValues;
  pack_stream(values + whole, count - whole, width, base, out + packed_bytes(whole, width));
}

void pack_bits(const std::uint64_t* values, std::uint32_t count, unsigned width, std::uint64_t base,
               std::byte* out) {
  if (width == 0) {
    return;
  }
  const std::uint32_t groups = count / kGroupValues;
  pack_groups(values, groups, width, base, out);
  const std::uint32_t whole = groups * kGroupValues;
  pack_stream(values + whole, count - whole, width, base, out + packed_bytes(whole, width));
}

void unpack_bits(const std::byte* in, std::uint32_t count, unsigned width, std::uint32_t base,
                 std::uint32_t* values) {
  if (width == 0) {
    std::fill_n(values, count, base);
    return;
  }
  const std::uint32_t groups = count / kGroupValues;
  unpack_groups(in, groups, width, base, values);
  const std::uint32_t whole = groups * kGroupValues;
  std::uint32_t* const tail = values + whole;
  unpack_stream(
      in + packed_bytes(whole, width), count - whole, width,
      [&](const std::byte* stream) {
        return unpack_stream_lanes(stream, count - whole, width, base, tail);
      },
      [&](std::uint32_t i, std::uint64_t value) {
        tail[i] = base + static_cast<std::uint32_t>(value);
      });
}

void unpack_bits(const std::byte* in, std::uint32_t count, unsigned width, std::uint64_t base,
                 std::uint64_t factor, std::uint64_t* values) {
  if (width == 0) {
    std::fill_n(values, count, base);
    return;
  }
  const std::uint32_t groups = count / kGroupValues;
  unpack_groups(in, groups, width, base, factor, values);
  const std::uint32_t whole = groups * kGroupValues;
  std::array<std::uint32_t, kGroupValues> narrow;
  unpack_stream(
      in + packed_bytes(whole, width), count - whole, width,
      [&](const std::byte* stream) {
        const std::size_t done =
            unpack_stream_lanes(stream, count - whole, width, 0, narrow.data());
        widen(narrow.data(), done, base, factor, values + whole);
        return done;
      },
      [&](std::uint32_t i, std::uint64_t value) { values[whole + i] = base + value * factor; });
}

}  // namespace stave
