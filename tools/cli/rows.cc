// Cells that do not fit the accessor give an empty value, as the interface asks.
#include "tools/cli/rows.h"

#include <array>
#include <charconv>
#include <cmath>

namespace stave::cli {

Result<void> Rows::print(ResultSink& sink) const {
  if (auto begun = sink.begin(columns_); !begun) {
    return begun;
  }
  if (auto given = sink.batch(*this); !given) {
    return given;
  }
  return sink.end();
}

bool Rows::is_null(std::uint32_t row, std::size_t column) const {
  return find<std::monostate>(row, column) != nullptr;
}

bool Rows::bool_at(std::uint32_t row, std::size_t column) const {
  const bool* value = find<bool>(row, column);
  return value != nullptr && *value;
}

std::int64_t Rows::int64_at(std::uint32_t row, std::size_t column) const {
  const std::int64_t* value = find<std::int64_t>(row, column);
  return value != nullptr ? *value : 0;
}

double Rows::float64_at(std::uint32_t row, std::size_t column) const {
  const double* value = find<double>(row, column);
  return value != nullptr ? *value : 0;
}

std::string_view Rows::string_at(std::uint32_t row, std::size_t column) const {
  const std::string* value = find<std::string>(row, column);
  return value != nullptr ? std::string_view(*value) : std::string_view();
}

std::pair<std::int64_t, std::uint64_t> Rows::decimal_at(std::uint32_t, std::size_t) const {
  return {0, 0};
}

void Rows::append_text(std::uint32_t row, std::size_t column, std::string& out) const {
  if (const auto* text = find<std::string>(row, column)) {
    out.append(*text);
  } else if (const auto* number = find<std::int64_t>(row, column)) {
    out.append(std::to_string(*number));
  } else if (const auto* truth = find<bool>(row, column)) {
    out.append(*truth ? "true" : "false");
  } else if (const auto* fraction = find<double>(row, column)) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *fraction).ptr;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }
}

Cell share_cell(std::uint64_t part, std::uint64_t whole, std::uint64_t scale) {
  constexpr double kDigits = 1000;
  if (whole == 0) {
    return {};
  }
  const double share = static_cast<double>(part * scale) / static_cast<double>(whole);
  return std::round(share * kDigits) / kDigits;
}

}  // namespace stave::cli
