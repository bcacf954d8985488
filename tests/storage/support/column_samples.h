// Columns of every kind and shape for round trips: what codecs are for, and what breaks them.
#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "storage/codec/node.h"
#include "storage/column_file.h"

namespace stave::testing {

// Owns what its ColumnValues view; so it moves, but is not copied.
struct ColumnSample {
  ColumnSample(std::string sample_name, Physical kind)
      : name(std::move(sample_name)), physical(kind) {}
  ColumnSample(ColumnSample&&) = default;
  ColumnSample& operator=(ColumnSample&&) = default;

  std::string name;
  Physical physical;
  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::deque<std::string> texts;
  std::vector<std::string_view> strings;
  std::vector<std::uint64_t> validity;

  std::uint32_t rows() const;
  ColumnValues values() const;
  // What a codec is given, whatever is null.
  NodeValues node_values() const;
  // Makes about `share` of the rows null.
  void add_nulls(double share, std::mt19937_64& random);
};

// Every shape of this kind with so many rows.
std::vector<ColumnSample> column_samples(Physical physical, std::uint32_t rows,
                                         std::mt19937_64& random);

inline constexpr Physical kAllPhysicals[] = {Physical::kCode, Physical::kInt64, Physical::kInt128,
                                             Physical::kFloat64, Physical::kString};

// Row counts at every kind of border.
inline constexpr std::uint32_t kRowCounts[] = {1, 2, 63, 64, 65, 1000, 1024, 3000, 16383, 16384};

}  // namespace stave::testing
