// See run.h.
#include "tools/watch/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "storage/type_text.h"
#include "tools/output/load_json.h"

namespace stave::watching {

JsonWriter event_json(std::int64_t time, std::string_view event) {
  JsonWriter json;
  json.begin_object();
  std::string moment = timestamp_text(time) + "Z";
  std::ranges::replace(moment, ' ', 'T');
  json.key("time").text(moment);
  json.key("event").text(event);
  return json;
}

std::string json_of(const Run& run) {
  JsonWriter json = event_json(run.began, "run");
  json.key("file").text(run.file.path());
  json.key("moved_to").text_or_null(run.moved_to);
  json.key("attempt").number(static_cast<std::uint64_t>(run.attempt));
  write_load(run.load, json);
  json.end_object();
  return json.json();
}

std::string sentence_of(const Run& run) {
  const std::string file = run.file.path();
  if (run.has_failed()) {
    return fmt::format("failed {}: {}", file, run.load.error->message);
  }
  const ImportSummary& summary = *run.load.summary;
  if (summary.load_id == 0) return fmt::format("skipped {}: imported before", file);
  std::string text = fmt::format("imported {}: {} {}, load {}", file, summary.rows,
                                 summary.rows == 1 ? "row" : "rows", summary.load_id);
  if (summary.rejected > 0) text += fmt::format(", {} rejected", summary.rejected);
  for (const RuleResult& rule : run.load.rules) {
    if (!rule.kept) text += fmt::format("; warning: {}: {}", rule.rule, rule.finding);
  }
  return text;
}

std::int64_t microseconds_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Remedy remedy_for(ErrorCode code, bool store_opens) {
  switch (code) {
    case ErrorCode::kLocked:
    case ErrorCode::kNoSpace:
    case ErrorCode::kOutOfMemory:
      return Remedy::kWait;
    case ErrorCode::kIo:
      return store_opens ? Remedy::kRead : Remedy::kStop;
    case ErrorCode::kCancelled:
    case ErrorCode::kDamaged:  // inputs that are broken are kInvalidData
    case ErrorCode::kNewerFormat:
      return Remedy::kStop;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kInvalidData:
    case ErrorCode::kTooManyRejects:
    case ErrorCode::kInvalidProgram:
    case ErrorCode::kOverflow:
    case ErrorCode::kEvaluation:
    case ErrorCode::kUnsupported:
    case ErrorCode::kInternal:
      return store_opens ? Remedy::kNone : Remedy::kStop;
  }
  return Remedy::kNone;
}

}  // namespace stave::watching
