// What a user's file says about the headers of dumps: which column each stands for, whether its
// numbers are converted, or that it is left out. Described in docs/import.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "stave/result.h"

namespace stave::loading {

class ColumnMap {
 public:
  struct Entry {
    std::string column;  // empty: left out
    std::int64_t multiply = 1;
    std::int64_t divide = 1;
  };

  ColumnMap() = default;
  static Result<ColumnMap> read(const std::string& path);
  static Result<ColumnMap> parse(std::string_view toml, const std::string& path);

  // Null: nothing is said of this header.
  const Entry* find(std::string_view header) const;

 private:
  std::unordered_map<std::string, Entry> entries_;  // by normalized header
};

}  // namespace stave::loading
