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

// What one thread takes from the pieces that it looks at.
class PieceSampler {
 public:
  PieceSampler(const Load& load, std::size_t key, std::span<const std::size_t> targets,
               unsigned shift)
      : load_(load), key_(key), targets_(targets), shift_(shift), values_(targets.size()) {}

  Result<void> sample(const Piece& piece) {
    if (!piece.holds_values(key_)) return {};
    Result<std::string_view> key_bytes = load_.pieces.column_bytes(piece, key_, room_);
    if (!key_bytes) return pass(key_bytes);
    if (codes_.size() < piece.rows) {
      codes_.resize(piece.rows);
      rows_.resize(piece.rows);
    }
    PieceIntegers(piece.rows, *key_bytes).read(piece.rows, {}, codes_.data());
    // Without branches: which rows are taken cannot be foreseen.
    std::size_t taken = 0;
    for (std::uint32_t row = 0; row < piece.rows; ++row) {
      rows_[taken] = row;
      taken += codes_[row] != kNullCode && is_sampled(codes_[row], shift_) ? 1U : 0U;
    }
    for (std::size_t i = 0; taken > 0 && i < targets_.size(); ++i) {
      if (!piece.holds_values(targets_[i])) continue;
      Result<std::string_view> bytes = load_.pieces.column_bytes(piece, targets_[i], room_);
      if (!bytes) return pass(bytes);
      const PieceIntegers values(piece.rows, *bytes);
      for (const std::uint32_t row : std::span(rows_).first(taken)) {
        if (values.are_codes() || !values.is_null(row)) {
          values_[i].emplace_back(codes_[row], values.at(row));
        }
      }
    }
    return {};
  }

  const SampledValues& values_of(std::size_t target) const { return values_[target]; }

 private:
  const Load& load_;
  std::size_t key_;
  std::span<const std::size_t> targets_;
  unsigned shift_;
  std::vector<SampledValues> values_;  // by target
  std::string room_;
  std::vector<std::uint32_t> codes_;
  std::vector<std::uint32_t> rows_;
};

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
  // In any order: they are sorted.
  const auto threads = static_cast<std::size_t>(load.threads);
  std::vector<PieceSampler> parts(threads, PieceSampler(load, key, targets, shift));
  Result<void> sampled = run_parallel(threads, load.threads, [&](std::size_t part) -> Result<void> {
    for (std::size_t i = part; i < pieces.size(); i += threads) {
      if (Result<void> done = parts[part].sample(*pieces[i]); !done) return done;
    }
    return {};
  });
  if (!sampled) return pass(sampled);
  KeySample sample;
  sample.key = key;
  sample.scale = static_cast<double>(std::uint64_t{1} << shift);
  sample.values.resize(targets.size());
  sampled = run_parallel(targets.size(), load.threads, [&](std::size_t i) -> Result<void> {
    SampledValues& values = sample.values[i];
    for (const PieceSampler& part : parts) {
      values.insert(values.end(), part.values_of(i).begin(), part.values_of(i).end());
    }
    std::sort(values.begin(), values.end());
    return {};
  });
  if (!sampled) return pass(sampled);
  return sample;
}

}  // namespace stave::loading
