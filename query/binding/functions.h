// The functions of the language, as a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/plan.h"

namespace stave {

enum class FunctionGroup { kScalar, kAggregate, kWindow };

enum class ScalarName {
  kNone,
  kCoalesce,
  kIf,
  kRound,
  kDiv,
  kAbs,
  kSqrt,
  kLn,
  kBucket,
  kDate,
  kHour,
  kDow,
  kYear,
  kMonth,
  kAddDays,
  kAddMonths,
  kNow,
  kToday,
  kLower,
  kUpper,
  kLength,
  kSplit,
  kContains,
  kStartsWith,
  kEndsWith,
  kConcat,
};

struct FunctionEntry {
  std::string_view name;
  FunctionGroup group = FunctionGroup::kScalar;
  std::size_t least = 0;  // arguments
  std::size_t most = 0;
  std::string_view usage;
  ScalarName scalar = ScalarName::kNone;
  AggregateFunction aggregate = AggregateFunction::kCount;
  WindowFunction window = WindowFunction::kAggregate;
};

// Null where there is none of that name.
const FunctionEntry* find_function(std::string_view name);
const std::vector<std::string>& function_names();
std::string_view name_of(AggregateFunction function);
std::string_view name_of(WindowFunction function);

}  // namespace stave
