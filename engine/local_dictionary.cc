// See local_dictionary.h. Text lies in chunks that never move, so views of it stay good.
#include "engine/local_dictionary.h"

#include <algorithm>
#include <cstring>

namespace stave {

namespace {
constexpr std::size_t kChunkBytes = std::size_t{1} << 16;
}  // namespace

std::string_view LocalDictionary::keep(std::string_view value) {
  if (value.size() > free_bytes_) {
    free_bytes_ = std::max(kChunkBytes, value.size());
    chunks_.push_back(std::make_unique<char[]>(free_bytes_));
    free_ = chunks_.back().get();
  }
  if (value.empty()) {
    return {};
  }
  std::memcpy(free_, value.data(), value.size());
  const std::string_view kept(free_, value.size());
  free_ += value.size();
  free_bytes_ -= value.size();
  return kept;
}

std::uint32_t LocalDictionary::add_string(std::string_view value) {
  const auto found = string_codes_.find(value);
  if (found != string_codes_.end()) {
    return found->second;
  }
  const std::string_view kept = keep(value);
  strings_.push_back(kept);
  const auto code = static_cast<std::uint32_t>(strings_.size());
  string_codes_.emplace(kept, code);
  return code;
}

std::uint32_t LocalDictionary::add_int64(std::int64_t value) {
  const auto [place, added] =
      integer_codes_.emplace(value, static_cast<std::uint32_t>(integers_.size() + 1));
  if (added) {
    integers_.push_back(value);
  }
  return place->second;
}

std::uint32_t LocalDictionary::size() const {
  return static_cast<std::uint32_t>(std::max(strings_.size(), integers_.size()));
}

std::string_view LocalDictionary::string_at(std::uint32_t code) const {
  return code == kNullCode || code > strings_.size() ? std::string_view() : strings_[code - 1];
}

std::int64_t LocalDictionary::int64_at(std::uint32_t code) const {
  return code == kNullCode || code > integers_.size() ? 0 : integers_[code - 1];
}

std::uint32_t LocalDictionary::find_string(std::string_view value) const {
  const auto found = string_codes_.find(value);
  return found == string_codes_.end() ? kNullCode : found->second;
}

std::uint32_t LocalDictionary::find_int64(std::int64_t value) const {
  const auto found = integer_codes_.find(value);
  return found == integer_codes_.end() ? kNullCode : found->second;
}

}  // namespace stave
