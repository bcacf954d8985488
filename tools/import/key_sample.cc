// A sample of rows would not do: how well a key predicts shows in all the rows of one key.
#include "tools/import/key_sample.h"

#include <algorithm>
#include <bit>

#include "tools/import/parallel.h"

namespace stave::loading {
namespace {

constexpr std::uint64_t kWantedRows = 1 << 15;

// Codes are dense and in order of arrival; the product spreads them.
bool is_sampled(std::uint32_t code, unsigned shift) {
  return std::uint64_t{code * 0x9E3779B1U} >> (32 - shift) == 0;
}

struct PieceSample {
  std::vector<std::vector<std::pair<std::uint32_t, std::int64_t>>> values;
};

Result<void> sample_piece(const Load& load, const Piece& piece, std::size_t key,
                          std::span<const std::size_t> targets, unsigned shift,
                          PieceSample& sample) {
  sample.values.resize(targets.size());
  if (!piece.holds_values(key)) {
    return {};
  }
  std::string room;
  Result<std::string_view> key_bytes = load.pieces.column_bytes(piece, key, room);
  if (!key_bytes) return pass(key_bytes);
  std::vector<std::uint32_t> codes(piece.rows);
  PieceIntegers(piece.rows, *key_bytes).read(piece.rows, {}, codes.data());
  // Without branches: which rows are taken cannot be foreseen.
  std::vector<std::uint32_t> rows(piece.rows);
  std::size_t taken = 0;
  for (std::uint32_t row = 0; row < piece.rows; ++row) {
    rows[taken] = row;
    taken += codes[row] != kNullCode && is_sampled(codes[row], shift) ? 1U : 0U;
  }
  rows.resize(taken);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!piece.holds_values(targets[i])) continue;
    Result<std::string_view> bytes = load.pieces.column_bytes(piece, targets[i], room);
    if (!bytes) return pass(bytes);
    const PieceIntegers values(piece.rows, *bytes);
    for (const std::uint32_t row : rows) {
      if (values.are_codes() || !values.is_null(row)) {
        sample.values[i].emplace_back(codes[row], values.at(row));
      }
    }
  }
  return {};
}

}  // namespace

Result<KeySample> sample_keys(const Load& load, std::size_t key,
                              std::span<const std::size_t> targets) {
  std::vector<const Piece*> pieces;
  std::uint64_t rows = 0;
  for (const auto& [day, of_day] : load.pieces.days()) {
    for (const Piece& piece : of_day) {
      pieces.push_back(&piece);
      rows += piece.rows;
    }
  }
  const auto shift = static_cast<unsigned>(std::bit_width(rows / kWantedRows));
  std::vector<PieceSample> parts(pieces.size());
  Result<void> sampled = run_parallel(pieces.size(), load.threads, [&](std::size_t i) {
    return sample_piece(load, *pieces[i], key, targets, shift, parts[i]);
  });
  if (!sampled) return pass(sampled);
  KeySample sample;
  sample.key = key;
  sample.scale = static_cast<double>(std::uint64_t{1} << shift);
  sample.values.resize(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    for (const PieceSample& part : parts) {
      sample.values[i].insert(sample.values[i].end(), part.values[i].begin(), part.values[i].end());
    }
  }
  sampled = run_parallel(targets.size(), load.threads, [&](std::size_t i) -> Result<void> {
    std::sort(sample.values[i].begin(), sample.values[i].end());
    return {};
  });
  if (!sampled) return pass(sampled);
  return sample;
}

}  // namespace stave::loading
