// A value of a JSON object that is read as a row.
#pragma once

#include <cstdint>
#include <string_view>

namespace stave::loading {

enum class JsonKind : std::uint8_t {
  kNull,
  kWord,    // a number, true or false
  kString,  // without quotes and escapes
  kArray,   // as it is written
};

struct JsonMember {
  std::string_view key;  // those of nested objects joined with `_`
  std::string_view text;
  JsonKind kind = JsonKind::kNull;
};

}  // namespace stave::loading
