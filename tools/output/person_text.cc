// Rounding for the eye happens here and nowhere else: files and programs get every digit.
#include "tools/output/person_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace stave {
namespace {

std::string without_control_characters(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      shown += "\\n";
    } else if (c == '\r') {
      shown += "\\r";
    } else if (c == '\t') {
      shown += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += c;
    }
  }
  return shown;
}

}  // namespace

std::string rounded_text(double value) {
  if (!std::isfinite(value)) return fmt::format("{}", value);
  if (value == 0) return "0";
  const double magnitude = std::abs(value);
  if (magnitude >= 1e15 || magnitude < 1e-9) return fmt::format("{:.4g}", value);
  const int decimals = std::max(4, 3 - static_cast<int>(std::floor(std::log10(magnitude))));
  std::string text = fmt::format("{:.{}f}", value, decimals);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string person_text(const ResultBatch& batch, std::uint32_t row, std::size_t column,
                        Type type) {
  if (batch.is_null(row, column)) return "null";
  switch (type.kind) {
    case TypeKind::kFloat64:
      return rounded_text(batch.float64_at(row, column));
    case TypeKind::kString:
    case TypeKind::kList:
      return without_control_characters(batch.string_at(row, column));
    default: {
      std::string text;
      batch.append_text(row, column, text);
      return text;
    }
  }
}

bool is_number(Type type) {
  return type.kind == TypeKind::kInt64 || type.kind == TypeKind::kDecimal ||
         type.kind == TypeKind::kFloat64;
}

std::string grouped_digits(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

}  // namespace stave
