// Row sets as a bitmap or, where they are few, as the gaps between them.
// Bytes: format-spec/block.md, "Row sets".
#include "storage/codec/positions.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "storage/bit_count.h"
#include "storage/codec/bit_packing.h"

namespace stave {
namespace {

constexpr std::uint8_t kBitmapForm = 0;
constexpr std::uint8_t kGapsForm = 1;

// A gap costs about as many bits as the logarithm of the mean gap, and two more.
bool takes_bitmap(std::uint64_t count, std::uint32_t rows, Aim aim) {
  const bool few = count == 0 || count * (bit_width_of(rows / count) + 2) < rows;
  return (aim == Aim::kFast && count > 0) || !few;
}

void write_bitmap(std::span<const std::uint32_t> positions, std::uint32_t rows, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + (rows + 7) / 8);
  char* bitmap = out.data() + before;
  for (const std::uint32_t position : positions) {
    bitmap[position / 8] = static_cast<char>(bitmap[position / 8] | (1 << position % 8));
  }
}

std::optional<RowBits> read_bitmap(std::uint32_t rows, NodeDecoder& decoder) {
  const auto bitmap = decoder.in().read_bytes((rows + 7) / 8);
  if (!decoder.in().ok()) {
    decoder.damaged("A row set is cut short.");
    return std::nullopt;
  }
  const auto words = decoder.arena().take<std::uint64_t>((std::size_t{rows} + 63) / 64);
  if (!words.empty()) {
    words.back() = 0;
    std::memcpy(words.data(), bitmap.data(), bitmap.size());
  }
  if (rows % 64 != 0 && words.back() >> rows % 64 != 0) {
    decoder.damaged("A row set names a row that is not there.");
    return std::nullopt;
  }
  return RowBits{words, static_cast<std::uint32_t>(count_set_bits(words))};
}

void list_positions(const RowBits& bits, std::uint32_t* positions) {
  std::size_t count = 0;
  for (std::uint32_t at = 0; at < bits.words.size(); ++at) {
    for (std::uint64_t word = bits.words[at]; word != 0; word &= word - 1) {
      positions[count++] = at * 64 + static_cast<std::uint32_t>(std::countr_zero(word));
    }
  }
}

std::span<const std::uint32_t> positions_in(const RowBits& bits, Arena& arena) {
  const auto positions = arena.take<std::uint32_t>(bits.set);
  list_positions(bits, positions.data());
  return positions;
}

RowBits bits_at(std::span<const std::uint32_t> positions, std::uint32_t rows, Arena& arena) {
  const auto words = arena.take<std::uint64_t>((std::size_t{rows} + 63) / 64);
  std::fill(words.begin(), words.end(), 0U);
  // Neighbours mostly share a word, which is not read back from memory for each.
  std::uint64_t word = 0;
  std::uint32_t at = 0;
  for (const std::uint32_t position : positions) {
    const std::uint64_t before = position / 64 == at ? word : 0;
    at = position / 64;
    word = before | std::uint64_t{1} << position % 64;
    words[at] = word;
  }
  return {words, static_cast<std::uint32_t>(positions.size())};
}

std::optional<std::span<const std::uint32_t>> read_gaps(std::uint32_t rows, NodeDecoder& decoder) {
  const std::uint64_t count = decoder.in().read_varint();
  if (!decoder.in().ok() || count > rows) {
    decoder.damaged("A row set has more rows than there are.");
    return std::nullopt;
  }
  const auto positions = decoder.arena().take<std::uint32_t>(count);
  if (count > 0 && !decoder.read_node(positions)) {
    return std::nullopt;
  }
  std::uint64_t next = 0;
  for (std::uint32_t& position : positions) {
    next += position;
    position = static_cast<std::uint32_t>(next++);
  }
  // They ascend: if the last one is a row, all are.
  if (next > rows) {
    decoder.damaged("A row set names a row that is not there.");
    return std::nullopt;
  }
  return positions;
}

}  // namespace

void write_positions(std::span<const std::uint32_t> positions, std::uint32_t rows,
                     NodeEncoder& encoder) {
  const std::uint64_t count = positions.size();
  if (takes_bitmap(count, rows, encoder.aim())) {
    encoder.bytes().write_u8(kBitmapForm);
    write_bitmap(positions, rows, encoder.out());
    return;
  }
  encoder.bytes().write_u8(kGapsForm);
  encoder.bytes().write_varint(count);
  std::vector<std::uint32_t> gaps(count);
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    gaps[i] = positions[i] - next;
    next = positions[i] + 1;
  }
  if (count > 0) {
    encoder.write_node(std::span<const std::uint32_t>(gaps));
  }
}

void write_row_bits(const RowBits& bits, std::uint32_t rows, NodeEncoder& encoder) {
  if (takes_bitmap(bits.set, rows, encoder.aim())) {
    encoder.bytes().write_u8(kBitmapForm);
    encoder.out().append(reinterpret_cast<const char*>(bits.words.data()), (rows + 7) / 8);
    return;
  }
  std::vector<std::uint32_t> positions(bits.set);
  list_positions(bits, positions.data());
  write_positions(positions, rows, encoder);
}

std::optional<std::span<const std::uint32_t>> read_positions(std::uint32_t rows,
                                                             NodeDecoder& decoder) {
  switch (decoder.in().read_u8()) {
    case kBitmapForm: {
      const auto bits = read_bitmap(rows, decoder);
      return bits ? std::optional(positions_in(*bits, decoder.arena())) : std::nullopt;
    }
    case kGapsForm:
      return read_gaps(rows, decoder);
    default:
      decoder.damaged("A row set has an unknown form.");
      return std::nullopt;
  }
}

std::optional<RowBits> read_row_bits(std::uint32_t rows, NodeDecoder& decoder) {
  switch (decoder.in().read_u8()) {
    case kBitmapForm:
      return read_bitmap(rows, decoder);
    case kGapsForm: {
      const auto positions = read_gaps(rows, decoder);
      return positions ? std::optional(bits_at(*positions, rows, decoder.arena())) : std::nullopt;
    }
    default:
      decoder.damaged("A row set has an unknown form.");
      return std::nullopt;
  }
}

DealtRows deal_rows(const RowBits& bits, const WantedRows& wanted, Arena& arena) {
  const auto zeros = arena.take<std::uint32_t>(wanted.at.size());
  const auto ones = arena.take<std::uint32_t>(wanted.at.size());
  std::size_t zero_count = 0;
  std::size_t one_count = 0;
  std::size_t word = 0;
  std::size_t before = 0;  // bits set in the words before
  for (const std::uint32_t row : wanted.at) {
    const std::size_t next = row / 64;
    before += count_set_bits(bits.words.subspan(word, next - word));
    word = next;
    const std::uint64_t below = bits.words[word] & ((std::uint64_t{1} << row % 64) - 1);
    const auto rank =
        static_cast<std::uint32_t>(before + static_cast<std::size_t>(std::popcount(below)));
    if (bits.holds(row)) {
      ones[one_count++] = rank;
    } else {
      zeros[zero_count++] = row - rank;
    }
  }
  return {zeros.first(zero_count), ones.first(one_count)};
}

}  // namespace stave
