// Timestamps as text, remembering the day: consecutive rows share it.
#pragma once

#include <cstdint>
#include <string>

#include "tools/generate/calendar.h"
#include "tools/generate/text.h"

namespace stave::generator {

class ClockText {
 public:
  // "2025-05-01 07:26:00" of seconds since 1970.
  void append(std::string& out, std::int64_t seconds) {
    const std::int64_t day = seconds / kSecondsPerDay;
    if (day != day_ || day_text_.empty()) {
      day_ = day;
      day_text_.clear();
      append_day(day_text_, day);
    }
    out.append(day_text_);
    const auto rest = static_cast<std::uint32_t>(seconds - day * kSecondsPerDay);
    out.push_back(' ');
    append_two_digits(out, rest / 3600);
    out.push_back(':');
    append_two_digits(out, rest / 60 % 60);
    out.push_back(':');
    append_two_digits(out, rest % 60);
  }

 private:
  std::int64_t day_ = 0;
  std::string day_text_;
};

}  // namespace stave::generator
