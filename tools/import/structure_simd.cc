// Structure of CSV text, 64 bytes at a time: one bit mask for each kind of byte, and the bits
// between quotes as the running exclusive-or of the quotes. Quotes are taken to flip inside and
// outside, which is right for all well-formed text; that they only stand where a field begins or
// ends is verified on the way (see structure.h).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tools/import/structure_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <bit>
#include <cstring>

#include "storage/kernel_dispatch.h"
#include "tools/import/structure.h"

HWY_BEFORE_NAMESPACE();
namespace stave::loading {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kBlock = 64;

struct BlockMasks {
  std::uint64_t separator = 0;
  std::uint64_t quote = 0;
  std::uint64_t line_feed = 0;
  std::uint64_t carriage_return = 0;
  std::uint64_t valid = ~std::uint64_t{0};  // bits of bytes before the end of the text
  bool ascii = true;
};

// The bytes that mean something; a quote that there is not has no bits.
struct Marks {
  explicit Marks(const Dialect& dialect)
      : separator(static_cast<std::uint8_t>(dialect.separator.front())),
        quote(static_cast<std::uint8_t>(dialect.quote)),
        quote_bits(dialect.has_quote() ? ~std::uint64_t{0} : 0),
        lone_returns(dialect.has_lone_returns()) {}
  std::uint8_t separator;
  std::uint8_t quote;
  std::uint64_t quote_bits;
  bool lone_returns;
};

using Tag = hn::CappedTag<std::uint8_t, kBlock>;

template <typename Mask>
HWY_INLINE std::uint64_t bits_of(Mask mask, std::size_t lane) {
  std::uint8_t bytes[2 * sizeof(std::uint64_t)] = {};
  hn::StoreMaskBits(Tag(), mask, bytes);
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word << lane;
}

HWY_INLINE BlockMasks find_all_masks(const char* text, Marks marks) {
  const Tag tag;
  const auto separator = hn::Set(tag, marks.separator);
  const auto quote = hn::Set(tag, marks.quote);
  const auto line_feed = hn::Set(tag, static_cast<std::uint8_t>('\n'));
  const auto carriage_return = hn::Set(tag, static_cast<std::uint8_t>('\r'));
  BlockMasks masks;
  auto all = hn::Zero(tag);
  for (std::size_t lane = 0; lane < kBlock; lane += hn::Lanes(tag)) {
    const auto bytes = hn::LoadU(tag, reinterpret_cast<const std::uint8_t*>(text) + lane);
    all = hn::Or(all, bytes);
    masks.separator |= bits_of(hn::Eq(bytes, separator), lane);
    masks.quote |= bits_of(hn::Eq(bytes, quote), lane);
    masks.line_feed |= bits_of(hn::Eq(bytes, line_feed), lane);
    masks.carriage_return |= bits_of(hn::Eq(bytes, carriage_return), lane);
  }
  masks.quote &= marks.quote_bits;
  masks.ascii = hn::AllFalse(tag, hn::Gt(all, hn::Set(tag, std::uint8_t{0x7F})));
  return masks;
}

// Bit i: the exclusive-or of bits 0..i.
HWY_INLINE std::uint64_t running_xor(std::uint64_t bits) {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

// What one block hands on to the next.
class QuoteCarry {
 public:
  // The bits inside quotes (opening quotes among them), verifying their places.
  HWY_INLINE std::uint64_t inside(const BlockMasks& masks) {
    const std::uint64_t border =
        masks.separator | masks.quote | masks.line_feed | masks.carriage_return;
    std::uint64_t inside_bits = inside_;
    if ((masks.quote | after_close_) != 0) {
      inside_bits = running_xor(masks.quote) ^ inside_;
      const std::uint64_t opening = masks.quote & inside_bits;
      const std::uint64_t closing = masks.quote & ~inside_bits;
      wrong_ |= opening & ~((border << 1) | after_border_);
      wrong_ |= ((closing << 1) | after_close_) & ~border & masks.valid;
      after_close_ = closing >> 63;
      inside_ = (inside_bits >> 63) != 0 ? ~std::uint64_t{0} : 0;
    }
    after_border_ = border >> 63;
    return inside_bits;
  }
  bool inside_at_end() const { return inside_ != 0; }
  // Whether a block without quotes has nothing inside quotes, and none that ends before it.
  bool is_outside() const { return (inside_ | after_close_) == 0; }
  // Over such a block.
  HWY_INLINE void pass_plain(std::uint64_t border) { after_border_ = border >> 63; }
  bool well_quoted() const { return wrong_ == 0; }

 private:
  std::uint64_t inside_ = 0;  // all ones or none
  std::uint64_t after_border_ = 1;
  std::uint64_t after_close_ = 0;
  std::uint64_t wrong_ = 0;
};

// A last block that is not full is copied out first, so that nothing behind the text counts.
HWY_INLINE BlockMasks find_masks(const char* text, std::size_t at, std::size_t size, Marks marks) {
  if (size - at >= kBlock) return find_all_masks(text + at, marks);
  char last[kBlock] = {};
  std::memcpy(last, text + at, size - at);
  BlockMasks masks = find_all_masks(last, marks);
  masks.valid = (std::uint64_t{1} << (size - at)) - 1;
  masks.separator &= masks.valid;
  masks.quote &= masks.valid;
  return masks;
}

HWY_INLINE std::uint64_t find_line_ends(const BlockMasks& masks, const char* text, std::size_t at,
                                        std::size_t size) {
  if (masks.carriage_return == 0) return masks.line_feed;
  const bool line_feed_follows = size - at > kBlock && text[at + kBlock] == '\n';
  const std::uint64_t next_is_line_feed =
      (masks.line_feed >> 1) | (line_feed_follows ? std::uint64_t{1} << 63 : 0);
  return masks.line_feed | (masks.carriage_return & ~next_is_line_feed);
}

HWY_INLINE void append_positions(std::uint64_t bits, std::size_t at, Structure& out) {
  std::uint32_t* to = out.positions.data() + out.position_count;
  const auto base = static_cast<std::uint32_t>(at);
  const auto count = static_cast<std::size_t>(std::popcount(bits));
  out.position_count += count;
#if HWY_TARGET <= HWY_AVX3
  // What stands behind the last position is written over or never read.
  const hn::CappedTag<std::uint32_t, 16> tag;
  alignas(64) static constexpr std::uint32_t kPlaces[] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                          8, 9, 10, 11, 12, 13, 14, 15};
  std::uint8_t masks[sizeof(bits)];
  std::memcpy(masks, &bits, sizeof(bits));
  for (std::size_t part = 0; part < kBlock; part += 16) {
    const auto places =
        hn::Add(hn::Load(tag, kPlaces), hn::Set(tag, base + static_cast<std::uint32_t>(part)));
    const auto mask = hn::LoadMaskBits(tag, masks + part / 8);
    hn::StoreU(hn::Compress(places, mask), tag, to);
    to += hn::CountTrue(tag, mask);
  }
#else
  // Eight at a time whatever the count: cheaper than a branch for each, and there is room.
  for (std::size_t done = 0; done < count; done += 8) {
    for (std::size_t i = 0; i < 8; ++i) {
      to[done + i] = base + static_cast<std::uint32_t>(std::countr_zero(bits));
      bits &= bits - 1;
    }
  }
#endif
}

// Two whatever the count, for the same reason: most rows are longer than half a block.
HWY_INLINE void append_row_ends(std::uint64_t row_ends, std::uint64_t structural, Structure& out) {
  std::uint32_t* to = out.row_ends.data() + out.row_count;
  const auto count = static_cast<std::size_t>(std::popcount(row_ends));
  for (std::size_t done = 0; done < count || done == 0; done += 2) {
    for (std::size_t i = 0; i < 2; ++i) {
      const std::uint64_t before = structural & ((row_ends & (~row_ends + 1)) - 1);
      to[done + i] = static_cast<std::uint32_t>(out.position_count +
                                                static_cast<std::size_t>(std::popcount(before)));
      row_ends &= row_ends - 1;
    }
  }
  out.row_count += count;
}

// Separators and line ends of a block that has no quote, no carriage return and nothing but ASCII;
// false where it has.
HWY_INLINE bool find_plain_masks(const char* text, const Marks& marks, std::uint64_t& separators,
                                 std::uint64_t& line_feeds) {
  const Tag tag;
  const auto separator = hn::Set(tag, marks.separator);
  // The mark of a dialect without quotes is a carriage return once more.
  const auto quote = hn::Set(tag, marks.quote_bits == 0 ? std::uint8_t{'\r'} : marks.quote);
  const auto line_feed = hn::Set(tag, static_cast<std::uint8_t>('\n'));
  const auto carriage_return = hn::Set(tag, static_cast<std::uint8_t>('\r'));
  separators = 0;
  line_feeds = 0;
  auto high = hn::Zero(tag);
  auto special = hn::Ne(high, high);  // none
  for (std::size_t lane = 0; lane < kBlock; lane += hn::Lanes(tag)) {
    const auto bytes = hn::LoadU(tag, reinterpret_cast<const std::uint8_t*>(text) + lane);
    high = hn::Or(high, bytes);
    special = hn::Or(special, hn::Or(hn::Eq(bytes, quote), hn::Eq(bytes, carriage_return)));
    separators |= bits_of(hn::Eq(bytes, separator), lane);
    line_feeds |= bits_of(hn::Eq(bytes, line_feed), lane);
  }
  special = hn::Or(special, hn::Gt(high, hn::Set(tag, std::uint8_t{0x7F})));
  return hn::AllFalse(tag, special);
}

void FindStructure(const char* text, std::size_t size, const Dialect& dialect, Structure& out) {
  out.clear();
  const Marks marks(dialect);
  QuoteCarry carry;
  bool ascii = true;
  bool wrong_returns = false;
  std::uint64_t returns = 0;
  std::uint64_t line_count = 0;
  for (std::size_t at = 0; at < size; at += kBlock) {
    out.reserve_block();
    std::uint64_t separators = 0;
    std::uint64_t line_ends = 0;
    if (size - at >= kBlock && carry.is_outside() &&
        find_plain_masks(text + at, marks, separators, line_ends)) [[likely]] {
      line_count += static_cast<std::uint64_t>(std::popcount(line_ends));
      carry.pass_plain(separators | line_ends);
      append_row_ends(line_ends, separators | line_ends, out);
      append_positions(separators | line_ends, at, out);
      continue;
    }
    const BlockMasks masks = find_masks(text, at, size, marks);
    returns |= masks.carriage_return;
    ascii = ascii && masks.ascii;
    line_ends = find_line_ends(masks, text, at, size);
    wrong_returns = wrong_returns || (!marks.lone_returns && (line_ends & ~masks.line_feed) != 0);
    const std::uint64_t outside = ~carry.inside(masks);
    const std::uint64_t row_ends = line_ends & outside;
    const std::uint64_t structural = (masks.separator & outside) | row_ends;
    line_count += static_cast<std::uint64_t>(std::popcount(line_ends));
    append_row_ends(row_ends, structural, out);
    append_positions(structural, at, out);
  }
  out.line_ends += line_count;
  out.ascii = ascii;
  out.any_return = returns != 0;
  out.well_quoted = carry.well_quoted() && !carry.inside_at_end() && !wrong_returns;
}

RowBorder FindRowBorder(const char* text, std::size_t size, const Dialect& dialect) {
  const Marks marks(dialect);
  QuoteCarry carry;
  bool wrong_returns = false;
  RowBorder border;
  for (std::size_t at = 0; at < size; at += kBlock) {
    const BlockMasks masks = find_masks(text, at, size, marks);
    const std::uint64_t line_ends = find_line_ends(masks, text, at, size);
    wrong_returns = wrong_returns || (!marks.lone_returns && (line_ends & ~masks.line_feed) != 0);
    const std::uint64_t row_ends = line_ends & ~carry.inside(masks);
    if (row_ends != 0) {
      border.last_row_end = at + kBlock - static_cast<std::size_t>(std::countl_zero(row_ends));
    }
  }
  border.well_quoted = carry.well_quoted() && !wrong_returns;
  return border;
}

}  // namespace HWY_NAMESPACE
}  // namespace stave::loading
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::loading {

STAVE_KERNEL(FindStructure);
STAVE_KERNEL(FindRowBorder);

void find_structure(const char* text, std::size_t size, const Dialect& dialect, Structure& out) {
  STAVE_RUN_KERNEL(FindStructure)(text, size, dialect, out);
}

RowBorder find_row_border(const char* text, std::size_t size, const Dialect& dialect) {
  return STAVE_RUN_KERNEL(FindRowBorder)(text, size, dialect);
}

}  // namespace stave::loading
#endif
