// A store: making one, opening one, and what it holds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "stave/result.h"
#include "stave/type.h"

namespace stave {

class Snapshot;

struct CreateOptions {
  std::string schema_path;       // a TOML file; empty: the built-in `music` schema
  std::string timezone = "UTC";  // IANA name; partition days are days in it
};

// Makes the folder `path` (which must not be a store yet) and commits an empty snapshot.
Result<void> create_store(const std::string& path, const CreateOptions& options);

// One commit of a store, open for reading; cheap to copy, safe to share between threads. It stays
// what it is while a writer commits; open again to see later commits.
class Store {
 public:
  // The last commit, or with `as_of` an earlier one that `gc` has left: its number ("12"), or a
  // time in UTC ("2026-11-20T12:00", "2026-11-20" for the end of that day): the last commit by
  // then.
  static Result<Store> open(const std::string& path, const std::string& as_of = "");
  const std::string& path() const { return path_; }
  // Private to the library: the layers below the public interface.
  const Snapshot& snapshot() const { return *snapshot_; }
  static Store of(std::string path, std::shared_ptr<const Snapshot> snapshot) {
    return Store(std::move(path), std::move(snapshot));
  }

 private:
  Store(std::string path, std::shared_ptr<const Snapshot> snapshot)
      : path_(std::move(path)), snapshot_(std::move(snapshot)) {}
  std::string path_;
  std::shared_ptr<const Snapshot> snapshot_;
};

struct ColumnDescription {
  std::string name;
  Type type;
  std::string domain;  // of codes; empty: stored plainly
  bool is_key = false;
  std::string leads_to;           // table that a relation on this column leads to
  std::string relation;           // and the relation's name
  std::uint64_t bytes = 0;        // on disk
  std::uint64_t stored_rows = 0;  // in the column's files, which may end before the table does
  std::uint64_t plain_bytes = 0;  // of these rows in fixed width; 0: strings, which have none
  std::string codecs;             // e.g. "for+bitpack 61%, constant 39%"
};

struct TableDescription {
  std::string name;
  bool is_fact = false;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  // of its columns and of what they share
  std::uint64_t segments = 0;
  std::string first_day, last_day;  // ISO; empty where not partitioned or without rows
  std::vector<ColumnDescription> columns;
};

struct DomainDescription {
  std::string name;
  std::uint64_t values = 0;
  std::uint64_t bytes = 0;
};

struct StoreDescription {
  std::uint64_t snapshot = 0;
  std::string created_at;  // ISO, UTC
  std::string timezone;
  std::string schema;
  int format_version = 0;
  std::vector<TableDescription> tables;
  std::vector<DomainDescription> domains;
  std::uint64_t manifest_bytes = 0;
  std::uint64_t bytes = 0;  // all files of the snapshot
};

Result<StoreDescription> describe(const Store& store);

struct VerifyReport {
  std::uint64_t files = 0;
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> damages;  // each names file, block and what is wrong
  std::vector<std::string> strays;   // files in the folder that belong to no snapshot
};

// Reads every byte of all snapshots and tests every checksum. Damage is in the report, not an
// error; an error means that the store could not be read at all.
Result<VerifyReport> verify_store(const std::string& path);

}  // namespace stave
