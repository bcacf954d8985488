// One JSON object as a row: its values by key, nested objects flattened. Built on simdjson.
// Invariant: what is accepted is valid JSON in valid UTF-8 throughout; numbers are given as they
// are written.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "tools/import/json/json_member.h"

namespace stave::loading {

enum class JsonFault : std::uint8_t { kNone, kNotJson, kNotObject, kNotUtf8, kDuplicateKey };

class JsonObject {
 public:
  JsonObject();
  ~JsonObject();
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  // kTextPadding bytes behind the text must be readable. Duplicate keys are for the caller to find.
  JsonFault read(std::string_view text);
  // The same, whatever the object looks like: the reference that the quick way is tested against.
  JsonFault read_by_library(std::string_view text);
  // Of the object read last, in the order of the text; views last until the next read.
  const std::vector<JsonMember>& members() const { return members_; }
  // Whether its members are views of the object itself: read_flat_object took it.
  bool is_flat() const { return is_flat_; }
  // The library's word for what was wrong.
  const char* detail() const { return detail_; }

 private:
  struct State;
  JsonFault fault(int error);
  std::unique_ptr<State> state_;
  std::vector<JsonMember> members_;
  bool is_flat_ = false;
  const char* detail_ = "";
};

}  // namespace stave::loading
