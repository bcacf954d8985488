// Finds the right rows of a join by key. Rows of one key lie together, in the order of the
// relation.
#pragma once

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/operators/join_keys.h"
#include "engine/operators/row_locator.h"

namespace stave {

class JoinIndex {
 public:
  JoinIndex(const JoinKeys& keys, const JoinKeys::Encoded& right);
  JoinIndex(const JoinIndex&) = delete;  // the set of wide keys looks into its own index
  JoinIndex& operator=(const JoinIndex&) = delete;

  // The rows whose key has these words.
  std::span<const RowNumber> find(const std::uint64_t* words) const;

 private:
  static constexpr std::uint32_t kNoGroup = 0xFFFFFFFF;

  struct WideHash {
    using is_transparent = void;
    const JoinIndex* index;
    std::size_t operator()(const std::uint64_t* words) const {
      return boost::hash_range(words, words + index->words_per_row_);
    }
    std::size_t operator()(std::uint32_t group) const { return (*this)(index->words_of(group)); }
  };
  struct WideEqual {
    using is_transparent = void;
    const JoinIndex* index;
    bool operator()(const std::uint64_t* left, const std::uint64_t* right) const;
    bool operator()(std::uint32_t left, std::uint32_t right) const { return left == right; }
    bool operator()(const std::uint64_t* left, std::uint32_t right) const {
      return (*this)(left, index->words_of(right));
    }
    bool operator()(std::uint32_t left, const std::uint64_t* right) const {
      return (*this)(index->words_of(left), right);
    }
  };

  const std::uint64_t* words_of(std::uint32_t group) const {
    return group_words_.data() + group * words_per_row_;
  }
  std::uint32_t group_of(const std::uint64_t* words) const;
  std::uint32_t add_group(const std::uint64_t* words);

  std::size_t words_per_row_;
  bool is_dense_;  // the only key is a code, and groups are codes
  std::uint32_t groups_ = 0;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> narrow_;
  std::vector<std::uint64_t> group_words_;  // of wide keys
  boost::unordered_flat_set<std::uint32_t, WideHash, WideEqual> wide_;
  std::vector<std::uint32_t> starts_;  // of each group in rows_, and the end
  std::vector<RowNumber> rows_;
};

}  // namespace stave
