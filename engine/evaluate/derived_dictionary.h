// The values of a function over a dictionary as a dictionary of their own: so that grouping by
// `lower(name)` stays grouping by codes.
#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/vector.h"
#include "storage/dictionary.h"

namespace stave {

class DerivedDictionary final : public Dictionary {
 public:
  DictionaryKind kind() const override { return DictionaryKind::kString; }
  std::uint32_t size() const override { return static_cast<std::uint32_t>(values_.size()); }
  std::string_view string_at(std::uint32_t code) const override {
    return code == kNullCode || code > values_.size() ? std::string_view() : values_[code - 1];
  }
  std::int64_t int64_at(std::uint32_t) const override { return 0; }
  std::uint32_t find_string(std::string_view value) const override {
    const auto found = codes_.find(value);
    return found == codes_.end() ? kNullCode : found->second;
  }
  std::uint32_t find_int64(std::int64_t) const override { return kNullCode; }

  // The codes of strings in order of first occurrence, null where they are; `strings` is held.
  static Vector encode(const Vector& strings);

 private:
  std::vector<std::string_view> values_;
  std::unordered_map<std::string_view, std::uint32_t> codes_;
  std::shared_ptr<const void> owner_;
};

}  // namespace stave
