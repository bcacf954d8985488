// Each value strikes out the types that cannot hold it.
#include "tools/import/type_guess.h"

#include <algorithm>

#include "tools/import/blanks.h"
#include "tools/import/null_words.h"

namespace stave::loading {

namespace {

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

struct PlainNumber {
  bool is_plain = false;  // [+-]digits[.digits] without idle zeros in front
  bool is_whole = false;  // without fraction, or with the ".0" of a program's floating point
  bool leading_zero = false;
  int integer_digits = 0;
  int fraction_digits = 0;
  bool is_telephone = false;     // +4930123456: a plus before more digits than measures have
  bool is_long_integer = false;  // digits that no float keeps apart, as of keys of 64 bits

  // As a float; nobody need read it to know.
  bool is_surely_finite() const { return is_plain && integer_digits < 300; }
};

// So many digits name a float; programs that write one out put zeros behind them.
constexpr int kMostFloatDigits = 17;
constexpr int kFewestTelephoneDigits = 8;

PlainNumber read_plain(std::string_view text) {
  PlainNumber number;
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t first = at;
  for (; at < text.size() && is_digit(text[at]); ++at) ++number.integer_digits;
  number.leading_zero = number.integer_digits > 1 && text[first] == '0';
  if (number.integer_digits == 0 || number.leading_zero) return number;
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && is_digit(text[at]); ++at) ++number.fraction_digits;
    number.is_plain = at == text.size() && number.fraction_digits > 0;
    number.is_whole = number.is_plain && number.fraction_digits == 1 && text.back() == '0';
  } else {
    number.is_plain = at == text.size();
    number.is_whole = number.is_plain;
  }
  number.is_telephone = number.is_plain && number.fraction_digits == 0 && text[0] == '+' &&
                        number.integer_digits >= kFewestTelephoneDigits;
  const std::size_t fraction = first + static_cast<std::size_t>(number.integer_digits);
  if (number.is_plain && number.integer_digits > kMostFloatDigits &&
      text.find_first_not_of(".0", fraction) == std::string_view::npos) {
    const std::size_t last = text.substr(0, fraction).find_last_not_of('0');
    number.is_long_integer = static_cast<int>(last + 1 - first) > kMostFloatDigits;
  }
  return number;
}

}  // namespace

void TypeGuess::observe(std::string_view text, ValueParser& values) {
  if (text.empty()) return;
  if (const std::string_view bare = without_blanks(text); bare.empty() || is_null_word(bare)) {
    saw_null_ = true;
    return;
  }
  observed_ = true;
  if (possible_ == 0) return;
  const std::string_view value = without_blanks(text);
  const std::string_view numeral = values.numbers.plain(value);
  const char* begin = numeral.data();
  const char* end = begin + numeral.size();
  std::uint8_t fits = 0;
  std::int64_t integer = 0;
  double number = 0;
  bool truth = false;
  std::int64_t time = 0;
  const PlainNumber plain = read_plain(numeral);
  if (plain.is_telephone && numeral.size() == value.size()) fits |= kTelephone;
  const bool is_integer = parse_canonical_int64(begin, end, integer);
  if (is_integer && numeral == text) fits |= kIntegerKey;
  if (is_integer || (plain.is_whole && parse_int64(begin, end, integer) == ParseFault::kNone)) {
    fits |= kInt64;
  }
  if (plain.is_plain) {
    fits |= kDecimal;
    integer_digits_ = std::max(integer_digits_, plain.integer_digits);
    fraction_digits_ = std::max(fraction_digits_, plain.fraction_digits);
  }
  if ((possible_ & kFloat64) != 0 && !plain.leading_zero && !plain.is_long_integer &&
      (plain.is_surely_finite() || parse_float64(begin, end, number) == ParseFault::kNone)) {
    fits |= kFloat64;
  }
  begin = value.data();
  end = begin + value.size();
  if ((possible_ & kBool) != 0 && parse_bool(begin, end, truth) == ParseFault::kNone) fits |= kBool;
  // Integers could be seconds since 1970; nobody could tell them from other integers.
  TimeParser& times = values.times;
  if ((possible_ & (kDate | kTimestamp)) != 0 && (!is_integer || times.has_pattern()) &&
      times.parse_timestamp(begin, end, time) == ParseFault::kNone) {
    fits |= kTimestamp;
    if ((possible_ & kDate) != 0 && times.is_date_alone(begin, end)) fits |= kDate;
  }
  possible_ &= fits;
}

void TypeGuess::merge(const TypeGuess& other) {
  saw_null_ |= other.saw_null_;
  if (!other.observed_) return;
  possible_ &= other.possible_;
  observed_ = true;
  most_digits_ = std::max(most_digits_, other.most_digits_);
  integer_digits_ = std::max(integer_digits_, other.integer_digits_);
  fraction_digits_ = std::max(fraction_digits_, other.fraction_digits_);
}

void TypeGuess::declare(Type type) {
  observed_ = true;
  most_digits_ = kMaxDecimalPrecision;  // such a file never means a float by many digits
  switch (type.kind) {
    case TypeKind::kInt64:
      possible_ &= kInt64 | kDecimal | kFloat64 | kIntegerKey;
      return;
    case TypeKind::kDecimal:
      possible_ &= kDecimal | kFloat64;
      integer_digits_ = std::max(integer_digits_, type.precision - type.scale);
      fraction_digits_ = std::max(fraction_digits_, int{type.scale});
      return;
    case TypeKind::kFloat64:
      possible_ &= kFloat64;
      return;
    case TypeKind::kBool:
      possible_ &= kBool;
      return;
    case TypeKind::kDate:
      possible_ &= kDate;
      return;
    case TypeKind::kTimestamp:
      possible_ &= kTimestamp;
      return;
    case TypeKind::kNull:
    case TypeKind::kString:
    case TypeKind::kList:
      possible_ = 0;
  }
}

Type TypeGuess::type() const {
  if (!observed_ || possible_ == 0 || (possible_ & kTelephone) != 0) return kStringType;
  if ((possible_ & kInt64) != 0) {
    // Integers are times only where a pattern reads them, as %Y%m%d does 20250501.
    if ((possible_ & kDate) != 0) return kDateType;
    return (possible_ & kTimestamp) != 0 ? kTimestampType : kInt64Type;
  }
  const int digits = integer_digits_ + fraction_digits_;
  if ((possible_ & kDecimal) != 0 && digits <= most_digits_) {
    return decimal_type(static_cast<std::uint8_t>(digits),
                        static_cast<std::uint8_t>(fraction_digits_));
  }
  if ((possible_ & kFloat64) != 0) return kFloat64Type;
  if ((possible_ & kBool) != 0) return kBoolType;
  if ((possible_ & kDate) != 0) return kDateType;
  if ((possible_ & kTimestamp) != 0) return kTimestampType;
  return kStringType;
}

}  // namespace stave::loading
