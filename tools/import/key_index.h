// Positions of rows by a key of several parts, each a word and a null mark; null equals null.
// Invariant: positions are 0, 1, 2, ... in order of first arrival.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "tools/import/text_arena.h"

namespace stave::loading {

// Parts of a key as words; texts become numbers of a list of the index.
class KeyIndex {
 public:
  explicit KeyIndex(std::size_t parts)
      : storage_(std::make_unique<Storage>()),
        rows_(0, RowHash{storage_.get()}, RowEqual{storage_.get()}) {
    storage_->words_in_row = parts + 1;
  }

  // The row of the key made of `parts` words and a mask of null parts; added where it is new.
  std::uint32_t find_or_add(const std::vector<std::uint64_t>& words, std::uint64_t nulls) {
    std::vector<std::uint64_t>& all = storage_->words;
    const auto row = static_cast<std::uint32_t>(all.size() / storage_->words_in_row);
    all.insert(all.end(), words.begin(), words.end());
    all.push_back(nulls);
    const auto [found, added] = rows_.insert(row);
    if (!added) all.resize(all.size() - storage_->words_in_row);
    return *found;
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(rows_.size()); }

  // The word that stands for a text.
  std::uint64_t word_of(std::string_view text) {
    const auto found = texts_.find(text);
    if (found != texts_.end()) return found->second;
    const std::uint64_t word = texts_.size();
    texts_.emplace(bytes_.copy(text), word);
    return word;
  }

 private:
  struct Storage {
    std::size_t words_in_row = 1;
    std::vector<std::uint64_t> words;
  };
  struct RowHash {
    const Storage* storage;
    std::size_t operator()(std::uint32_t row) const {
      std::uint64_t hash = 0;
      const std::uint64_t* word = storage->words.data() + row * storage->words_in_row;
      for (std::size_t i = 0; i < storage->words_in_row; ++i) {
        hash = (hash ^ word[i]) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 32;
      }
      return hash;
    }
  };
  struct RowEqual {
    const Storage* storage;
    bool operator()(std::uint32_t left, std::uint32_t right) const {
      const std::size_t size = storage->words_in_row;
      const std::uint64_t* words = storage->words.data();
      return std::equal(words + left * size, words + (left + 1) * size, words + right * size);
    }
  };

  std::unique_ptr<Storage> storage_;
  boost::unordered_flat_set<std::uint32_t, RowHash, RowEqual> rows_;
  boost::unordered_flat_map<std::string_view, std::uint64_t> texts_;
  TextArena bytes_;
};

}  // namespace stave::loading
