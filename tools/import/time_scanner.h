// Steps through the text of a date or time. Invariant: never beyond its end, and a step that does
// not fit is reported, not passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tools/import/zone_clock.h"

namespace stave::loading {

inline constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr std::int64_t kMicrosPerHour = 60 * kMicrosPerMinute;

// What a text says before zones are applied.
struct ScannedTime {
  std::int64_t micros = 0;  // of the clock in the text
  bool has_clock = false;   // false: a day alone
  bool has_zone = false;
  std::int64_t offset = 0;
  std::string_view zone_name;  // where the zone is an abbreviation; `offset` is not known then
};

inline bool is_time_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

class TimeScanner {
 public:
  TimeScanner(const char* begin, const char* end) : at_(begin), end_(end) {}

  bool done() const { return at_ == end_; }
  const char* at() const { return at_; }
  char peek() const { return at_ < end_ ? *at_ : '\0'; }
  bool take(char byte) {
    if (peek() != byte || done()) return false;
    ++at_;
    return true;
  }
  bool take_number(int min_digits, int max_digits, unsigned& value) {
    value = 0;
    int digits = 0;
    while (digits < max_digits && is_time_digit(peek())) {
      value = value * 10 + static_cast<unsigned>(*at_++ - '0');
      ++digits;
    }
    return digits >= min_digits;
  }
  // Digits behind the point as microseconds; what is finer is cut off.
  bool take_fraction(std::int64_t& micros) {
    micros = 0;
    std::int64_t unit = kMicrosPerSecond / 10;
    int digits = 0;
    for (; is_time_digit(peek()) && digits < 9; ++digits) {
      micros += (*at_++ - '0') * unit;
      unit /= 10;
    }
    return digits > 0;
  }
  // In any case; `lower` is so.
  bool take_word(const char* lower, int size) {
    if (end_ - at_ < size) return false;
    for (int i = 0; i < size; ++i) {
      if ((at_[i] | 0x20) != lower[i]) return false;
    }
    at_ += size;
    return true;
  }
  // Z, UTC, +HH, +HH:MM or +HHMM.
  bool take_offset(std::int64_t& offset) {
    offset = 0;
    if (take('Z') || take('z') || take_word("utc", 3)) return true;
    const bool negative = peek() == '-';
    if (!take('+') && !take('-')) return false;
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!take_number(2, 2, hours)) return false;
    if ((take(':') || is_time_digit(peek())) && !take_number(2, 2, minutes)) return false;
    if (hours > 18 || minutes > 59) return false;
    offset = hours * kMicrosPerHour + minutes * kMicrosPerMinute;
    if (negative) offset = -offset;
    return true;
  }
  // Letters up to whatever else comes.
  std::string_view take_letters() {
    const char* begin = at_;
    while (at_ < end_ && ((*at_ | 0x20) >= 'a' && (*at_ | 0x20) <= 'z')) ++at_;
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }
  bool take_blanks() {
    const char* begin = at_;
    while (peek() == ' ' || peek() == '\t') ++at_;
    return at_ > begin;
  }

 private:
  const char* at_;
  const char* end_;
};

}  // namespace stave::loading
