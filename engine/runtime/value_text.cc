// Values as text: see value_text.h.
#include "engine/runtime/value_text.h"

#include <fmt/format.h>

#include <cmath>

#include "engine/runtime/vector_buffer.h"

namespace stave {

void append_int128(Int128 value, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}", value);
}

void append_decimal(Int128 value, int scale, std::string& out) {
  const UInt128 size = value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
  std::string digits = fmt::format("{}", size);
  const auto places = static_cast<std::size_t>(scale);
  if (digits.size() <= places) digits = std::string(places + 1 - digits.size(), '0') + digits;
  if (value < 0) out += '-';
  out.append(digits, 0, digits.size() - places);
  if (places > 0) {
    out += '.';
    out.append(digits, digits.size() - places, places);
  }
}

void append_double(double value, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}", value);
}

void append_date(std::int64_t day, std::string& out) {
  if (!is_civil(day)) {
    out += std::to_string(day);
    return;
  }
  const CivilDate date = civil_date_of(day);
  fmt::format_to(std::back_inserter(out), "{}{:04}-{:02}-{:02}", date.year < 0 ? "-" : "",
                 std::abs(date.year), date.month, date.day);
}

void append_timestamp(std::int64_t instant, std::string& out) {
  const std::int64_t day = floor_divide(instant, kMicrosecondsOfDay);
  append_date(day, out);
  const std::int64_t rest = instant - day * kMicrosecondsOfDay;
  const std::int64_t seconds = rest / kMicrosecondsOfSecond;
  fmt::format_to(std::back_inserter(out), " {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
  if (rest % kMicrosecondsOfSecond != 0) {
    fmt::format_to(std::back_inserter(out), ".{:06}", rest % kMicrosecondsOfSecond);
  }
}

namespace {

void append_integer(std::int64_t value, Type type, std::string& out) {
  switch (type.kind) {
    case TypeKind::kDate:
      return append_date(value, out);
    case TypeKind::kTimestamp:
      return append_timestamp(value, out);
    case TypeKind::kDecimal:
      return append_decimal(value, type.scale, out);
    default:
      fmt::format_to(std::back_inserter(out), "{}", value);
  }
}

}  // namespace

void append_cell(const Vector& vector, std::size_t row, std::string& out) {
  if (!is_valid(vector.validity, row)) return;
  switch (vector.representation) {
    case Representation::kCode: {
      const std::uint32_t code = vector.values<std::uint32_t>()[row];
      if (code == kNullCode) return;
      if (vector.dictionary->kind() == DictionaryKind::kInt64) {
        append_integer(vector.dictionary->int64_at(code), vector.type, out);
      } else {
        out += vector.dictionary->string_at(code);
      }
      return;
    }
    case Representation::kInt64:
      return append_integer(vector.values<std::int64_t>()[row], vector.type, out);
    case Representation::kInt128:
      return append_decimal(vector.values<Int128>()[row], vector.type.scale, out);
    case Representation::kFloat64:
      return append_double(vector.values<double>()[row], out);
    case Representation::kString:
      out += vector.values<std::string_view>()[row];
      return;
    case Representation::kBool:
      out += vector.values<std::uint8_t>()[row] != 0 ? "true" : "false";
      return;
  }
}

}  // namespace stave
