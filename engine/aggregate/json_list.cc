// Lists as JSON text; see the header.
#include "engine/aggregate/json_list.h"

#include <fmt/format.h>

#include "engine/aggregate/group_rows.h"

namespace stave {
namespace {

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (letter == '\n') {
      out += "\\n";
    } else if (letter == '\t') {
      out += "\\t";
    } else if (letter == '\r') {
      out += "\\r";
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(letter));
    } else {
      out += letter;
    }
  }
  out += '"';
}

std::string decimal_text(Int128 value, int scale) {
  std::string digits = fmt::format(
      "{}", value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value));
  const auto places = static_cast<std::size_t>(scale);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  std::string_view all = digits;
  const std::string_view fraction = all.substr(all.size() - places);
  all.remove_suffix(places);
  return fmt::format("{}{}{}{}", value < 0 ? "-" : "", all, places > 0 ? "." : "", fraction);
}

std::string date_text(std::int64_t days) {
  // Civil date from days since 1970-01-01, proleptic Gregorian: years start in March, so that the
  // leap day is the last day of a year.
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::string timestamp_text(std::int64_t microseconds) {
  constexpr std::int64_t kDay = 86'400'000'000;
  const std::int64_t days = microseconds / kDay - (microseconds % kDay < 0 ? 1 : 0);
  const std::int64_t rest = microseconds - days * kDay;
  std::string text = fmt::format("{} {:02}:{:02}:{:02}", date_text(days), rest / 3'600'000'000,
                                 rest / 60'000'000 % 60, rest / 1'000'000 % 60);
  if (rest % 1'000'000 != 0) text += fmt::format(".{:06}", rest % 1'000'000);
  return text;
}

void append_integer(Type type, std::int64_t value, std::string& out) {
  switch (type.kind) {
    case TypeKind::kDate:
      return append_quoted(date_text(value), out);
    case TypeKind::kTimestamp:
      return append_quoted(timestamp_text(value), out);
    case TypeKind::kDecimal:
      out += decimal_text(value, type.scale);
      return;
    default:
      out += std::to_string(value);
  }
}

void append_value(const Vector& values, std::uint32_t row, std::string& out) {
  switch (values.representation) {
    case Representation::kCode: {
      const std::uint32_t code = values.values<std::uint32_t>()[row];
      if (code == kNullCode) {
        out += "null";
      } else if (values.dictionary->kind() == DictionaryKind::kInt64) {
        append_integer(values.type, values.dictionary->int64_at(code), out);
      } else {
        append_quoted(values.dictionary->string_at(code), out);
      }
      return;
    }
    case Representation::kInt64:
      return append_integer(values.type, values.values<std::int64_t>()[row], out);
    case Representation::kInt128:
      out += decimal_text(values.values<Int128>()[row], values.type.scale);
      return;
    case Representation::kFloat64:
      out += fmt::format("{}", values.values<double>()[row]);
      return;
    case Representation::kString:
      return append_quoted(values.values<std::string_view>()[row], out);
    case Representation::kBool:
      out += values.values<std::uint8_t>()[row] != 0 ? "true" : "false";
      return;
  }
}

}  // namespace

std::string json_list(const Vector& values) {
  std::string out = "[";
  for (std::uint32_t row = 0; row < values.size; ++row) {
    if (row > 0) out += ',';
    if (is_valid(values.validity, row)) {
      append_value(values, row, out);
    } else {
      out += "null";
    }
  }
  out += ']';
  return out;
}

}  // namespace stave
