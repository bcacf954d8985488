// A file system that fails on demand and loses power at any moment: the store's files on a
// DiskModel. Counts every call, can fail the n-th, and shows the disk after each change.
// Invariant: what a call that failed did is something that a kernel may do; see the table in the
// .cc file. Deterministic; thread-safe but for the hook.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/file_system.h"
#include "tests/campaign/support/disk_model.h"

namespace stave::campaign {

struct CallFault {
  std::uint64_t call = 0;  // from 1; 0: none
  int number = 0;          // the errno
  bool for_good = false;   // every later call too
  std::string only = {};   // counts calls like this alone, e.g. "append STAVE.tmp"; empty: all
};

class FaultyFileSystem : public FileSystem {
 public:
  FaultyFileSystem();
  explicit FaultyFileSystem(DiskModel disk);
  ~FaultyFileSystem() override;

  Result<std::unique_ptr<ReadableFile>> open(const std::string& path) const override;
  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<bool> exists(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& folder) const override;
  Result<void> sync_folder(const std::string& folder) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;
  const std::string& root() const override;

  // Calls are counted from here on.
  void plan(CallFault fault);
  std::uint64_t calls() const;
  // Which call failed first, e.g. "sync plays/2025-05-01/user-000001.col"; empty: none.
  std::string failed_call() const;
  // Syncs of a handle that had failed before: nobody may do that.
  std::uint64_t calls_on_dead_handles() const;

  // Called after everything that changes the disk or makes a change durable, on the thread that
  // did it; null: no more.
  void on_change(std::function<void(const std::string& what)> hook);

  DiskModel power_loss(PowerLoss kind, Random& random) const;

 private:
  struct State;
  class File;
  class Reader;
  class Lock;
  std::shared_ptr<State> state_;
};

}  // namespace stave::campaign
