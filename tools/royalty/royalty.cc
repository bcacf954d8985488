// The public interface of runs: compute, settle, and under the writer's lock add to the ledger.
#include "stave/royalty.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "storage/guarded.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "tools/royalty/accounts.h"
#include "tools/royalty/book.h"
#include "tools/royalty/compute.h"
#include "tools/royalty/run_file.h"
#include "tools/settings/settings_file.h"

namespace stave {

using royalty::Book;
using royalty::ComputedRun;

const char* name_of(RoyaltyState state) {
  switch (state) {
    case RoyaltyState::kPending:
      return "pending";
    case RoyaltyState::kPartlyPaid:
      return "partly paid";
    case RoyaltyState::kPaid:
      return "paid";
    case RoyaltyState::kReplaced:
      return "replaced";
  }
  return "";
}

namespace {

struct Opened {
  std::shared_ptr<FileSystem> files;
  Book book;
};

Result<Opened> open_book(const std::string& store) {
  auto files = open_store_root(store);
  if (!files) return pass(files);
  if (auto marked = read_marker(**files); !marked) return pass(marked);
  auto book = Book::read(**files);
  if (!book) return pass(book);
  return Opened{*std::move(files), *std::move(book)};
}

bool share_a_payee(const RoyaltyRun& one, const RoyaltyRun& other) {
  std::set<RoyaltyPayee> payees;
  for (const RoyaltyBalance& balance : other.balances) payees.insert(balance.payee);
  return std::ranges::any_of(
      one.balances, [&](const RoyaltyBalance& balance) { return payees.contains(balance.payee); });
}

bool is_made_of(std::string_view text, const std::vector<std::string>& pieces) {
  for (const std::string& piece : pieces) {
    if (!text.starts_with(piece)) return false;
    text.remove_prefix(piece.size());
  }
  return text.empty();
}

// Nothing, or the equal run that is there; an error where another run pays the same payees.
Result<std::optional<RoyaltyRun>> find_equal(const Opened& opened, const ComputedRun& computed,
                                             const RoyaltyRunOptions& options) {
  for (const RoyaltyRun& known : opened.book.runs()) {
    if (known.state == RoyaltyState::kReplaced || known.id == options.replaces) continue;
    auto run = opened.book.load(*opened.files, known.id);
    if (!run) return pass(run);
    if (run->to < computed.run.period || computed.run.to < run->period) continue;
    const bool is_same_work = run->model == computed.run.model &&
                              run->period == computed.run.period && run->to == computed.run.to &&
                              run->parameters == computed.run.parameters &&
                              run->plays == computed.run.plays && options.replaces == 0;
    if (is_same_work) {
      const auto lines = opened.book.lines(*opened.files, known.id);
      if (!lines) return pass(lines);
      if (is_made_of(*lines, computed.lines)) {
        run->was_there = true;
        return std::optional<RoyaltyRun>(*std::move(run));
      }
    }
    if (share_a_payee(*run, computed.run)) {
      return fail(ErrorCode::kAlreadyExists,
                  fmt::format("A run in force pays some of the same payees for the same days: run "
                              "{}, {}, {} to {}. Correct it with `stave royalty restate`.",
                              known.id, run->model, run->period, run->to));
    }
  }
  return std::optional<RoyaltyRun>();
}

Result<void> check_replaced(const Opened& opened, RoyaltyRunOptions& options) {
  const auto old = opened.book.find(options.replaces);
  if (!old) return pass(old);
  if ((*old)->state == RoyaltyState::kReplaced) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("Run {} was replaced by run {} already. Restate that one.",
                            options.replaces, (*old)->replaced_by));
  }
  const auto run = opened.book.load(*opened.files, options.replaces);
  if (!run) return pass(run);
  options.period = run->period;
  options.to = run->to;
  RoyaltyParameters parameters = run->parameters;
  if (!options.model.empty()) parameters["model"] = options.model;
  for (const auto& [name, value] : options.parameters) parameters[name] = value;
  options.parameters = std::move(parameters);
  options.model.clear();
  return {};
}

Result<ComputedRun> compute(const std::string& path, const Opened& opened,
                            RoyaltyRunOptions options) {
  if (options.replaces != 0) {
    if (auto sound = check_replaced(opened, options); !sound) return pass(sound);
  }
  const auto store = Store::open(path, options.as_of);
  if (!store) return pass(store);
  auto computed = royalty::compute_run(*store, options);
  if (!computed) return computed;
  const auto settled =
      royalty::settle_accounts(*store, *opened.files, opened.book, options, *computed);
  if (!settled) return pass(settled);
  computed->run.replaces = options.replaces;
  return computed;
}

Result<RoyaltyRun> run_and_store(const std::string& path, const RoyaltyRunOptions& options) {
  auto opened = open_book(path);
  if (!opened) return pass(opened);
  // Before the lock is needed, since it takes the longest.
  auto computed = compute(path, *opened, options);
  if (!computed) return pass(computed);
  if (options.dry_run) return std::move(computed->run);
  const auto lock = opened->files->lock(kLockPath);
  if (!lock) return pass(lock);
  auto book = Book::read(*opened->files);
  if (!book) return pass(book);
  if (book->entries().size() != opened->book.entries().size()) {
    return fail(ErrorCode::kLocked,
                fmt::format("The ledger grew while the run was computed: it has {} entries, and "
                            "had {}. Run again.",
                            book->entries().size(), opened->book.entries().size()));
  }
  auto equal = find_equal(*opened, *computed, options);
  if (!equal) return pass(equal);
  if (*equal) return **std::move(equal);
  const std::uint64_t id = opened->book.next_id();
  LedgerEntry entry;
  entry.kind = options.replaces == 0 ? "run" : "restatement";
  entry.subject = std::to_string(id);
  entry.note = options.replaces == 0 ? "" : std::to_string(options.replaces);
  const auto added =
      append_to_ledger(*opened->files, opened->book.entries(), std::move(entry),
                       {{royalty::run_file_name(id), {royalty::run_text(computed->run)}},
                        {royalty::lines_file_name(id), std::move(computed->lines)}});
  if (!added) return pass(added);
  computed->run.id = id;
  computed->run.at = added->at;
  computed->run.seal = added->seal;
  return std::move(computed->run);
}

}  // namespace

Result<RoyaltyRun> run_royalties(const std::string& store, const RoyaltyRunOptions& options) {
  return guarded("royalties were run", [&] { return run_and_store(store, options); });
}

Result<std::map<std::string, std::string>> try_royalties(const std::string& store,
                                                         const RoyaltyRunOptions& options) {
  return guarded("royalties were run", [&]() -> Result<std::map<std::string, std::string>> {
    const auto opened = open_book(store);
    if (!opened) return pass(opened);
    auto computed = compute(store, *opened, options);
    if (!computed) return pass(computed);
    std::string lines;
    for (const std::string& piece : computed->lines) lines += piece;
    return std::map<std::string, std::string>{{"run.tsv", royalty::run_text(computed->run)},
                                              {"lines.tsv", std::move(lines)}};
  });
}

Result<std::vector<RoyaltyRun>> list_royalty_runs(const std::string& store) {
  return guarded("royalty runs were listed", [&]() -> Result<std::vector<RoyaltyRun>> {
    const auto opened = open_book(store);
    if (!opened) return pass(opened);
    std::vector<RoyaltyRun> runs;
    for (const RoyaltyRun& known : opened->book.runs()) {
      auto run = opened->book.load(*opened->files, known.id);
      if (!run) return pass(run);
      runs.push_back(*std::move(run));
    }
    return runs;
  });
}

Result<RoyaltyRun> read_royalty_run(const std::string& store, std::uint64_t id) {
  return guarded("a royalty run was read", [&]() -> Result<RoyaltyRun> {
    const auto opened = open_book(store);
    if (!opened) return pass(opened);
    return opened->book.load(*opened->files, id);
  });
}

Result<std::vector<RoyaltyLine>> read_royalty_lines(const std::string& store, std::uint64_t id) {
  return guarded("a royalty run was read", [&]() -> Result<std::vector<RoyaltyLine>> {
    const auto opened = open_book(store);
    if (!opened) return pass(opened);
    const auto text = opened->book.lines(*opened->files, id);
    if (!text) return pass(text);
    return royalty::lines_of_text(*text, royalty::lines_file_name(id));
  });
}

Result<std::map<std::string, std::string>> export_royalty_run(const std::string& store,
                                                              std::uint64_t id) {
  return guarded("a royalty run was read", [&]() -> Result<std::map<std::string, std::string>> {
    const auto opened = open_book(store);
    if (!opened) return pass(opened);
    return opened->book.texts(*opened->files, id);
  });
}

Result<RoyaltyRun> pay_royalties(const std::string& store, std::uint64_t id,
                                 const std::optional<RoyaltyPayee>& payee) {
  return guarded("royalties were paid", [&]() -> Result<RoyaltyRun> {
    const auto files = open_store_root(store);
    if (!files) return pass(files);
    if (auto marked = read_marker(**files); !marked) return pass(marked);
    const auto lock = (*files)->lock(kLockPath);
    if (!lock) return pass(lock);
    const auto opened = open_book(store);
    if (!opened) return pass(opened);
    const auto run = opened->book.load(*opened->files, id);
    if (!run) return run;
    if (run->state == RoyaltyState::kReplaced) {
      return fail(
          ErrorCode::kInvalidArgument,
          fmt::format("Run {} was replaced by run {}. Pay that one.", id, run->replaced_by));
    }
    const bool is_known = !payee || std::ranges::any_of(run->balances, [&](const auto& balance) {
      return balance.payee == *payee;
    });
    if (!is_known) {
      return fail(ErrorCode::kNotFound,
                  fmt::format("Run {} has no account of {}. `stave royalty show` lists them.", id,
                              royalty::payee_text(*payee)));
    }
    if (run->state == RoyaltyState::kPaid || (payee && opened->book.is_paid(id, *payee))) {
      return fail(ErrorCode::kAlreadyExists,
                  fmt::format("{} is paid already, and is paid once only. `stave royalty show` "
                              "tells when.",
                              payee ? royalty::payee_text(*payee) + " of run " + std::to_string(id)
                                    : "Run " + std::to_string(id)));
    }
    LedgerEntry entry;
    entry.kind = "paid";
    entry.subject = std::to_string(id);
    entry.note = payee ? royalty::payee_text(*payee) : "";
    const auto added = append_to_ledger(*opened->files, opened->book.entries(), entry, {});
    if (!added) return pass(added);
    const auto book = Book::read(*opened->files);
    if (!book) return pass(book);
    return book->load(*opened->files, id);
  });
}

Result<std::vector<RoyaltyAdjustment>> compare_royalty_runs(const std::string& store,
                                                            std::uint64_t before,
                                                            std::uint64_t now) {
  return guarded("royalty runs were compared", [&]() -> Result<std::vector<RoyaltyAdjustment>> {
    const auto opened = open_book(store);
    if (!opened) return pass(opened);
    const auto old = opened->book.load(*opened->files, before);
    if (!old) return pass(old);
    const auto later = opened->book.load(*opened->files, now);
    if (!later) return pass(later);
    return royalty::adjustments_between(*old, *later);
  });
}

Result<RoyaltyParameters> read_royalty_rules(const std::string& path) {
  const auto file = settings::read_settings_file(path);
  if (!file) return pass(file);
  RoyaltyParameters parameters;
  for (const settings::NamedSetting& setting : file->table) {
    if (setting.value.kind == settings::SettingKind::kList ||
        setting.value.kind == settings::SettingKind::kTable) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("A rule of royalties has one value: `{}` in {}, line {}. Write it as "
                              "`{} = ...`.",
                              setting.name, path, setting.value.line, setting.name));
    }
    parameters.emplace(setting.name, setting.value.text);
  }
  return parameters;
}

}  // namespace stave
