// The look of an error: headline, place, source line, carets with the hint, notes.
#include "query/syntax/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

#include "query/syntax/spelling.h"

namespace stave {
namespace {

constexpr std::size_t kMostNames = 60;     // of those available that are shown
constexpr std::size_t kLongestLine = 160;  // characters of a source line that are shown

// The characters of a line as they may go to a terminal: control characters and stray bytes become
// blanks, so that carets stay below what they mean.
std::vector<std::string> printable_characters(std::string_view line) {
  std::vector<std::string> characters;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t length = utf8_length(line, i);
    const auto byte = static_cast<unsigned char>(line[i]);
    const bool control =
        length == 0 || byte < 0x20 || byte == 0x7F ||
        (length == 2 && byte == 0xC2 && static_cast<unsigned char>(line[i + 1]) < 0xA0);
    characters.emplace_back(control ? std::string(" ") : std::string(line.substr(i, length)));
    i += std::max<std::size_t>(1, length);
  }
  return characters;
}

std::string render(const Diagnostic& diagnostic, std::string_view line) {
  std::string out =
      fmt::format("error[{}]: {}\n  --> {}:{}:{}\n", diagnostic.code, diagnostic.message,
                  diagnostic.origin, diagnostic.line, diagnostic.column);
  const std::vector<std::string> characters = printable_characters(line);
  const std::size_t caret = static_cast<std::size_t>(diagnostic.column - 1);
  std::size_t from = 0;
  std::size_t to = characters.size();
  if (to > kLongestLine) {
    from = caret > kLongestLine / 2 ? caret - kLongestLine / 2 : 0;
    from = std::min(from, to);
    to = std::min(to, from + kLongestLine);
  }
  std::string shown = from > 0 ? "..." : "";
  const std::size_t lead = shown.size();
  for (std::size_t i = from; i < to; ++i) shown += characters[i];
  if (to < characters.size()) shown += "...";
  const std::string number = std::to_string(diagnostic.line);
  const std::string gutter(number.size(), ' ');
  const std::size_t room = std::max<std::size_t>(1, to > caret ? to - caret : 1);
  const std::size_t length =
      std::clamp<std::size_t>(static_cast<std::size_t>(std::max(1, diagnostic.length)), 1, room);
  out += fmt::format("{} | {}\n", number, shown);
  out += fmt::format("{} | {}{}", gutter, std::string(lead + caret - from, ' '),
                     std::string(length, '^'));
  if (!diagnostic.hint.empty()) out += " " + diagnostic.hint;
  if (diagnostic.hint.empty() && !diagnostic.available.empty()) {
    out +=
        fmt::format("\n{} = available: {}", gutter, list_names(diagnostic.available, kMostNames));
  }
  for (const std::string& note : diagnostic.notes) out += fmt::format("\n{} = {}", gutter, note);
  return out;
}

}  // namespace

void Diagnostics::add(const Fault& fault) {
  if (full()) return;
  const Place place = source_.place(fault.span.begin);
  Diagnostic diagnostic;
  diagnostic.code = fault.code;
  diagnostic.message = fault.message;
  diagnostic.origin = source_.origin_at(fault.span.begin);
  diagnostic.line = place.line;
  diagnostic.column = place.column;
  for (const Kept& other : list_) {
    if (other.begin == fault.span.begin) return;
  }
  diagnostic.length = std::max(1, static_cast<int>(count_characters(source_.slice(fault.span))));
  diagnostic.hint = fault.hint;
  diagnostic.available = fault.available;
  diagnostic.notes = fault.notes;
  diagnostic.text = render(diagnostic, source_.line_at(fault.span.begin));
  list_.push_back({fault.span.begin, std::move(diagnostic)});
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Kept> list = list_;
  std::stable_sort(list.begin(), list.end(),
                   [](const Kept& a, const Kept& b) { return a.begin < b.begin; });
  std::vector<Diagnostic> diagnostics;
  diagnostics.reserve(list.size());
  for (Kept& kept : list) diagnostics.push_back(std::move(kept.diagnostic));
  return diagnostics;
}

std::string render_all(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out += "\n\n";
    out += diagnostic.text;
  }
  return out;
}

}  // namespace stave
