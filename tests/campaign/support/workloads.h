// What writers do to a store, one campaign after the other put through it: making, loading, growing
// domains, giving up, cleaning up after others. Each runs on any file system.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/campaign/support/tiny_store.h"

namespace stave::campaign {

// What those outside were told, and so what a store must hold whatever happens.
struct Progress {
  bool is_made = false;
  Content acknowledged;
  std::vector<Content> possible;  // commits that began and were not reported as done
};

// Does one thing after the other and keeps the progress.
class Writer {
 public:
  explicit Writer(std::shared_ptr<FileSystem> files) : files_(std::move(files)) {}
  Writer(std::shared_ptr<FileSystem> files, Progress progress)
      : files_(std::move(files)), progress_(std::move(progress)) {}

  Result<void> make();
  Result<void> load(const Load& load);
  Result<void> abandon(const Load& load);
  // Upkeep: what the store holds stays, or becomes what it was before a load of plays.
  Result<void> compact();
  Result<void> collect();
  Result<void> undo(std::uint64_t load, const Content& before);

  const Progress& progress() const { return progress_; }
  const std::shared_ptr<FileSystem>& files() const { return files_; }

 private:
  void done(const Content& goal) { progress_ = {true, goal, {}}; }

  std::shared_ptr<FileSystem> files_;
  Progress progress_;
};

struct Workload {
  const char* name;
  std::function<Result<void>(Writer&)> prepare;  // undisturbed
  std::function<Result<void>(Writer&)> run;      // under faults
  // Interrupted, it may leave files that only the next collection removes.
  bool may_leave_files = false;
};

const std::vector<Workload>& workloads();

// Touches a day, keys and a track that workloads touch too, and new ones.
const Load& one_more_load();

}  // namespace stave::campaign
