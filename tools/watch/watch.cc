// The loop of a watch. It has no memory that a kill could take: what was imported is in the ledger
// of the store, what is to be done lies in the inbox. A file that was imported but not moved is
// skipped by the ledger on the next run, and moved then.
#include "stave/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "storage/guarded.h"
#include "storage/snapshot.h"
#include "tools/watch/event_log.h"
#include "tools/watch/file_away.h"
#include "tools/watch/load_file.h"
#include "tools/watch/settled_files.h"
#include "tools/watch/table_order.h"
#include "tools/watch/user_command.h"

namespace stave {

namespace {

using namespace watching;  // NOLINT(google-build-using-namespace): this file is their conductor
using Clock = SettledFiles::Clock;
using std::chrono::milliseconds;

// How often was tried, and when to try again.
struct Attempts {
  int count = 0;
  Clock::time_point next{};
};

class Watch {
 public:
  Watch(const std::string& store, const std::string& path, const WatchOptions& options,
        const Inbox& inbox, EventLog& log)
      : store_(store),
        path_(path),
        options_(options),
        inbox_(inbox),
        log_(log),
        settled_(options.settle) {}

  Result<WatchSummary> run() {
    log_.started(store_, path_);
    Result<void> outcome = tell_what_is_untold();
    while (outcome && !is_cancelled()) {
      outcome = look();
      if (!outcome || (options_.once && is_done())) break;
      pause();
    }
    if (!outcome && outcome.error().code != ErrorCode::kCancelled) {
      log_.problem(outcome.error());
      log_.stopped(summary_);
      return pass(outcome);
    }
    log_.stopped(summary_);
    return summary_;
  }

 private:
  bool is_cancelled() const { return options_.cancelled != nullptr && options_.cancelled->load(); }

  // With `once`: what was there at the beginning and has settled was handled, or tried often
  // enough.
  bool is_done() const {
    const auto is_over = [&](const Attempts& attempts) {
      return attempts.count == 0 || attempts.count >= options_.attempts;
    };
    return has_settled_ && is_over(all_) &&
           std::ranges::all_of(each_, [&](const auto& entry) { return is_over(entry.second); });
  }

  void pause() const {
    const Clock::time_point end =
        Clock::now() + (options_.once ? std::min(options_.poll, milliseconds(50)) : options_.poll);
    while (Clock::now() < end && !is_cancelled()) {
      std::this_thread::sleep_for(std::min(milliseconds(50), options_.poll));
    }
  }

  Result<void> look() {
    if (Clock::now() < all_.next) return {};  // the same for every file
    Result<InboxListing> listing = inbox_.list();
    if (!listing) return pass(listing);
    if (Result<void> known = keep_files_of_tables(*listing); !known) return known;
    for (const IgnoredEntry& entry : listing->ignored) {
      if (ignored_.insert(entry.path).second) log_.ignored(entry.path, entry.reason);
    }
    forget_files_gone(listing->files);
    const Clock::time_point now = Clock::now();
    if (!first_look_) first_look_ = now;
    has_settled_ = now - *first_look_ >= options_.settle;
    const std::vector<InboxFile> files = settled_.of(listing->files, now);
    for (const InboxFile& file : files) {
      const auto attempts = each_.find(file.path());
      if (attempts != each_.end() && Clock::now() < attempts->second.next) continue;
      if (is_cancelled()) return {};
      if (inbox_.look_at(file.path()) != file.mark) continue;  // it has to settle anew
      if (Result<void> handled = handle(file); !handled) return handled;
      if (Clock::now() < all_.next) return {};
    }
    return {};
  }

  // A folder that is no table is somebody's mistake, or an inbox that is none: hands off.
  Result<void> keep_files_of_tables(InboxListing& listing) const {
    if (listing.files.empty()) return {};
    const Result<Store> opened = Store::open(store_);
    if (!opened) return pass(opened);
    const Schema& schema = opened->snapshot().manifest().schema;
    std::erase_if(listing.files, [&](const InboxFile& file) {
      if (schema.resolve_table(file.table) != nullptr) return false;
      listing.ignored.push_back({file.table, "The store has no table of this name."});
      return true;
    });
    order_by_table(listing.files, schema);
    return {};
  }

  void forget_files_gone(const std::vector<InboxFile>& files) {
    std::erase_if(each_, [&](const auto& entry) {
      return std::ranges::none_of(
          files, [&](const InboxFile& file) { return file.path() == entry.first; });
    });
  }

  Result<void> handle(const InboxFile& file) {
    LoadedRun loaded = load_file(store_, inbox_, file, options_);
    const auto before = each_.find(file.path());
    loaded.run.attempt = 1 + (before == each_.end() ? all_.count : before->second.count);
    if (loaded.run.has_failed()) {
      const Error& error = *loaded.run.load.error;
      const bool is_last = loaded.run.attempt >= options_.attempts;
      if (loaded.remedy == Remedy::kStop) return Failure(error);
      if (loaded.remedy == Remedy::kWait) return wait(file, all_, error);
      if (loaded.remedy == Remedy::kSettle) {
        log_.waits(file, loaded.run.attempt, error, options_.settle);
        return {};
      }
      if (loaded.remedy == Remedy::kRead && !is_last) return wait(file, each_[file.path()], error);
    }
    if (!loaded.is_gone) {
      const Result<void> filed = file_away(inbox_, loaded.run);
      if (!filed && !loaded.run.moved_to.empty()) return filed;
      const bool is_full = !filed && filed.error().code == ErrorCode::kNoSpace;
      if (!filed) return wait(file, is_full ? all_ : each_[file.path()], filed.error());
    }
    each_.erase(file.path());
    all_ = {};
    summary_.waits_for.reset();
    return tell(loaded.run);
  }

  Result<void> wait(const InboxFile& file, Attempts& attempts, const Error& error) {
    milliseconds time = options_.first_wait;
    for (int i = 0; i < attempts.count && time < options_.longest_wait; ++i) time *= 2;
    time = std::min(time, options_.longest_wait);
    ++attempts.count;
    attempts.next = Clock::now() + time;
    summary_.waits_for = error;
    log_.waits(file, attempts.count, error, time);
    return {};
  }

  Result<void> tell(const Run& run) {
    std::uint64_t& count = run.has_failed()                 ? summary_.failed
                           : run.load.summary->load_id == 0 ? summary_.skipped
                                                            : summary_.imported;
    ++count;
    log_.ran(run);
    if (run.moved_to.empty()) return {};
    call(run.has_failed(), run.moved_to);
    return forget_untold_run(inbox_);
  }

  void call(bool has_failed, const std::string& moved_to) const {
    const std::string& command = has_failed ? options_.on_failure : options_.on_success;
    if (command.empty()) return;
    const Result<int> called = run_user_command(command, inbox_.full(moved_to + kRunEnding));
    if (!called) {
      log_.problem(called.error());
    } else {
      log_.called(command, moved_to, *called);
    }
  }

  Result<void> tell_what_is_untold() const {
    const Result<std::optional<UntoldRun>> run = untold_run(inbox_);
    if (!run) return pass(run);
    if (*run) {
      log_.tell("run", "moved before a restart: " + (*run)->moved_to, (*run)->json);
      call((*run)->has_failed, (*run)->moved_to);
    }
    return forget_untold_run(inbox_);
  }

  const std::string& store_;
  const std::string& path_;
  const WatchOptions& options_;
  const Inbox& inbox_;
  EventLog& log_;
  SettledFiles settled_;
  Attempts all_;                          // at a store that takes no file now
  std::map<std::string, Attempts> each_;  // at files that cannot be read, by path
  std::set<std::string> ignored_;         // told of once
  std::optional<Clock::time_point> first_look_;
  bool has_settled_ = false;  // what was there then
  WatchSummary summary_;
};

// Options of a folder that is misspelt would be missed in silence.
Result<void> check_folders(const Schema& schema, const WatchOptions& options) {
  for (const auto& [folder, import] : options.import_of) {
    if (schema.resolve_table(folder) != nullptr) continue;
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("Options are given for a folder that is no table of the store: {}. "
                            "`stave describe STORE` lists them.",
                            folder));
  }
  return {};
}

// A store in its own inbox would be moved away file by file.
Result<void> check_apart(const std::string& store, const std::string& inbox) {
  std::error_code error;
  const auto canonical = [&](const std::string& path) {
    return std::filesystem::canonical(path, error).string() + "/";
  };
  const std::string of_store = canonical(store);
  const std::string of_inbox = canonical(inbox);
  if (error || (!of_store.starts_with(of_inbox) && !of_inbox.starts_with(of_store))) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("A store and its inbox must not lie in one another: {} and {}. Choose "
                          "another folder for the inbox.",
                          store, inbox));
}

Result<WatchSummary> watch(const std::string& store, const std::string& path,
                           const WatchOptions& options) {
  const Result<Store> opened = Store::open(store);
  if (!opened) return pass(opened);
  if (Result<void> fit = check_rules_fit(options.rules, *opened, false); !fit) return pass(fit);
  const Schema& schema = opened->snapshot().manifest().schema;
  if (Result<void> known = check_folders(schema, options); !known) return pass(known);
  if (Result<void> apart = check_apart(store, path); !apart) return pass(apart);
  const Result<std::unique_ptr<Inbox>> inbox = Inbox::open(path);
  if (!inbox) return pass(inbox);
  const RunLog log(options.log_path.empty() ? (*inbox)->full("watch.log.jsonl") : options.log_path);
  if (Result<void> opens = log.check(); !opens) return pass(opens);
  EventLog events(log, options.on_event);
  return Watch(store, path, options, **inbox, events).run();
}

}  // namespace

Result<WatchSummary> watch_inbox(const std::string& store, const std::string& inbox,
                                 const WatchOptions& options) {
  return guarded("an inbox was watched", [&] { return watch(store, inbox, options); });
}

}  // namespace stave
