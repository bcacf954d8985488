// Everything that a user can say wrongly is found before a file is opened.
#include "tools/import/value_parser.h"

#include <memory>

#include "tools/import/time_pattern.h"

namespace stave::loading {

Result<ValueParser> ValueParser::find(const ValueFormat& format, const std::string& store_zone) {
  DateOrder order = DateOrder::kIso;
  std::shared_ptr<const TimePattern> pattern;
  if (format.date_format == "mdy") {
    order = DateOrder::kMonthFirst;
  } else if (format.date_format == "dmy") {
    order = DateOrder::kDayFirst;
  } else if (format.date_format == "ymd") {
    order = DateOrder::kYearFirst;
  } else if (!format.date_format.empty()) {
    Result<TimePattern> compiled = TimePattern::compile(format.date_format);
    if (!compiled) return pass(compiled);
    pattern = std::make_shared<const TimePattern>(std::move(*compiled));
  }
  Result<ZoneClock> clock = ZoneClock::find(store_zone);
  if (!clock) return pass(clock);
  Result<ZoneClock> text_clock =
      format.time_zone.empty() ? clock : ZoneClock::find(format.time_zone);
  if (!text_clock) return fail(ErrorCode::kInvalidArgument, text_clock.error().message);
  Result<NumberMarks> numbers = NumberMarks::find(format.thousands_separator.value_or('\0'),
                                                  format.decimal_mark.value_or('.'));
  if (!numbers) return pass(numbers);
  ValueParser parser(TimeParser(*clock, *text_clock, order, std::move(pattern)));
  parser.numbers = std::move(*numbers);
  parser.nulls = format.null_spellings;
  return parser;
}

}  // namespace stave::loading
