// See book.h.
#include "tools/royalty/book.h"

#include <fmt/format.h>

#include "tools/royalty/fields.h"
#include "tools/royalty/run_file.h"

namespace stave::royalty {
namespace {

constexpr std::string_view kArtist = "artist ";
constexpr std::string_view kHolder = "rightsholder ";

Failure unknown_entry(const LedgerEntry& entry) {
  return fail(ErrorCode::kNewerFormat,
              fmt::format("The ledger has an entry that this version does not know: {}, {} {}. Use "
                          "the version that wrote it.",
                          entry.number, entry.kind, entry.subject));
}

std::optional<RoyaltyPayee> payee_of(std::string_view text) {
  if (text.starts_with(kArtist)) {
    return RoyaltyPayee{true, std::string(text.substr(kArtist.size()))};
  }
  if (text.starts_with(kHolder)) {
    return RoyaltyPayee{false, std::string(text.substr(kHolder.size()))};
  }
  return std::nullopt;
}

}  // namespace

std::string payee_text(const RoyaltyPayee& payee) {
  return std::string(payee.is_artist ? kArtist : kHolder) + payee.id;
}

Result<Book> Book::read(const FileSystem& files) {
  auto entries = read_ledger(files);
  if (!entries) {
    return pass(entries);
  }
  Book book;
  book.entries_ = *std::move(entries);
  for (const LedgerEntry& entry : book.entries_) {
    if (auto added = book.add(entry); !added) {
      return pass(added);
    }
  }
  return book;
}

Result<void> Book::add(const LedgerEntry& entry) {
  const std::uint64_t id = number_of(entry.subject).value_or(0);
  if (entry.kind == "run" || entry.kind == "restatement") {
    const bool is_new = entry.kind == "run";
    const std::uint64_t replaces = is_new ? 0 : number_of(entry.note).value_or(0);
    if (id != next_id() || entry.files.size() != 2 || replaces > runs_.size() ||
        (!is_new && replaces == 0)) {
      return unknown_entry(entry);
    }
    RoyaltyRun run;
    run.id = id;
    run.at = entry.at;
    run.seal = entry.seal;
    run.replaces = replaces;
    if (replaces > 0) {
      runs_[replaces - 1].state = RoyaltyState::kReplaced;
      runs_[replaces - 1].replaced_by = id;
    }
    runs_.push_back(std::move(run));
    places_.push_back(entry.number - 1);
    return {};
  }
  const auto payee = payee_of(entry.note);
  if (entry.kind != "paid" || id == 0 || id > runs_.size() || (!payee && !entry.note.empty())) {
    return unknown_entry(entry);
  }
  RoyaltyRun& run = runs_[id - 1];
  if (payee) {
    paid_[id].insert(*payee);
  }
  if (run.state == RoyaltyState::kPending || run.state == RoyaltyState::kPartlyPaid) {
    run.state = payee ? RoyaltyState::kPartlyPaid : RoyaltyState::kPaid;
  }
  if (!payee) {
    paid_[id].insert(RoyaltyPayee{});  // all
  }
  return {};
}

bool Book::is_paid(std::uint64_t id, const RoyaltyPayee& payee) const {
  const auto paid = paid_.find(id);
  return paid != paid_.end() &&
         (paid->second.contains(RoyaltyPayee{}) || paid->second.contains(payee));
}

Result<const RoyaltyRun*> Book::find(std::uint64_t id) const {
  if (id == 0 || id > runs_.size()) {
    return fail(ErrorCode::kNotFound,
                runs_.empty()
                    ? fmt::format("There is no royalty run {}: none was stored yet. `stave royalty "
                                  "run` makes one.",
                                  id)
                    : fmt::format("There is no royalty run {}. The runs are 1 to {}; `stave "
                                  "royalty runs` lists them.",
                                  id, runs_.size()));
  }
  return &runs_[id - 1];
}

Result<RoyaltyRun> Book::load(const FileSystem& files, std::uint64_t id) const {
  const auto known = find(id);
  if (!known) {
    return pass(known);
  }
  const LedgerFile& file = entry_of(id).files[0];
  const auto text = read_ledger_file(files, file);
  if (!text) {
    return pass(text);
  }
  auto run = run_of_text(*text, file.name);
  if (!run) {
    return run;
  }
  run->id = id;
  run->at = (*known)->at;
  run->seal = (*known)->seal;
  run->state = (*known)->state;
  run->replaces = (*known)->replaces;
  run->replaced_by = (*known)->replaced_by;
  for (RoyaltyBalance& balance : run->balances) {
    balance.is_paid = is_paid(id, balance.payee);
  }
  return run;
}

Result<std::string> Book::lines(const FileSystem& files, std::uint64_t id) const {
  const auto known = find(id);
  if (!known) {
    return pass(known);
  }
  return read_ledger_file(files, entry_of(id).files[1]);
}

Result<std::map<std::string, std::string>> Book::texts(const FileSystem& files,
                                                       std::uint64_t id) const {
  const auto known = find(id);
  if (!known) {
    return pass(known);
  }
  std::map<std::string, std::string> texts;
  for (const LedgerFile& file : entry_of(id).files) {
    auto text = read_ledger_file(files, file);
    if (!text) {
      return pass(text);
    }
    texts.emplace(file.name, *std::move(text));
  }
  return texts;
}

}  // namespace stave::royalty
