// One JSON value, put together from its parts in one line.
// Invariant: what is written is JSON where every begin has its end and every key its value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stave {

class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  // Of the value that is written next.
  JsonWriter& key(std::string_view name);

  void null() { plain("null"); }
  void text(std::string_view text);
  void flag(bool value) { plain(value ? "true" : "false"); }
  void number(std::uint64_t value);
  // A value that is JSON already.
  void raw(std::string_view json) { plain(json); }
  // To three digits after the point.
  void seconds(double value);

  // Null where there is no text.
  void text_or_null(std::string_view value);
  void texts(const std::vector<std::string>& values);

  const std::string& json() const { return json_; }

 private:
  void open(char bracket);
  void close(char bracket);
  void plain(std::string_view value);
  void separate();

  std::string json_;
  bool is_first_ = true;  // of its object or array, or right behind its key
};

}  // namespace stave
