// How the values of a load are spelt: times, marks in numbers, words for null. Made once, copied
// for each thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stave/dump_format.h"
#include "stave/result.h"
#include "tools/import/number_marks.h"
#include "tools/import/parse_time.h"

namespace stave::loading {

struct ValueParser {
  TimeParser times;
  NumberMarks numbers;
  std::vector<std::string> nulls;  // unquoted cells that are null beside the empty one

  // Plain numbers, no further nulls.
  ValueParser(TimeParser parser)
      : times(std::move(parser)) {}  // NOLINT(google-explicit-constructor)
  static Result<ValueParser> find(const ValueFormat& format, const std::string& store_zone);
};

}  // namespace stave::loading
