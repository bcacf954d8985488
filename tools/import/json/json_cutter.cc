// See json_cutter.h.
#include "tools/import/json/json_cutter.h"

#include <algorithm>

namespace stave::loading {

namespace {

// Damaged lines at the beginning do not hide that the others are JSON.
constexpr int kTriedLines = 10;

std::size_t after_blanks(std::string_view text, std::size_t at) {
  const std::size_t found = text.find_first_not_of(" \t\r\n", at);
  return found == std::string_view::npos ? text.size() : found;
}

bool has_object_line(std::string_view text) {
  JsonObject object;
  std::size_t at = 0;
  for (int line = 0; line < kTriedLines && at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (object.read(text.substr(at, end - at)) == JsonFault::kNone) return true;
    at = after_blanks(text, end);
  }
  return false;
}

}  // namespace

JsonLayout guess_json_layout(std::string_view text) {
  const std::size_t begin = after_blanks(text, 0);
  if (begin == text.size()) return JsonLayout::kNone;
  if (text[begin] == '[') {
    const std::size_t first = after_blanks(text, begin + 1);
    const bool fits = first < text.size() && (text[first] == '{' || text[first] == ']');
    return fits ? JsonLayout::kArray : JsonLayout::kNone;
  }
  if (text[begin] != '{') return JsonLayout::kNone;
  text.remove_prefix(begin);
  if (has_object_line(text)) return JsonLayout::kLines;
  std::vector<std::uint32_t> ends;
  bool closed = false;
  find_object_ends(text, ends, closed);
  const bool whole =
      !ends.empty() && JsonObject().read(text.substr(0, ends.front())) == JsonFault::kNone;
  return whole ? JsonLayout::kObjects : JsonLayout::kNone;
}

std::size_t JsonCutter::begin_of(std::string_view text, JsonLayout layout) {
  const std::size_t begin = after_blanks(text, 0);
  return layout == JsonLayout::kArray && begin < text.size() ? begin + 1 : begin;
}

std::size_t JsonCutter::find_border(std::string_view text, std::vector<std::uint32_t>& ends) {
  ends.clear();
  if (layout_ == JsonLayout::kLines) {
    const std::size_t last = text.rfind('\n');
    return last == std::string_view::npos ? 0 : last + 1;
  }
  find_object_ends(text, ends, closed_);
  return ends.empty() ? 0 : ends.back();
}

bool JsonCutter::gather_keys(std::string_view text, const std::vector<std::uint32_t>& ends) {
  return keys_.gather(text, JsonRows(text, layout_, ends));
}

}  // namespace stave::loading
