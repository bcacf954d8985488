// The one way a store changes: files are written, then synced together, then one rename commits.
// Holds the writer's lock from begin to the end of its life; destroyed without `commit`, it removes
// what it wrote and the store is as before. Durability: format-spec/commit.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "stave/result.h"
#include "storage/column_file.h"
#include "storage/domain.h"
#include "storage/manifest.h"

namespace stave {

class Snapshot;

class Transaction {
 public:
  static Result<std::unique_ptr<Transaction>> begin(const std::string& path);
  static Result<std::unique_ptr<Transaction>> begin(std::shared_ptr<FileSystem> files);
  ~Transaction();

  // The state to be committed: starts as the last commit, changed in place by the caller (schema,
  // tables, loads), who also says in `operation` what the commit is. Not thread-safe.
  Manifest& manifest();
  // The store's files; what is made through it is synced by `commit`, and removed where the
  // transaction is abandoned. Thread-safe.
  FileSystem& files();

  // How many threads may work for it where it writes; 1 unless told.
  void work_with(int threads);

  // The writer of a domain, made on first use; domains it added to are written by `commit`.
  // Thread-safe.
  Result<DomainWriter*> domain(const std::string& name);

  // A path for a new file, never used before. Thread-safe. `folder` e.g. "streams/2024-06-25",
  // `stem` e.g. "track_id" gives "streams/2024-06-25/track_id-000017.col".
  std::string new_path(const std::string& folder, const std::string& stem);

  // Likewise for a pack: "streams/packs/2024-06-25-000017.pack".
  std::string new_pack_path(const std::string& folder, const std::string& stem);
  // A pack that is written; `commit` lists it where a column is said to lie in it. Thread-safe.
  void wrote_pack(PackState pack);

  // States that a file belongs to the commit, which fails where it was not made through `files()`.
  // Thread-safe.
  void wrote(const std::string& path);

  // Column files of this load. Thread-safe.
  std::unique_ptr<ColumnFileWriter> column_writer(const std::string& folder,
                                                  const std::string& column, Physical physical,
                                                  EncodeOptions options = {});

  // Room for spilled pieces, outside every snapshot; removed at the end of the transaction.
  Result<std::string> temporary_path(const std::string& stem);

  // Writes the domains, to which nothing may be added afterwards: `manifest()` is then what
  // `commit` will commit, which does this itself where it was not done.
  Result<void> finish_domains();
  // A manifest made of `manifest()` after `finish_domains`, open for reading while the transaction
  // lives. Nothing of it is committed.
  std::shared_ptr<const Snapshot> preview(Manifest manifest) const;

  // All or nothing. Afterwards the transaction is spent. Files that only older snapshots name stay:
  // `gc` alone deletes.
  Result<std::uint64_t> commit();

 private:
  struct State;
  explicit Transaction(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stave
