// Rules as programs of the query language.
#pragma once

#include <string>
#include <vector>

#include "stave/quality.h"
#include "storage/schema.h"

namespace stave::quality {

// Rows shown for a broken rule.
inline constexpr std::size_t kExamples = 5;

// Where rows of a rule's table are read.
struct RuleSource {
  const Schema& schema;
  const TableSchema& table;
  std::string rows;   // of the load
  std::string whole;  // table
};

// What to ask for one rule. Empty programs: the rule is judged without one.
struct RuleProgram {
  // Gives one row: how many rows break the rule (null is 0), and for kFresh the newest time.
  std::string count;
  std::string examples;  // gives the first few rows that do
  std::string finding;   // "likes must be at least 0"
};

// kInvalidArgument where the rule names columns or tables that are not there.
Result<RuleProgram> program_of(const QualityRule& rule, const RuleSource& source);

// What the query language says of such a program, as a fault of the rule.
Failure cannot_be_computed(const QualityRule& rule, const Error& error);

}  // namespace stave::quality
