// The one way back from the bytes of a block. Any bytes give values or kDamaged; what is allocated
// is bounded by the rows asked for and by the input. Bytes: format-spec/block.md.
#include <algorithm>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/opened_block.h"
#include "storage/codec/positions.h"
#include "storage/guarded.h"

namespace stave {
namespace {

// Moves the values that were stored side by side to their rows; zero under a null.
template <typename T>
void spread_over_nulls(std::span<const std::uint32_t> nulls, std::vector<T>& values) {
  const auto begin = values.begin();
  auto to = static_cast<std::ptrdiff_t>(values.size());
  for (auto next = static_cast<std::ptrdiff_t>(nulls.size()); next > 0; --next) {
    // The values between this null and the one after it have `next` nulls before them.
    const auto null = static_cast<std::ptrdiff_t>(nulls[static_cast<std::size_t>(next - 1)]);
    std::copy_backward(begin + null + 1 - next, begin + to - next, begin + to);
    begin[null] = T{};
    to = null;
  }
}

// The guesses for rows that hold a value.
template <typename T>
std::span<const T> without_nulls(std::span<const T> guesses, std::span<const std::uint32_t> nulls,
                                 Arena& arena) {
  if (guesses.empty() || nulls.empty() || nulls.back() >= guesses.size()) {
    return guesses;
  }
  const std::span<T> present = arena.take<T>(guesses.size() - nulls.size());
  auto next = nulls.begin();
  std::size_t at = 0;
  for (std::size_t row = 0; row < guesses.size(); ++row) {
    if (next != nulls.end() && *next == row) {
      ++next;
    } else {
      present[at++] = guesses[row];
    }
  }
  return present;
}

}  // namespace

std::optional<std::span<const std::uint32_t>> read_nulls(NodeDecoder& decoder, std::uint32_t rows,
                                                         Physical physical,
                                                         Prediction& prediction) {
  const auto nulls = read_positions(rows, decoder);
  if (!nulls) {
    return std::nullopt;
  }
  prediction.int64s = without_nulls(prediction.int64s, *nulls, decoder.arena());
  decoder.know(prediction);
  if (!nulls->empty() && physical == Physical::kCode) {
    decoder.damaged("Codes have no row set of nulls.");
    return std::nullopt;
  }
  return nulls;
}

namespace {

bool read_body(NodeDecoder& decoder, DecodedBlock& out, Prediction prediction) {
  const auto nulls = read_nulls(decoder, out.rows, out.physical, prediction);
  if (!nulls) {
    return false;
  }
  const bool sound = with_vector(out, [&](auto& values) {
    values.resize(out.rows);
    const auto stored = std::span(values).first(out.rows - nulls->size());
    if (!stored.empty() && !decoder.read_node(stored)) {
      return false;
    }
    if (!nulls->empty()) {
      spread_over_nulls(*nulls, values);
      set_validity(*nulls, out.rows, out.validity);
    }
    return true;
  });
  return sound && (decoder.in().finished() || decoder.damaged("Bytes are left over."));
}

// Rows that hold a value as places among those that do; the others are noted as nulls.
std::span<const std::uint32_t> without_nulls(const WantedRows& wanted,
                                             std::span<const std::uint32_t> nulls,
                                             DecodedBlock& out) {
  if (nulls.empty()) {
    return wanted.at;
  }
  const auto stored = out.scratch.take<std::uint32_t>(wanted.at.size());
  std::vector<std::uint32_t> wanted_nulls;
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < wanted.at.size(); ++i) {
    const auto null = std::ranges::lower_bound(nulls, wanted.at[i]);
    if (null != nulls.end() && *null == wanted.at[i]) {
      wanted_nulls.push_back(i);
    } else {
      stored[count++] = wanted.at[i] - static_cast<std::uint32_t>(null - nulls.begin());
    }
  }
  if (!wanted_nulls.empty()) {
    set_validity(wanted_nulls, out.rows, out.validity);
  }
  return stored.first(count);
}

// As read_body.
bool pick_from_body(NodeDecoder& decoder, const WantedRows& wanted, DecodedBlock& out,
                    Prediction prediction) {
  const auto nulls = read_nulls(decoder, wanted.rows, out.physical, prediction);
  if (!nulls) {
    return false;
  }
  return with_vector(out, [&](auto& values) {
    values.resize(out.rows);
    const WantedRows stored{wanted.rows - static_cast<std::uint32_t>(nulls->size()),
                            without_nulls(wanted, *nulls, out)};
    const auto picked = std::span(values).first(stored.at.size());
    if (!picked.empty() && !decoder.pick_node(stored, picked)) {
      return false;
    }
    spread_over_valid(picked.size(), out, values);
    return true;
  });
}

}  // namespace

Result<void> decode_block_beside(std::span<const std::byte> block, Physical physical,
                                 std::uint32_t rows, DecodedBlock& out,
                                 const Prediction& prediction) {
  if (rows > kBlockRows) {
    return too_many_rows(rows);
  }
  return guarded("a block was decoded", [&] {
    out.physical = physical;
    out.rows = rows;
    out.validity.clear();
    return open_block(block, rows, out.scratch,
                      [&](NodeDecoder& decoder) { return read_body(decoder, out, prediction); });
  });
}

Result<void> pick_block_beside(std::span<const std::byte> block, Physical physical,
                               const WantedRows& wanted, DecodedBlock& out,
                               const Prediction& prediction) {
  if (wanted.rows > kBlockRows) {
    return too_many_rows(wanted.rows);
  }
  return guarded("a block was decoded", [&] {
    out.physical = physical;
    out.rows = static_cast<std::uint32_t>(wanted.at.size());
    out.validity.clear();
    if (wanted.at.empty()) return Result<void>();
    return open_block(block, wanted.rows, out.scratch, [&](NodeDecoder& decoder) {
      return pick_from_body(decoder, wanted, out, prediction);
    });
  });
}

Result<void> decode_block(std::span<const std::byte> block, Physical physical, std::uint32_t rows,
                          DecodedBlock& out, const Prediction& prediction) {
  out.scratch.reset();
  return decode_block_beside(block, physical, rows, out, prediction);
}

}  // namespace stave
