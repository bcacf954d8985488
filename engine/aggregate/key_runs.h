// Neighbouring rows with equal keys: rows in order of time, grouped by hour, come in long runs, and
// what is done once for each run need not be done for each row.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/aggregate/group_rows.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/vector.h"

namespace stave {

class KeyRuns {
 public:
  // Finds the runs of the rows that have these keys; false where they are short, or where a key is
  // of a kind that is not looked through.
  bool find(std::span<const Vector> keys, std::uint32_t rows);

  // The key in the first row of each run.
  Vector heads(const Vector& key);
  std::span<const GroupRun> runs() const { return runs_; }  // without groups before `set_groups`
  std::uint32_t count() const { return static_cast<std::uint32_t>(runs_.size()); }
  // Runs with their groups, and each row's where that is asked for; valid until the next `find`.
  void set_groups(const std::uint32_t* group_of_run, bool of_rows, GroupRows& rows);

 private:
  std::vector<std::uint64_t> begins_;  // a bit for each row that begins a run
  std::vector<std::uint64_t> differs_;
  std::vector<GroupRun> runs_;
  std::vector<std::uint32_t> groups_;  // of each row
  BufferRecycler buffers_;
};

}  // namespace stave
