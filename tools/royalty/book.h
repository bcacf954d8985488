// What the ledger says of runs: which there are, which are in force, what is paid.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "stave/royalty.h"
#include "storage/file_system.h"
#include "storage/ledger.h"

namespace stave::royalty {

class Book {
 public:
  static Result<Book> read(const FileSystem& files);

  const std::vector<LedgerEntry>& entries() const { return entries_; }
  // Oldest first; id, at, seal, state, replaces, replaced_by. What they hold: `load`.
  const std::vector<RoyaltyRun>& runs() const { return runs_; }
  std::uint64_t next_id() const { return runs_.size() + 1; }
  // kNotFound where there is none of that number.
  Result<const RoyaltyRun*> find(std::uint64_t id) const;
  // A run with all that its file holds.
  Result<RoyaltyRun> load(const FileSystem& files, std::uint64_t id) const;
  Result<std::string> lines(const FileSystem& files, std::uint64_t id) const;
  Result<std::map<std::string, std::string>> texts(const FileSystem& files, std::uint64_t id) const;
  bool is_paid(std::uint64_t id, const RoyaltyPayee& payee) const;

 private:
  Result<void> add(const LedgerEntry& entry);
  const LedgerEntry& entry_of(std::uint64_t id) const { return entries_[places_[id - 1]]; }

  std::vector<LedgerEntry> entries_;
  std::vector<RoyaltyRun> runs_;
  std::vector<std::size_t> places_;  // of the entry of each run
  std::map<std::uint64_t, std::set<RoyaltyPayee>> paid_;
};

// As an entry of the ledger names one: "artist 7".
std::string payee_text(const RoyaltyPayee& payee);

}  // namespace stave::royalty
