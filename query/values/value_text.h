// Values as text and back: literals, parameters, and cells as CSV out prints them.
// Invariant: what `append_*` writes, `parse_*` of the same type reads as the same value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query/values/program_zone.h"
#include "stave/type.h"
#include "storage/int128.h"
#include "storage/value.h"

namespace stave {
inline namespace values {

void append_decimal(Int128 unscaled, int scale, std::string& out);
void append_float64(double value, std::string& out);  // shortest that reads back the same
void append_date(std::int64_t days, std::string& out);
void append_timestamp(std::int64_t microseconds, const ProgramZone& zone, std::string& out);

std::optional<std::int64_t> parse_int64(std::string_view text);
std::optional<double> parse_float64(std::string_view text);
// A decimal of at most 38 digits, all of them kept, e.g. "1.50" is decimal(3,2).
std::optional<Value> parse_decimal(std::string_view text);
// The same value with another scale; nothing where digits would be lost or there are too many.
std::optional<Value> rescale(const Value& decimal, Type type);
std::optional<std::int64_t> parse_date(std::string_view text);
// Also a date alone: its midnight. Without `Z` or an offset it is a time of `zone`.
std::optional<std::int64_t> parse_timestamp(std::string_view text, const ProgramZone& zone);

// A value of `type` from what a user wrote for a parameter.
std::optional<Value> parse_value(std::string_view text, Type type, const ProgramZone& zone);
// A value as the language would print it; "null" for null.
std::string to_text(const Value& value, const ProgramZone& zone);

}  // namespace values
}  // namespace stave
