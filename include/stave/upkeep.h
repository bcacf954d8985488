// The upkeep of a store: its snapshots, what may be deleted, its loads, and its health.
// All that change a store hold the writer's lock meanwhile and fail with kLocked where another
// does; readers are never in the way nor disturbed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stave/result.h"

namespace stave {

struct SnapshotDescription {
  std::uint64_t snapshot = 0;
  std::string committed_at;                // ISO, UTC; empty where its manifest cannot be read
  std::string operation;                   // "import of streams, load 3"; or what is damaged
  bool is_damaged = false;                 // nothing below is known then
  std::uint64_t rows = 0;                  // of all fact tables
  std::vector<std::uint64_t> loads_added;  // since the snapshot listed before
  std::uint64_t bytes = 0;                 // of all its files
  std::uint64_t new_bytes = 0;             // of those that the snapshot listed before lacks
};

// The snapshots that are there, oldest first.
Result<std::vector<SnapshotDescription>> describe_snapshots(const std::string& store);

struct CollectOptions {
  std::uint64_t keep = 1;  // newest snapshots to keep, at least 1
  bool dry_run = false;    // only say what would go
};

struct CollectReport {
  std::vector<std::uint64_t> removed;  // snapshots
  std::vector<std::uint64_t> in_use;   // kept because somebody reads them
  std::uint64_t files = 0;             // removed, manifests among them
  std::uint64_t bytes = 0;
};

// Deletes all snapshots but the newest, and files that no snapshot kept names. Fails with kDamaged,
// nothing being deleted, where a manifest to keep cannot be read.
Result<CollectReport> collect_garbage(const std::string& store, const CollectOptions& options);

struct LoadedFileDescription {
  std::string name;
  std::uint64_t bytes = 0;
};

struct LoadDescription {
  std::uint64_t id = 0;
  std::string table;
  std::string at;              // ISO, UTC
  std::uint64_t snapshot = 0;  // that committed it
  std::uint64_t rows = 0;
  std::uint64_t rejected = 0;
  std::uint64_t duplicates = 0;
  std::vector<LoadedFileDescription> files;
};

// The ledger of loads, oldest first.
Result<std::vector<LoadDescription>> describe_loads(const std::string& store);

struct UndoReport {
  std::uint64_t load = 0;
  std::string table;
  std::uint64_t snapshot = 0;  // that was committed
  std::uint64_t rows = 0;      // facts: removed; dimensions: fewer rows than before
  std::uint64_t segments_dropped = 0;
  std::uint64_t segments_rewritten = 0;  // they hold rows of other loads, which stay
  std::vector<std::string> restored;     // dimensions that are as before the load
};

// Takes one load back, as one commit. Facts lose exactly the rows that came with it. Dimensions
// become what they were before, which needs the snapshot before the load, and that nothing changed
// them since (kUnsupported otherwise, saying what did). Its files can then be imported again.
Result<UndoReport> undo_load(const std::string& store, std::uint64_t load);

struct CompactOptions {
  std::string table;     // empty: all
  bool dry_run = false;  // only say what would be done
};

struct CompactedTable {
  std::string table;
  std::uint64_t days = 0;  // that were written again
  std::uint64_t rows = 0;  // in them
  std::uint64_t segments_before = 0;
  std::uint64_t segments_after = 0;
  std::uint64_t stale_before = 0;  // segments whose clustering was out of date
  std::uint64_t gathered = 0;      // small segments that were moved, as they are, into fewer files
};

struct CompactReport {
  std::uint64_t snapshot = 0;          // the newest afterwards; nothing to do commits nothing
  std::vector<CompactedTable> tables;  // that had something to do
};

// Merges the segments that loads left in each day, orders by the clustering of today what is out of
// date, and gathers small segments into files of some MiB, as one commit. Answers are the same
// before and after; files that were replaced stay until they are collected.
Result<CompactReport> compact_store(const std::string& store, const CompactOptions& options);

struct RepairOptions {
  bool dry_run = false;  // only say what is lost and what would be done
};

// Values that cannot be had any more.
struct RepairLoss {
  std::string table;
  std::string day;      // ISO; empty for dimensions and rows without a day
  std::string cluster;  // of facts: the value of the clustering column (a genre); may be empty
  std::string column;   // whose file is damaged
  std::uint64_t rows = 0;
  bool is_null = false;  // dimensions: the values become null; otherwise the rows are left out
};

struct RepairReport {
  bool was_sound = false;          // there was nothing to do
  std::uint64_t snapshot = 0;      // the newest afterwards
  std::vector<std::string> notes;  // what happened beside losses: snapshots lost, marker written
  std::vector<RepairLoss> losses;
  std::vector<std::string> moved;  // files now in the folder `damaged`
};

// Makes a store whole again from what is sound: goes on from the newest snapshot whose manifest can
// be read, leaves out rows of facts that have lost a value (a sum over the rest of a row would be
// wrong without a word), makes lost values of dimensions null, and commits that. Damaged files are
// moved to the folder `damaged`. Fails with kDamaged, naming it, where values of a key domain are
// lost: codes without values cannot be told apart.
Result<RepairReport> repair_store(const std::string& store, const RepairOptions& options);

}  // namespace stave
