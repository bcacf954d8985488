// The columns of a JSON dump: the keys of its objects in the order in which they first occur.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/import/json/json_object.h"
#include "tools/import/json/json_pattern.h"
#include "tools/import/json/json_rows.h"

namespace stave::loading {

// Finds the field of a key; guesses that keys come in the order of the object before.
class JsonFields {
 public:
  static constexpr std::size_t kUnknown = ~std::size_t{0};

  void clear();
  void add(std::string_view key);
  std::size_t find(std::string_view key) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> positions_;
  mutable std::size_t guess_ = 0;
};

class JsonKeys {
 public:
  // `is_column`: whether the table has a column of that name. Keys that are always null make no
  // new one, for they may stand for an object.
  explicit JsonKeys(std::function<bool(const std::string&)> is_column)
      : is_column_(std::move(is_column)) {}

  // Objects that are not well-formed count for nothing. True where a key was new. `text` has the
  // padding that JsonObject needs.
  bool gather(std::string_view text, JsonRows rows);
  const std::vector<std::string>& names() const { return fields_.names(); }

 private:
  std::function<bool(const std::string&)> is_column_;
  JsonObject object_;
  JsonFields fields_;
  JsonPattern pattern_;  // of known keys alone
  std::vector<std::size_t> member_fields_;
};

}  // namespace stave::loading
