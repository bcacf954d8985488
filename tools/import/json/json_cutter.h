// What the reader of a JSON dump needs to know of it: where it may be cut, and which keys its
// objects have, so that a key that comes late still gets its column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/json/json_keys.h"

namespace stave::loading {

// By how its first lines begin, before the library for JSON is opened.
bool may_be_json(std::string_view text);
// Of a text that may be cut off anywhere; kNone where its beginning is no JSON object, or a list of
// anything else. `text` has the padding that JsonObject needs. `demanded`: a user says that it is
// JSON, so that its first line may be damaged in any way. `at_end`: nothing follows the text.
JsonLayout guess_json_layout(std::string_view text, bool at_end, bool demanded);

// `[]` and nothing else.
bool is_empty_array(std::string_view text);

class JsonCutter {
 public:
  JsonCutter(JsonLayout layout, std::function<bool(const std::string&)> is_column)
      : layout_(layout), keys_(std::move(is_column)) {}

  JsonLayout layout() const { return layout_; }
  // Where the objects begin: behind the bracket of an array.
  static std::size_t begin_of(std::string_view text, JsonLayout layout);
  // The offset behind the last object, of a text that begins between two; 0: none is complete.
  // `ends` becomes where objects end, if the layout has no lines.
  std::size_t find_border(std::string_view text, std::vector<std::uint32_t>& ends);
  // An array whose closing bracket was not yet seen.
  bool is_open() const { return layout_ == JsonLayout::kArray && !closed_; }

  // Of complete objects; true where a key was new. `text` has the padding that JsonObject needs.
  bool gather_keys(std::string_view text, const std::vector<std::uint32_t>& ends);
  const std::vector<std::string>& keys() const { return keys_.names(); }

 private:
  JsonLayout layout_;
  bool closed_ = false;
  JsonKeys keys_;
};

}  // namespace stave::loading
