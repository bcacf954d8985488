// Asking a store: programs of the pipeline language, and the reports that are such programs.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "stave/store.h"
#include "stave/type.h"

namespace stave {

struct QueryOptions {
  std::map<std::string, std::string> parameters;  // text, read as the declared type
  std::string now;               // overrides now() and today(); ISO timestamp; empty: the clock
  std::string origin = "query";  // names the program in error messages
  std::string metrics;           // declarations of metrics that the program may use
  std::string metrics_origin = "metrics";
  int threads = 0;                 // 0: as many as the machine has
  std::uint64_t memory_limit = 0;  // bytes; 0: three quarters of the machine's
  // Leaves out the segments of facts (a day's rows) whose files are damaged in a column that the
  // program reads, with a warning for each, rather than failing.
  bool skip_damaged = false;
  const std::atomic<bool>* cancelled = nullptr;
};

struct ResultColumn {
  std::string name;
  Type type;
};

// One fault of a program, as `--errors json` prints it.
struct Diagnostic {
  std::string code;  // "E104"
  std::string message;
  std::string origin;
  int line = 0;    // from 1
  int column = 0;  // from 1, in characters
  int length = 0;
  std::string hint;                    // "did you mean ..."; may be empty
  std::vector<std::string> available;  // names that would be right here; may be empty
  std::vector<std::string> notes;      // e.g. where a name was dropped
  std::string text;  // the whole message with source line and caret, as for a terminal
};

// A piece of a result. Cell accessors are valid while the callback that got it runs; rows are
// 0..rows() - 1. Calling an accessor that does not fit the column's type is a usage error with an
// unspecified value, never undefined behaviour. A null has the value 0, false or empty.
class ResultBatch {
 public:
  virtual ~ResultBatch() = default;
  virtual std::uint32_t rows() const = 0;
  virtual bool is_null(std::uint32_t row, std::size_t column) const = 0;
  virtual bool bool_at(std::uint32_t row, std::size_t column) const = 0;
  virtual std::int64_t int64_at(std::uint32_t row, std::size_t column) const = 0;  // i64, date, ts
  virtual double float64_at(std::uint32_t row, std::size_t column) const = 0;
  virtual std::string_view string_at(std::uint32_t row, std::size_t column) const = 0;  // and lists
  // A decimal's unscaled integer: high and low half of its two's complement.
  virtual std::pair<std::int64_t, std::uint64_t> decimal_at(std::uint32_t row,
                                                            std::size_t column) const = 0;
  // The cell as CSV out prints it, without quoting; appended to `out`; nothing for null.
  virtual void append_text(std::uint32_t row, std::size_t column, std::string& out) const = 0;
};

class ResultSink {
 public:
  virtual ~ResultSink() = default;
  // Once for each pipeline of the program, before its batches.
  virtual Result<void> begin(const std::vector<ResultColumn>& columns) = 0;
  virtual Result<void> batch(const ResultBatch& batch) = 0;
  virtual Result<void> end() = 0;
};

// On kInvalidProgram the message is the rendered text of all diagnostics, which are also put into
// `diagnostics` where given. `warnings` gets one line each.
Result<void> query(const Store& store, std::string_view program, const QueryOptions& options,
                   ResultSink& sink, std::vector<Diagnostic>* diagnostics = nullptr,
                   std::vector<std::string>* warnings = nullptr);

// The plan in words.
Result<std::string> explain(const Store& store, std::string_view program,
                            const QueryOptions& options);

struct ReportParameter {
  std::string name;
  std::string type;
  std::string default_text;  // empty: must be given
};

struct ReportDescription {
  std::string name;     // "kpi.daily_genre"
  std::string summary;  // its first comment line
  std::vector<ReportParameter> parameters;
};

std::vector<ReportDescription> list_reports(const Store& store);
// One of them; nothing where there is none of that name.
std::optional<ReportDescription> find_report(const Store& store, const std::string& name);
Result<void> report(const Store& store, const std::string& name, const QueryOptions& options,
                    ResultSink& sink, std::vector<std::string>* warnings = nullptr);

}  // namespace stave
