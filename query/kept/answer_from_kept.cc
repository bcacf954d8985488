// Everything is read and tested before the first row is given, so that damage is found in time.
#include "query/kept/answer_from_kept.h"

#include <algorithm>

#include "query/kept/kept_program.h"
#include "query/kept/kept_rows.h"

namespace stave {
namespace {

// A result of none of the rows.
class NoSink : public ResultSink {
 public:
  Result<void> begin(const std::vector<ResultColumn>&) override { return {}; }
  Result<void> batch(const ResultBatch&) override { return {}; }
  Result<void> end() override { return {}; }
};

// Parts in the order of the answer: rows without a time come last either way.
std::vector<const KeptPart*> in_order(const KeptResult& kept) {
  std::vector<const KeptPart*> parts;
  for (const KeptPart& part : kept.parts) parts.push_back(&part);
  std::ranges::stable_sort(parts, [&](const KeptPart* one, const KeptPart* other) {
    if ((one->period == kNoDay) != (other->period == kNoDay)) return other->period == kNoDay;
    return kept.descending ? one->period > other->period : one->period < other->period;
  });
  return parts;
}

Result<bool> give_rows(const KeptResult& kept, const KeptProgram& program, ResultSink& sink) {
  for (const KeptPart* part : in_order(kept)) {
    auto read = read_kept_rows(part->bytes, part->rows, kept.columns, program.zone, sink);
    if (!read || !*read) return read;
  }
  return true;
}

Result<bool> answer(const Store& store, const std::string& name, const QueryOptions& options,
                    ResultSink& sink, std::vector<std::string>* warnings) {
  const FileSystem& files = store.snapshot().files();
  const auto warn = [&](const Error& error) {
    if (error.code != ErrorCode::kDamaged) return Result<bool>(Failure(error));
    if (warnings != nullptr) warnings->push_back(error.message + " It was computed instead.");
    return Result<bool>(false);
  };
  const auto entries = read_kept_index(files);
  if (!entries) return warn(entries.error());
  const auto entry = std::ranges::find_if(*entries, [&](const KeptEntry& one) {
    return one.number != 0 && one.question.report == name &&
           one.question.parameters == options.parameters &&
           (one.question.now.empty() || one.question.now == options.now);
  });
  if (entry == entries->end()) return false;
  std::string why_not;
  const auto program = compile_kept(store.snapshot(), name, options, why_not);
  if (!program) return pass(program);
  if (!*program || (*program)->question != entry->question) return false;
  const auto kept = read_kept_result(files, *entry);
  if (!kept) {
    // Somebody refreshed it meanwhile: computing is always right.
    const auto now = read_kept_index(files);
    const bool is_named = now && std::ranges::any_of(*now, [&](const KeptEntry& one) {
                            return one.number == entry->number;
                          });
    return is_named ? warn(kept.error()) : Result<bool>(false);
  }
  const auto stale = staleness_of(**program, &*kept, store.snapshot());
  if (!stale) return pass(stale);
  if (!stale->is_fresh()) return false;
  NoSink nowhere;
  auto sound = give_rows(*kept, **program, nowhere);
  if (!sound) return sound;
  if (!*sound) {
    return warn(
        damaged_kept(files.root() + "/" + kept_path(entry->number), "A kept result is damaged")
            .value());
  }
  if (auto begun = sink.begin(kept->columns); !begun) return pass(begun);
  if (auto given = give_rows(*kept, **program, sink); !given) return given;
  if (auto ended = sink.end(); !ended) return pass(ended);
  return true;
}

}  // namespace

Result<bool> answer_from_kept(const Store& store, const std::string& name,
                              const QueryOptions& options, ResultSink& sink,
                              std::vector<std::string>* warnings) {
  // Metrics of the caller may change what the report means.
  if (!options.metrics.empty() || options.skip_damaged) return false;
  return answer(store, name, options, sink, warnings);
}

}  // namespace stave
