// Rows as hashes of 128 bits over some of their columns, to tell which are equal: among 10^10
// rows two different ones have the same hash with a chance of 10^-19.
// Invariant: equal values give equal hashes wherever they are stored; null is a value of its own.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/column_file.h"

namespace stave::loading {

struct RowHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const RowHash&) const = default;
};

struct HashOfRowHash {
  using is_avalanching = void;
  std::size_t operator()(const RowHash& hash) const { return hash.low; }
};
using RowSet = boost::unordered_flat_set<RowHash, HashOfRowHash>;
inline constexpr std::uint64_t kBytesForEachHash = 40;  // of a set that has just grown

// The hashes of a run of rows, column after column.
class RowHashes {
 public:
  void start(std::size_t rows);
  void add(const ColumnValues& values);
  void add_nulls();

  std::size_t size() const { return hashes_.size(); }
  const RowHash& at(std::size_t row) const { return hashes_[row]; }
  // Whether any column of the row was not null.
  bool has_value(std::size_t row) const { return has_value_[row] != 0; }

 private:
  void add_null(std::size_t row);
  void add_words(std::size_t row, std::uint64_t first, std::uint64_t second);

  std::vector<RowHash> hashes_;
  std::vector<std::uint8_t> has_value_;
};

}  // namespace stave::loading
