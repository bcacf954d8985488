// What is true for a whole program while it is bound: settings, parameters, metrics, relations.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/binding/scope.h"
#include "query/syntax/diagnostics.h"
#include "query/syntax/syntax.h"
#include "query/values/program_zone.h"
#include "storage/snapshot.h"
#include "storage/value.h"

namespace stave {

// A metric sees those declared before it only, so that metrics cannot go in circles.
struct MetricEntry {
  const MetricSyntax* syntax = nullptr;
  std::size_t position = 0;
};

// A duration where it moves no date and is no width of a bucket.
inline Fault lone_duration(Span span) {
  return {"E209", span, "a duration stands only beside + or - and a date or time",
          "e.g. `today() - 30d`"};
}

struct BindContext {
  const Snapshot& snapshot;
  Diagnostics& diagnostics;
  std::vector<std::string>& warnings;
  ProgramZone zone;
  int week_start = 1;
  std::int64_t now = 0;   // microseconds since 1970, UTC
  bool asks_now = false;  // whether now() or today() was bound
  std::map<std::string, Value> parameters = {};
  std::map<std::string, MetricEntry> metrics = {};
  std::map<std::string, BoundRelation> relations = {};  // `let`
  // A report as a source; nothing where there is none of that name. Notes its own faults.
  std::function<std::optional<BoundRelation>(const std::string& name, Span span,
                                             BindContext& outer)>
      bind_report = {};
  std::vector<std::string> report_names = {};
  bool parameters_may_lack = false;  // one without a value is null: the program is only checked
  int stages_left = 600;             // bounds the depth of plans
  std::size_t nodes_left = 100'000;  // metrics inside metrics could grow without bound

  const Schema& schema() const { return snapshot.manifest().schema; }
};

}  // namespace stave
