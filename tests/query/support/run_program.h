// One program run in many ways that must all give the same bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/execute.h"
#include "stave/result.h"
#include "stave/store.h"

namespace stave::testing {

// Rules of the optimizer, each a bit.
enum Rule : unsigned {
  kDropEmpty = 1,
  kPushFilters = 2,
  kDropUnseenSorts = 4,
  kMergeEqual = 8,
  kPruneColumns = 16,
  kCutSorts = 32,
  kAllRules = 63
};

struct RunWay {
  std::string name;
  ExecutionOptions execution;
  unsigned rules = kAllRules;
  std::int64_t kernel_targets = 0;  // 0: the best that the machine has
};

// Threads, batch sizes, spilling, optimizer rules left out one at a time, instruction sets.
std::vector<RunWay> run_ways();

// The result of a program with one pipeline, as TextSink writes it.
Result<std::string> run_program(const Store& store, std::string_view program, const RunWay& way);

}  // namespace stave::testing
