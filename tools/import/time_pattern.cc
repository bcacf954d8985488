// Names of months are English, short or in full, as strptime takes either for both %b and %B.
#include "tools/import/time_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/import/parse_time.h"

namespace stave::loading {

namespace {

constexpr std::array<const char*, 12> kMonths = {"january",   "february", "march",    "april",
                                                 "may",       "june",     "july",     "august",
                                                 "september", "october",  "november", "december"};
constexpr std::array<const char*, 7> kWeekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                  "friday", "saturday", "sunday"};
constexpr int kShortName = 3;

bool take_month_name(TimeScanner& scanner, unsigned& month) {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    const std::string_view name = kMonths[i];
    if (!scanner.take_word(name.data(), kShortName)) continue;
    const std::string_view rest = name.substr(kShortName);
    scanner.take_word(rest.data(), static_cast<int>(rest.size()));
    month = i + 1;
    return true;
  }
  return false;
}

// Of what day of the week it is nothing depends on.
bool take_weekday_name(TimeScanner& scanner) {
  return std::any_of(kWeekdays.begin(), kWeekdays.end(), [&](std::string_view name) {
    if (!scanner.take_word(name.data(), kShortName)) return false;
    const std::string_view rest = name.substr(kShortName);
    scanner.take_word(rest.data(), static_cast<int>(rest.size()));
    return true;
  });
}

Failure bad_pattern(std::string_view text, std::string_view why) {
  return fail(
      ErrorCode::kInvalidArgument,
      fmt::format("The date format cannot be used: \"{}\" ({}). Write mdy, dmy or ymd, or a "
                  "pattern of %Y %y %m %b %B %d %a %A %H %I %M %S %f %p %z %Z and what stands "
                  "between them.",
                  text, why));
}

}  // namespace

struct TimePattern::Fields {
  unsigned year = 0;
  unsigned month = 1;
  unsigned day = 1;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  std::int64_t fraction = 0;
  bool afternoon = false;
  bool has_zone = false;
  std::int64_t offset = 0;
  std::string_view zone_name;
};

std::size_t TimePattern::place_of(Part part) const {
  const auto found = std::find_if(steps_.begin(), steps_.end(),
                                  [&](const Step& step) { return step.part == part; });
  return static_cast<std::size_t>(found - steps_.begin());
}

Result<void> TimePattern::add_steps(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ' ') {
      if (steps_.empty() || steps_.back().part != Part::kBlanks) steps_.push_back({Part::kBlanks});
      continue;
    }
    if (text[at] != '%' || text.substr(at, 2) == "%%") {
      steps_.push_back({Part::kLiteral, text[at]});
      at += text[at] == '%' ? 1 : 0;
      continue;
    }
    constexpr std::string_view kLetters = "YymbBdHIMSfpzZaA";
    constexpr std::array<Part, 16> kParts = {
        Part::kYear,      Part::kYearOfTwoDigits, Part::kMonth,
        Part::kMonthName, Part::kMonthName,       Part::kDay,
        Part::kHour,      Part::kHourOfTwelve,    Part::kMinute,
        Part::kSecond,    Part::kFraction,        Part::kHalfOfDay,
        Part::kOffset,    Part::kZoneName,        Part::kWeekday,
        Part::kWeekday};
    const std::size_t letter =
        at + 1 < text.size() ? kLetters.find(text[at + 1]) : std::string_view::npos;
    if (letter == std::string_view::npos) {
      return bad_pattern(text, fmt::format("{} is not known", text.substr(at, 2)));
    }
    if (has(kParts[letter])) {
      return bad_pattern(text, fmt::format("{} says what was said before", text.substr(at, 2)));
    }
    steps_.push_back({kParts[letter]});
    ++at;
  }
  return {};
}

Result<void> TimePattern::check(std::string_view text) {
  const bool short_year = has(Part::kYearOfTwoDigits);
  if (has(Part::kYear) == short_year) return bad_pattern(text, "it needs %Y or %y");
  if (has(Part::kMonth) == has(Part::kMonthName)) {
    return bad_pattern(text, "it needs the month once");
  }
  if (has(Part::kHour) && has(Part::kHourOfTwelve))
    return bad_pattern(text, "%H and %I exclude each other");
  if (has(Part::kHourOfTwelve) != has(Part::kHalfOfDay)) {
    return bad_pattern(text, "%I and %p need each other");
  }
  has_clock_ = has(Part::kHour) || has(Part::kHourOfTwelve);
  has_halves_ = has(Part::kHalfOfDay);
  const bool finer = has(Part::kMinute) || has(Part::kSecond) || has(Part::kFraction);
  if (finer && !has_clock_) return bad_pattern(text, "it has no hour");
  if (has(Part::kOffset) && has(Part::kZoneName)) {
    return bad_pattern(text, "%z and %Z exclude each other");
  }
  const std::size_t year = place_of(short_year ? Part::kYearOfTwoDigits : Part::kYear);
  const std::size_t month = place_of(has(Part::kMonth) ? Part::kMonth : Part::kMonthName);
  const std::size_t day = place_of(Part::kDay);
  year_day_month_ = year < day && day < month;
  const auto is_of_clock = [](const Step& step) {
    return step.part >= Part::kHour && step.part <= Part::kZoneName;
  };
  const auto first_of_clock = std::find_if(steps_.begin(), steps_.end(), is_of_clock);
  const std::size_t last_of_date = std::max({year, month, has(Part::kDay) ? day : 0});
  if (last_of_date < static_cast<std::size_t>(first_of_clock - steps_.begin())) {
    date_end_ = last_of_date + 1;
  }
  return {};
}

Result<TimePattern> TimePattern::compile(std::string_view text) {
  TimePattern pattern;
  if (Result<void> added = pattern.add_steps(text); !added) return pass(added);
  if (Result<void> checked = pattern.check(text); !checked) return pass(checked);
  return pattern;
}

bool TimePattern::take(Step step, TimeScanner& scanner, Fields& fields) {
  switch (step.part) {
    case Part::kYear:
      return scanner.take_number(4, 4, fields.year);
    case Part::kYearOfTwoDigits:
      if (!scanner.take_number(2, 2, fields.year)) return false;
      fields.year = year_of_two_digits(fields.year);
      return true;
    case Part::kMonth:
      return scanner.take_number(1, 2, fields.month);
    case Part::kMonthName:
      return take_month_name(scanner, fields.month);
    case Part::kDay:
      return scanner.take_number(1, 2, fields.day);
    case Part::kHour:
      return scanner.take_number(1, 2, fields.hour);
    case Part::kHourOfTwelve:
      return scanner.take_number(1, 2, fields.hour) && fields.hour >= 1 && fields.hour <= 12;
    case Part::kMinute:
      return scanner.take_number(1, 2, fields.minute);
    case Part::kSecond:
      return scanner.take_number(1, 2, fields.second);
    case Part::kFraction:
      return scanner.take_fraction(fields.fraction);
    case Part::kHalfOfDay:
      fields.afternoon = scanner.take_word("pm", 2);
      return fields.afternoon || scanner.take_word("am", 2);
    case Part::kOffset:
      fields.has_zone = true;
      return scanner.take_offset(fields.offset);
    case Part::kZoneName:
      fields.has_zone = true;
      fields.zone_name = scanner.take_letters();
      return !fields.zone_name.empty();
    case Part::kWeekday:
      return take_weekday_name(scanner);
    case Part::kBlanks:
      return scanner.take_blanks();
    case Part::kLiteral:
      return scanner.take(step.literal);
  }
  return false;
}

bool TimePattern::read(const char* begin, const char* end, ScannedTime& time) const {
  TimeScanner scanner(begin, end);
  Fields fields;
  std::size_t at = 0;
  for (; at < steps_.size(); ++at) {
    if (at == date_end_ && at > 0 && scanner.done()) break;
    if (!take(steps_[at], scanner, fields)) return false;
  }
  if (!scanner.done()) return false;
  if (!is_civil_day(fields.year, fields.month, fields.day)) return false;
  if (fields.hour > 23 || fields.minute > 59 || fields.second > 59) return false;
  time.micros = days_from_civil(fields.year, fields.month, fields.day) * kMicrosPerDay;
  time.has_clock = has_clock_ && at == steps_.size();
  if (has_halves_ && time.has_clock) {
    fields.hour = fields.hour % 12 + (fields.afternoon ? 12 : 0);
  }
  time.micros += fields.hour * kMicrosPerHour + fields.minute * kMicrosPerMinute +
                 fields.second * kMicrosPerSecond + fields.fraction;
  time.has_zone = fields.has_zone;
  time.offset = fields.offset;
  const bool is_utc =
      fields.zone_name == "UTC" || fields.zone_name == "GMT" || fields.zone_name == "Z";
  if (!is_utc) time.zone_name = fields.zone_name;
  return true;
}

}  // namespace stave::loading
