// See money.h.
#include "tools/royalty/money.h"

#include <algorithm>

namespace stave::royalty {
namespace {

constexpr std::size_t kDecimals = 2;

Failure no_amount(std::string_view text) {
  return fail(ErrorCode::kInvalidData,
              "Not an amount of money with at most two decimals and 36 digits: " +
                  std::string(text) + ". Look at the report or file that it comes from.");
}

}  // namespace

Result<Int128> hundredths_of(std::string_view text) {
  std::string_view rest = text;
  const bool is_negative = rest.starts_with('-');
  rest.remove_prefix(is_negative ? 1 : 0);
  const std::size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  std::string digits(whole);
  std::string decimals(point == std::string_view::npos ? "" : rest.substr(point + 1));
  if (whole.empty() || decimals.size() > kDecimals) {
    return no_amount(text);
  }
  decimals.resize(kDecimals, '0');
  digits += decimals;
  constexpr std::size_t kMostDigits = 38;
  if (digits.size() > kMostDigits ||
      !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
    return no_amount(text);
  }
  Int128 value = 0;
  for (const char digit : digits) {
    value = value * 10 + (digit - '0');
  }
  return is_negative ? -value : value;
}

std::string money_text(Int128 hundredths) {
  const bool is_negative = hundredths < 0;
  auto rest = is_negative ? UInt128{0} - static_cast<UInt128>(hundredths)
                          : static_cast<UInt128>(hundredths);
  std::string text;
  while (rest > 0 || text.size() < kDecimals + 1) {
    text.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
    if (text.size() == kDecimals) {
      text.push_back('.');
      if (rest == 0) {
        text.push_back('0');
      }
    }
  }
  if (is_negative) {
    text.push_back('-');
  }
  std::ranges::reverse(text);
  return text;
}

}  // namespace stave::royalty
