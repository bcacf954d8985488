// A block asked which of its rows pass a test, and for some of its rows given as bits. Damage that
// touches none of them may go unseen, as checksums are tested before. Bytes: format-spec/block.md.
#include <algorithm>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/opened_block.h"
#include "storage/codec/selection.h"
#include "storage/guarded.h"

namespace stave {
namespace {

bool test_body(NodeDecoder& decoder, std::uint32_t rows, Physical physical, const ValueTest& test,
               Prediction prediction, std::uint64_t* bits) {
  const auto nulls = read_nulls(decoder, rows, physical, prediction);
  if (!nulls) {
    return false;
  }
  if (test.nulls) {
    mark_valid(*nulls, rows, bits);
    invert_bits(bits, rows);
    return true;
  }
  const std::uint32_t stored = rows - static_cast<std::uint32_t>(nulls->size());
  if (stored == 0) {
    fill_bits(bits, rows, false);
    return true;
  }
  std::uint64_t* const passed = nulls->empty() ? bits : take_bits(decoder.arena(), stored);
  if (!decoder.test_node(physical, stored, test, passed)) {
    return false;
  }
  if (test.negated) {
    invert_bits(passed, stored);
  }
  if (!nulls->empty()) {
    std::uint64_t* const valid = take_bits(decoder.arena(), rows);
    mark_valid(*nulls, rows, valid);
    expand_bits(passed, valid, words_of(rows), bits);
  }
  return true;
}

bool keep_from_body(NodeDecoder& decoder, const KeptRows& kept, DecodedBlock& out,
                    Prediction prediction) {
  const auto nulls = read_nulls(decoder, kept.rows, out.physical, prediction);
  if (!nulls) {
    return false;
  }
  KeptRows stored = kept;
  if (!nulls->empty()) {
    Arena& arena = decoder.arena();
    std::uint64_t* const valid = take_bits(arena, kept.rows);
    mark_valid(*nulls, kept.rows, valid);
    const std::size_t count = kept.rows - nulls->size();
    stored = kept_of(kept, valid, count, arena);
    if (stored.kept < kept.kept) {
      const KeptRows are_valid = kept_of({kept.rows, valid, static_cast<std::uint32_t>(count)},
                                         kept.bits, kept.kept, arena);
      out.validity.assign(are_valid.bits, are_valid.bits + words_of(kept.kept));
    }
  }
  return with_vector(out, [&](auto& values) {
    values.resize(out.rows);
    const auto picked = std::span(values).first(stored.kept);
    if (!picked.empty() && !decoder.keep_node(stored, picked)) {
      return false;
    }
    spread_over_valid(stored.kept, out, values);
    return true;
  });
}

}  // namespace

Result<void> test_block_beside(std::span<const std::byte> block, Physical physical,
                               std::uint32_t rows, const ValueTest& test, DecodedBlock& room,
                               const Prediction& prediction, std::uint64_t* bits) {
  if (rows > kBlockRows) {
    return too_many_rows(rows);
  }
  return guarded("a block was searched", [&] {
    return open_block(block, rows, room.scratch, [&](NodeDecoder& decoder) {
      return test_body(decoder, rows, physical, test, prediction, bits);
    });
  });
}

Result<void> keep_block_beside(std::span<const std::byte> block, Physical physical,
                               const KeptRows& kept, DecodedBlock& out,
                               const Prediction& prediction) {
  if (kept.rows > kBlockRows) {
    return too_many_rows(kept.rows);
  }
  return guarded("a block was decoded", [&] {
    out.physical = physical;
    out.rows = kept.kept;
    out.validity.clear();
    if (kept.kept == 0) return Result<void>();
    return open_block(block, kept.rows, out.scratch, [&](NodeDecoder& decoder) {
      return keep_from_body(decoder, kept, out, prediction);
    });
  });
}

}  // namespace stave
