// See json_writer.h.
#include "tools/output/json_writer.h"

#include <fmt/format.h>

#include "engine/runtime/json_text.h"

namespace stave {

void JsonWriter::separate() {
  if (!is_first_) json_ += ',';
  is_first_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  json_ += bracket;
  is_first_ = true;
}

void JsonWriter::close(char bracket) {
  json_ += bracket;
  is_first_ = false;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(name, json_);
  json_ += ':';
  is_first_ = true;
  return *this;
}

void JsonWriter::plain(std::string_view value) {
  separate();
  json_ += value;
}

void JsonWriter::text(std::string_view text) {
  separate();
  append_json_string(text, json_);
}

void JsonWriter::number(std::uint64_t value) {
  plain(fmt::format("{}", value));
}

void JsonWriter::seconds(double value) {
  plain(fmt::format("{:.3f}", value));
}

void JsonWriter::text_or_null(std::string_view value) {
  if (value.empty()) {
    null();
  } else {
    text(value);
  }
}

void JsonWriter::texts(const std::vector<std::string>& values) {
  begin_array();
  for (const std::string& value : values) text(value);
  end_array();
}

}  // namespace stave
