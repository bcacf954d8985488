// A dictionary that a query makes for itself, where values come from several dictionaries or from
// none: unions, joins of unlike keys, grouping by plain strings.
// Invariant: codes are 1, 2, ... in order of first arrival; once shared nothing is added any more.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "storage/dictionary.h"

namespace stave {

class LocalDictionary final : public Dictionary {
 public:
  explicit LocalDictionary(DictionaryKind kind) : kind_(kind) {}

  // The value's code, new or old. The kind must be the dictionary's.
  std::uint32_t add_string(std::string_view value);
  std::uint32_t add_int64(std::int64_t value);

  DictionaryKind kind() const override { return kind_; }
  std::uint32_t size() const override;
  std::string_view string_at(std::uint32_t code) const override;
  std::int64_t int64_at(std::uint32_t code) const override;
  std::uint32_t find_string(std::string_view value) const override;
  std::uint32_t find_int64(std::int64_t value) const override;

 private:
  std::string_view keep(std::string_view value);

  DictionaryKind kind_;
  std::vector<std::string_view> strings_;
  std::vector<std::int64_t> integers_;
  boost::unordered_flat_map<std::string_view, std::uint32_t> string_codes_;
  boost::unordered_flat_map<std::int64_t, std::uint32_t> integer_codes_;
  std::vector<std::unique_ptr<char[]>> chunks_;  // the text of `strings_`, never moved
  char* free_ = nullptr;
  std::size_t free_bytes_ = 0;
};

}  // namespace stave
