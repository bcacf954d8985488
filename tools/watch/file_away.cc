// See file_away.h.
#include "tools/watch/file_away.h"

#include <fmt/format.h>

#include "storage/store_path.h"
#include "storage/type_text.h"
#include "tools/import/correction_files.h"
#include "tools/import/correction_origin.h"

namespace stave::watching {

namespace {

constexpr std::int64_t kMicrosecondsPerDay = 86'400'000'000;

std::string untold_path() {
  return std::string(kWork) + "/untold";
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

// The n-th place for the file: with that number behind its name.
std::string place_of(const Run& run, int number) {
  const char* const top = run.has_failed() ? kFailed : kArchive;
  std::string place = fmt::format("{}/{}/{}/{}", top, date_text(run.began / kMicrosecondsPerDay),
                                  run.file.table, run.file.name);
  if (number > 1) place += fmt::format(".{}", number);
  return place;
}

Result<void> take_rejects_along(const Inbox& inbox, Run& run) {
  const std::string folder = rejects_folder_of(run.file);
  const std::string corrections = folder + "/" + loading::correction_name(run.file.name);
  // Unfinished where a kill came behind the commit: it is whole all the same.
  for (const std::string& rows : {corrections, corrections + loading::kUnfinishedEnding}) {
    if (!inbox.look_at(rows)) continue;
    if (run.has_failed()) {
      if (Result<void> removed = inbox.remove(rows); !removed) return removed;
      continue;
    }
    const std::string to = run.moved_to + kCorrectionsEnding;
    if (Result<void> moved = inbox.replace(rows, to); !moved) return moved;
    if (run.load.summary) run.load.summary->corrections = {inbox.full(to)};
  }
  const std::string origin = loading::origin_path(corrections);
  if (inbox.look_at(origin)) {
    const std::string to = loading::origin_path(run.moved_to + kCorrectionsEnding);
    const auto done = run.has_failed() ? inbox.remove(origin) : inbox.replace(origin, to);
    if (!done) return done;
  }
  const std::string from = folder + "/rejects.csv";
  if (!inbox.look_at(from)) return {};
  const std::string to = run.moved_to + kRejectsEnding;
  if (Result<void> moved = inbox.replace(from, to); !moved) return moved;
  if (run.load.summary) run.load.summary->rejects_path = inbox.full(to);
  if (run.load.error) replace_all(run.load.error->message, inbox.full(from), inbox.full(to));
  return {};
}

// False where the place was taken meanwhile.
Result<bool> move_to(const Inbox& inbox, Run& run) {
  if (Result<void> made = inbox.make_folders(folder_of(run.moved_to)); !made) return pass(made);
  if (Result<void> taken = take_rejects_along(inbox, run); !taken) return pass(taken);
  const std::string json = json_of(run) + "\n";
  if (Result<void> put = inbox.write(run.moved_to + kRunEnding, json); !put) return pass(put);
  const std::string untold =
      fmt::format("{}\n{}\n", run.has_failed() ? kFailed : kArchive, run.moved_to);
  if (Result<void> put = inbox.write(untold_path(), untold); !put) return pass(put);
  return inbox.move(run.file.path(), run.moved_to);
}

}  // namespace

std::string rejects_folder_of(const InboxFile& file) {
  return fmt::format("{}/rejects/{}/{}", kWork, file.table, file.name);
}

Result<void> file_away(const Inbox& inbox, Run& run) {
  bool is_moved = false;
  for (int number = 1; !is_moved; ++number) {
    run.moved_to = place_of(run, number);
    if (inbox.look_at(run.moved_to)) continue;
    const Result<bool> moved = move_to(inbox, run);
    if (!moved) {
      run.moved_to.clear();
      return pass(moved);
    }
    is_moved = *moved;
  }
  if (Result<void> synced = inbox.sync_folder_of(run.moved_to); !synced) return synced;
  // Whether the folder goes does not matter: the next file of that name uses it again.
  static_cast<void>(inbox.remove(rejects_folder_of(run.file)));
  return {};
}

Result<std::optional<UntoldRun>> untold_run(const Inbox& inbox) {
  if (!inbox.look_at(untold_path())) return std::nullopt;
  const Result<std::string> text = inbox.read(untold_path());
  if (!text) return pass(text);
  const std::size_t first = text->find('\n');
  if (first == std::string::npos) return std::nullopt;
  UntoldRun run;
  run.has_failed = text->substr(0, first) == kFailed;
  run.moved_to = text->substr(first + 1, text->size() - first - 2);
  // Not moved: the file is still in the inbox and will be looked at again.
  if (!inbox.look_at(run.moved_to)) return std::nullopt;
  Result<std::string> json = inbox.read(run.moved_to + kRunEnding);
  if (!json) return pass(json);
  run.json = json->substr(0, json->find('\n'));
  return run;
}

Result<void> forget_untold_run(const Inbox& inbox) {
  return inbox.remove(untold_path());
}

}  // namespace stave::watching
