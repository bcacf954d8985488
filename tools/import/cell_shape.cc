// See cell_shape.h.
#include "tools/import/cell_shape.h"

#include <algorithm>

#include "tools/import/blanks.h"

namespace stave::loading {

namespace {

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool is_number(std::string_view cell) {
  if (cell.front() == '-' || cell.front() == '+') cell.remove_prefix(1);
  if (!cell.empty() && cell.back() == '%') cell.remove_suffix(1);
  if (const std::size_t exponent = cell.find_first_of("eE"); exponent != std::string_view::npos) {
    std::string_view power = cell.substr(exponent + 1);
    if (!power.empty() && (power.front() == '-' || power.front() == '+')) power.remove_prefix(1);
    if (power.empty() || !std::all_of(power.begin(), power.end(), is_digit)) return false;
    cell = cell.substr(0, exponent);
  }
  bool after_digit = false;
  bool any_digit = false;
  for (const char byte : cell) {
    const bool mark = byte == '.' || byte == ',' || byte == '\'';
    if (!is_digit(byte) && !(mark && (after_digit || byte == '.'))) return false;
    after_digit = is_digit(byte);
    any_digit = any_digit || after_digit;
  }
  return any_digit;
}

// 2025-05-01T10:00:00.5+02:00, 1/5/25, 10:30
bool is_time(std::string_view cell) {
  if (!is_digit(cell.front())) return false;
  const auto is_mark = [](char byte) { return byte == '-' || byte == '/' || byte == ':'; };
  const auto may_stand = [&](char byte) {
    return is_digit(byte) || is_mark(byte) || byte == ' ' || byte == 'T' || byte == 'Z' ||
           byte == '.' || byte == '+' || byte == 'A' || byte == 'P' || byte == 'M';
  };
  const auto marks = std::count_if(cell.begin(), cell.end(), is_mark);
  const auto digits = std::count_if(cell.begin(), cell.end(), is_digit);
  return marks >= 1 && digits >= 3 && (marks >= 2 || cell.find(':') != std::string_view::npos) &&
         std::all_of(cell.begin(), cell.end(), may_stand);
}

}  // namespace

CellShape shape_of(std::string_view cell) {
  cell = without_blanks(cell);
  if (cell.empty()) return CellShape::kEmpty;
  if (is_number(cell)) return CellShape::kNumber;
  return is_time(cell) ? CellShape::kTime : CellShape::kText;
}

}  // namespace stave::loading
