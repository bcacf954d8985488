// Values as text, as CSV out prints them, and the strict way back.
// Invariant: what these append is what the parsers read as the same value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/runtime/time_zone.h"
#include "engine/vector.h"
#include "storage/int128.h"
#include "storage/value.h"

namespace stave {

void append_int128(Int128 value, std::string& out);
void append_decimal(Int128 value, int scale, std::string& out);
void append_double(double value, std::string& out);  // the shortest that reads back the same
void append_date(std::int64_t day, std::string& out);
void append_timestamp(std::int64_t instant, std::string& out);  // UTC
// Any cell; nothing for null.
void append_cell(const Vector& vector, std::size_t row, std::string& out);

std::optional<std::int64_t> parse_int64(std::string_view text);
std::optional<double> parse_double(std::string_view text);
// Digits beyond the scale are rounded half away from zero; nothing where it has over 38 digits.
std::optional<Int128> parse_decimal(std::string_view text, int scale);
std::optional<bool> parse_bool(std::string_view text);
std::optional<std::int64_t> parse_date(std::string_view text);
// Without `Z` or an offset it is local time of `zone`.
std::optional<std::int64_t> parse_timestamp(std::string_view text, const TimeZone& zone);

}  // namespace stave
