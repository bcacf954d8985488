// See json_cutter.h.
#include "tools/import/json/json_cutter.h"

#include <algorithm>

#include "tools/import/json/json_blanks.h"

namespace stave::loading {

namespace {

// Damaged lines at the beginning do not hide that the others are JSON.
constexpr int kTriedLines = 10;

struct TriedLines {
  int objects = 0;
  int others = 0;
  bool first_is_object = false;
  bool any_member = false;
};

// `text` begins with a line that is not blank.
TriedLines try_lines(std::string_view text) {
  JsonObject object;
  TriedLines tried;
  std::size_t at = 0;
  while (tried.objects + tried.others < kTriedLines && at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.ends_with("},")) line.remove_suffix(1);
    const bool is_object = object.read(line) == JsonFault::kNone;
    ++(is_object ? tried.objects : tried.others);
    tried.first_is_object = tried.first_is_object || (is_object && tried.others == 0);
    tried.any_member = tried.any_member || (is_object && !object.members().empty());
    at = after_json_blanks(text, end);
  }
  return tried;
}

// The offset behind the object that `text` begins with, where that is valid; else 0.
std::size_t end_of_object(std::string_view text) {
  std::vector<std::uint32_t> ends;
  bool closed = false;
  find_object_ends(text, ends, closed);
  const bool whole =
      !ends.empty() && JsonObject().read(text.substr(0, ends.front())) == JsonFault::kNone;
  return whole ? ends.front() : 0;
}

// What is left of an object whose line was cut in front; a name over a column of objects is not.
bool ends_like_object(std::string_view line) {
  line = without_json_blanks_behind(line);
  return line.ends_with('}') || line.ends_with("},");
}

// The first line of an object over several lines, rather than one that was cut off.
bool goes_on(std::string_view line) {
  line = without_json_blanks_behind(line);
  return line.ends_with('{') || line.ends_with('[') || line.ends_with(',');
}

}  // namespace

bool may_be_json(std::string_view text) {
  std::size_t at = after_json_blanks(text, 0);
  if (at < text.size() && text[at] == '[') return true;
  for (int line = 0; line < kTriedLines && at < text.size(); ++line) {
    if (text[at] == '{') return true;
    at = after_json_blanks(text, std::min(text.find('\n', at), text.size()));
  }
  return false;
}

JsonLayout guess_json_layout(std::string_view text, bool at_end, bool demanded) {
  const std::size_t begin = after_json_blanks(text, 0);
  if (begin == text.size()) return JsonLayout::kNone;
  if (text[begin] == '[') {
    const std::size_t first = after_json_blanks(text, begin + 1);
    const bool fits = first < text.size() && (text[first] == '{' || text[first] == ']');
    return fits ? JsonLayout::kArray : JsonLayout::kNone;
  }
  text.remove_prefix(begin);
  const std::string_view line = text.substr(0, text.find('\n'));
  const TriedLines tried = try_lines(text);
  if (tried.first_is_object) return JsonLayout::kLines;
  if (text.front() != '{') {
    const bool are_lines = tried.objects >= 2 && tried.objects > tried.others;
    return are_lines && (demanded || (tried.any_member && ends_like_object(line)))
               ? JsonLayout::kLines
               : JsonLayout::kNone;
  }
  // Lines within an object may be objects too, and it may be longer than the text.
  const std::size_t end = end_of_object(text);
  if (end == 0 && !at_end) {
    if (line.size() == text.size()) return JsonLayout::kLines;
    if (goes_on(line)) return JsonLayout::kObjects;
  }
  if (end > line.size()) return JsonLayout::kObjects;
  if (tried.objects > tried.others) return JsonLayout::kLines;
  return end > 0 ? JsonLayout::kObjects : JsonLayout::kNone;
}

bool is_empty_array(std::string_view text) {
  const std::size_t open = after_json_blanks(text, 0);
  if (open == text.size() || text[open] != '[') return false;
  const std::size_t close = after_json_blanks(text, open + 1);
  return close < text.size() && text[close] == ']' &&
         after_json_blanks(text, close + 1) == text.size();
}

std::size_t JsonCutter::begin_of(std::string_view text, JsonLayout layout) {
  const std::size_t begin = after_json_blanks(text, 0);
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
