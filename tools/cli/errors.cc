// `error: sentence`, or with `--errors json` an object a line: one for each fault.
#include "tools/cli/errors.h"

#include <cstdio>

#include "stave/suggest.h"
#include "tools/cli/rows.h"
#include "tools/cli/terminal.h"

namespace stave::cli {
namespace {

constexpr const char* kRed = "\033[1;31m";
constexpr const char* kYellow = "\033[1;33m";
constexpr const char* kPlain = "\033[0m";

void print_text(const char* colour, const char* word, const std::string& message) {
  // Messages of the query language bring their own "error[E104]: ".
  const bool has_word = message.rfind(word, 0) == 0;
  const bool coloured = errors_may_be_coloured();
  const std::string text = has_word ? message.substr(std::string(word).size()) : ": " + message;
  const char* const end = !text.empty() && text.back() == '\n' ? "" : "\n";
  std::fprintf(stderr, "%s%s%s%s%s", coloured ? colour : "", word, coloured ? kPlain : "",
               text.c_str(), end);
}

void print_json(const Rows& rows) {
  const OutputOptions output{OutputFormat::kJsonLines, 0};
  const auto sink = make_output(output, [](std::string_view text) -> Result<void> {
    std::fwrite(text.data(), 1, text.size(), stderr);
    return {};
  });
  // Where standard error cannot be written, there is nobody left to tell.
  static_cast<void>(rows.print(*sink));
}

Rows error_rows() {
  return Rows({{"error", kStringType},
               {"exit_code", kInt64Type},
               {"message", kStringType},
               {"code", kStringType},
               {"origin", kStringType},
               {"line", kInt64Type},
               {"column", kInt64Type},
               {"length", kInt64Type},
               {"hint", kStringType}});
}

}  // namespace

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kInvalidProgram:
      return kWrongUse;
    case ErrorCode::kTooManyRejects:
      return kOverRejectTolerance;
    case ErrorCode::kDamaged:
      return kDamagedStore;
    case ErrorCode::kLocked:
      return kLockedStore;
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kIo:
    case ErrorCode::kNoSpace:
    case ErrorCode::kOutOfMemory:
    case ErrorCode::kNewerFormat:
    case ErrorCode::kInvalidData:
    case ErrorCode::kOverflow:
    case ErrorCode::kEvaluation:
    case ErrorCode::kCancelled:
    case ErrorCode::kUnsupported:
    case ErrorCode::kInternal:
      return kFailed;
  }
  return kFailed;
}

int report_error(const Error& error, const GlobalOptions& options,
                 const std::vector<Diagnostic>& diagnostics) {
  return report_error(error, exit_code_of(error.code), options, diagnostics);
}

int report_error(const Error& error, int exit_code, const GlobalOptions& options,
                 const std::vector<Diagnostic>& diagnostics) {
  if (!options.errors_as_json()) {
    print_text(kRed, "error", error.message);
    return exit_code;
  }
  Rows rows = error_rows();
  const std::string name = name_of(error.code);
  for (const Diagnostic& fault : diagnostics) {
    rows.add({name, std::int64_t{exit_code}, fault.message, fault.code, fault.origin,
              std::int64_t{fault.line}, std::int64_t{fault.column}, std::int64_t{fault.length},
              text_or_null(fault.hint)});
  }
  if (diagnostics.empty()) {
    rows.add({name, std::int64_t{exit_code}, error.message, {}, {}, {}, {}, {}, {}});
  }
  print_json(rows);
  return exit_code;
}

std::string with_hint(const std::string& sentence, const std::string& misspelt,
                      const std::vector<std::string>& known) {
  std::string hint = did_you_mean(misspelt, known);
  if (hint.empty()) {
    return sentence;
  }
  hint.front() = 'D';
  return sentence + " " + hint;
}

void report_warnings(const std::vector<std::string>& warnings, const GlobalOptions& options) {
  for (const std::string& warning : warnings) {
    if (!options.errors_as_json()) {
      print_text(kYellow, "warning", warning);
      continue;
    }
    Rows rows({{"warning", kStringType}});
    rows.add({warning});
    print_json(rows);
  }
}

}  // namespace stave::cli
