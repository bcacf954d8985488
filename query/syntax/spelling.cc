// Edit distance and the wording of suggestions.
#include "query/syntax/spelling.h"

#include <algorithm>

namespace stave {
namespace {

constexpr std::size_t kLongestName = 100;  // beyond it nobody misspelt one letter

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view last_part(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool equal = lower(a[i - 1]) == lower(b[j - 1]);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + (equal ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[b.size()];
}

std::vector<std::string> closest_names(std::string_view name,
                                       const std::vector<std::string>& candidates) {
  struct Found {
    std::size_t distance;
    std::string name;
  };
  if (name.size() > kLongestName) return {};
  std::vector<Found> found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestName || candidate == name) continue;
    std::size_t distance = edit_distance(name, candidate);
    if (name.find('.') == std::string_view::npos) {
      distance = std::min(distance, edit_distance(name, last_part(candidate)));
    }
    const std::size_t limit = std::max<std::size_t>(1, name.size() / 3);
    if (distance <= limit) found.push_back({distance, candidate});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.distance < b.distance; });
  std::vector<std::string> names;
  for (const Found& one : found) {
    if (names.size() < 3 && std::find(names.begin(), names.end(), one.name) == names.end()) {
      names.push_back(one.name);
    }
  }
  return names;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::vector<std::string> names = closest_names(name, candidates);
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += i == 0 ? "did you mean " : i + 1 == names.size() ? " or " : ", ";
    out += "`" + names[i] + "`";
  }
  if (!out.empty()) out += "?";
  return out;
}

std::string list_names(const std::vector<std::string>& names, std::size_t limit) {
  std::string out;
  const std::size_t shown = names.size() > limit ? limit : names.size();
  for (std::size_t i = 0; i < shown; ++i) out += (i == 0 ? "`" : ", `") + names[i] + "`";
  if (shown < names.size()) out += " and " + std::to_string(names.size() - shown) + " more";
  return out;
}

}  // namespace stave
