// The key of a report stands in a comment of its own among the first lines.
#include <string_view>

#include "query/reports/report_catalogue.h"
#include "stave/upsert.h"

namespace stave {
namespace {

constexpr std::string_view kMark = "# key:";

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

std::vector<std::string> report_key(const Store& store, const std::string& name) {
  const auto text = report_text(store.snapshot(), name);
  std::vector<std::string> key;
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (rest.starts_with('#')) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    if (line.starts_with(kMark)) {
      line.remove_prefix(kMark.size());
      while (true) {
        const std::size_t comma = line.find(',');
        key.emplace_back(without_blanks(line.substr(0, comma)));
        if (comma == std::string_view::npos) return key;
        line.remove_prefix(comma + 1);
      }
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return key;
}

}  // namespace stave
