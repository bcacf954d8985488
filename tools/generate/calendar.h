// Days as the generator counts them (since 1970-01-01), their text, and months.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stave::generator {

inline constexpr std::int64_t kSecondsPerDay = 86'400;

// Of "2025-05-01"; nothing where that is not a date.
std::optional<std::int64_t> day_from_text(std::string_view text);
void append_day(std::string& out, std::int64_t day);
// Monday is 0.
int weekday(std::int64_t day);
std::int64_t first_of_month(std::int64_t day);
// The same day of the next month, or the last day of it where that is shorter.
std::int64_t month_later(std::int64_t day);

}  // namespace stave::generator
