// The ledger of a store: entries that are only ever added, each sealed by a SHA-256 that covers the
// seal before it, and naming files that never change. Bytes: format-spec/ledger.md.
// Invariant: an entry is there with all of its files or not at all, whenever the process is killed;
// a byte changed in the ledger, or in a file that it names, is damage.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "stave/store.h"
#include "storage/file_system.h"

namespace stave {

inline const std::string kLedgerFolder = "royalty.ledger";

struct LedgerFile {
  std::string name;  // in the ledger's folder
  std::uint64_t bytes = 0;
  std::string digest;  // SHA-256
};

struct LedgerEntry {
  std::uint64_t number = 0;  // from 1, without gaps
  std::string at;            // ISO, UTC
  std::string kind;
  std::string subject;
  std::string note;
  std::vector<LedgerFile> files;
  std::string previous;  // seal of the entry before; zeros for the first
  std::string seal;
};

struct LedgerText {
  std::string name;
  std::vector<std::string> pieces;  // of its text
};

// All entries, none where there is no ledger yet; kDamaged where the chain does not hold.
Result<std::vector<LedgerEntry>> read_ledger(const FileSystem& files);

// A file of an entry; kDamaged where it is not what was written.
Result<std::string> read_ledger_file(const FileSystem& files, const LedgerFile& file);

// Adds an entry: its kind, subject and note (without control characters) are the caller's, the rest
// is filled in here. The caller holds the writer's lock and has read `entries` since.
Result<LedgerEntry> append_to_ledger(FileSystem& files, const std::vector<LedgerEntry>& entries,
                                     LedgerEntry entry, const std::vector<LedgerText>& texts);

// Adds what `entries` of the ledger in `from` have more to the ledger in `to`, which is durable
// afterwards. kAlreadyExists where that is no earlier state of it.
Result<void> copy_ledger(const FileSystem& from, const std::vector<LedgerEntry>& entries,
                         FileSystem& to);

// Reads every byte of the ledger; damages and strays go into the report.
Result<void> verify_ledger(const FileSystem& files, VerifyReport& report);

}  // namespace stave
