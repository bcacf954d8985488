// A value is made lower case, and whatever a slug may not hold becomes one hyphen. Where that makes
// several values the same, those that are not the slug itself get their hash behind it.
#include "tools/export/slugs.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "storage/checksum.h"

namespace stave {
namespace {

constexpr std::size_t kLongestSlug = 100;
constexpr std::string_view kEmptySlug = "_empty";

bool may_stand(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string plain_slug(std::string_view text) {
  if (text.empty()) return std::string(kEmptySlug);
  std::string slug;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (may_stand(c)) {
      slug += c;
    } else if (slug.empty() || slug.back() != '-') {
      slug += '-';
    }
    if (slug.size() == kLongestSlug) break;
  }
  return slug;
}

}  // namespace

std::string text_of(const Dictionary& dictionary, std::uint32_t code) {
  return dictionary.kind() == DictionaryKind::kInt64 ? fmt::format("{}", dictionary.int64_at(code))
                                                     : std::string(dictionary.string_at(code));
}

std::vector<std::string> slugs_of(const Dictionary& dictionary) {
  std::map<std::string, std::vector<std::uint32_t>> codes_of_slug;
  for (std::uint32_t code = 1; code <= dictionary.size(); ++code) {
    codes_of_slug[plain_slug(text_of(dictionary, code))].push_back(code);
  }
  std::vector<std::string> slugs(std::size_t{dictionary.size()} + 1);
  slugs[kNullCode] = kNullSlug;
  std::set<std::string> taken{std::string(kNullSlug)};
  std::vector<std::uint32_t> colliding;
  for (const auto& [slug, codes] : codes_of_slug) {
    for (const std::uint32_t code : codes) {
      const bool keeps_it = codes.size() == 1 || text_of(dictionary, code) == slug;
      if (keeps_it && taken.insert(slug).second) {
        slugs[code] = slug;
      } else {
        colliding.push_back(code);
      }
    }
  }
  // By value, so that a collision of hashes too is settled without regard to the order of codes.
  std::map<std::string, std::uint32_t> by_value;
  for (const std::uint32_t code : colliding) by_value.emplace(text_of(dictionary, code), code);
  for (const auto& [text, code] : by_value) {
    std::string slug = fmt::format("{}-{:08x}", plain_slug(text), checksum_of(text) >> 32);
    while (!taken.insert(slug).second) slug += '-';
    slugs[code] = slug;
  }
  return slugs;
}

}  // namespace stave
