// Finds the right rows of a join by key. Rows of one key lie together, in the order of the
// relation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/operators/join_keys.h"
#include "engine/operators/key_table.h"
#include "engine/operators/row_locator.h"

namespace stave {

class JoinIndex {
 public:
  JoinIndex(const JoinKeys& keys, const JoinKeys::Encoded& right);

  static constexpr std::uint32_t kNoGroup = KeyTable::kNoGroup;

  // The group of each left row, `rows` of them, for `rows_of`: kNoGroup where nothing matches.
  void find(const JoinKeys::Encoded& left, std::uint32_t rows,
            std::vector<std::uint32_t>& groups) const;
  std::span<const RowNumber> rows_of(std::uint32_t group) const {
    if (group == kNoGroup) return {};
    return std::span(rows_).subspan(starts_[group], starts_[group + 1] - starts_[group]);
  }

 private:
  bool is_dense_;                      // the only key is a code, and groups are codes
  KeyTable table_;                     // else
  std::vector<std::uint32_t> starts_;  // of each group in rows_, and the end
  std::vector<RowNumber> rows_;
};

}  // namespace stave
