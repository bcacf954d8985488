// Rows are told apart by hashes of 128 bits. Where the columns hold the time, equal rows are of one
// day and each day is looked at by itself. Threads take days or shares of the range of hashes, so
// they never see the same pair of equal rows, and their counts add up to the same sum.
#include "tools/quality/repeated_rows.h"

#include <algorithm>
#include <map>

#include "storage/column_file.h"
#include "tools/import/memory_limit.h"
#include "tools/import/parallel.h"
#include "tools/import/row_hash.h"

namespace stave::quality {

namespace {

using loading::kBytesForEachHash;
using loading::RowHash;
using loading::RowHashes;
using loading::RowSet;

// Rows among which equal ones may be.
struct Group {
  std::vector<const SegmentState*> before;
  std::vector<const SegmentState*> of_load;
  std::uint64_t rows = 0;
};

class RepeatsCount {
 public:
  explicit RepeatsCount(const RepeatsQuestion& question)
      : question_(question),
        table_(*question.snapshot.manifest().find_table(question.schema.name)) {
    for (const std::string& name : question.columns) {
      columns_.push_back(static_cast<std::size_t>(question.schema.find_column(name)));
      by_day_ = by_day_ || name == question.schema.time_column;
    }
  }

  Result<Repeats> count() {
    make_groups();
    struct Task {
      std::int32_t day;
      const Group* group;
      std::uint64_t part;
      std::uint64_t parts;
      std::uint64_t repeats = 0;
    };
    const int threads = loading::thread_count(question_.threads);
    const std::uint64_t memory = loading::memory_of(question_.memory_limit);
    const std::uint64_t room =
        std::max<std::uint64_t>(memory / 4 / static_cast<std::uint64_t>(threads), 1);
    std::vector<Task> tasks;
    for (const auto& [day, group] : groups_) {
      std::uint64_t parts = group.rows * kBytesForEachHash / room + 1;
      if (groups_.size() < 2) parts = std::max(parts, static_cast<std::uint64_t>(threads));
      for (std::uint64_t part = 0; part < parts; ++part) {
        tasks.push_back({day, &group, part, parts});
      }
    }
    Result<void> counted = loading::run_parallel(tasks.size(), threads, [&](std::size_t i) {
      Task& task = tasks[i];
      return count_part(*task.group, task.part, task.parts, task.repeats);
    });
    if (!counted) return pass(counted);
    Repeats repeats;
    for (const Task& task : tasks) {
      repeats.rows += task.repeats;
      if (by_day_ && task.repeats > 0 && !repeats.first_day) repeats.first_day = task.day;
    }
    return repeats;
  }

 private:
  bool is_of_load(const SegmentState& segment) const {
    return segment.loads == std::vector<std::uint64_t>{question_.load};
  }

  void make_groups() {
    for (const SegmentState& segment : table_.segments) {
      if (!is_of_load(segment)) continue;
      Group& group = groups_[by_day_ ? segment.day : 0];
      group.of_load.push_back(&segment);
      group.rows += segment.rows;
    }
    if (!question_.whole_table) return;
    for (const SegmentState& segment : table_.segments) {
      const auto group = groups_.find(by_day_ ? segment.day : 0);
      if (is_of_load(segment) || group == groups_.end()) continue;
      group->second.before.push_back(&segment);
      group->second.rows += segment.rows;
    }
  }

  Result<void> count_part(const Group& group, std::uint64_t part, std::uint64_t parts,
                          std::uint64_t& repeats) const {
    RowSet seen;
    seen.reserve(group.rows / parts);
    // Equal shares of the range of hashes.
    const auto is_of_part = [&](const RowHash& hash) {
      return ((hash.high >> 32) * parts >> 32) == part;
    };
    const auto look_at = [&](const std::vector<const SegmentState*>& segments,
                             std::uint64_t& repeated) -> Result<void> {
      for (const SegmentState* segment : segments) {
        Result<void> read = for_each_row(*segment, [&](const RowHash& hash) {
          if (is_of_part(hash) && !seen.insert(hash).second) ++repeated;
        });
        if (!read) return read;
      }
      return {};
    };
    std::uint64_t repeated_before = 0;
    if (Result<void> read = look_at(group.before, repeated_before); !read) return read;
    return look_at(group.of_load, repeats);
  }

  // Takes the hashes of rows without nulls.
  template <typename Take>
  Result<void> for_each_row(const SegmentState& segment, Take take) const {
    std::vector<std::unique_ptr<ColumnFileReader>> readers;
    for (const std::size_t column : columns_) {
      if (column >= segment.columns.size() || !segment.columns[column].exists()) return {};
      auto reader = question_.snapshot.open_column(table_, segment, column);
      if (!reader) return pass(reader);
      readers.push_back(std::move(*reader));
    }
    RowHashes hashes;
    DecodedBlock block;
    std::vector<std::uint8_t> is_null;
    for (std::uint64_t begin = 0; begin < segment.rows; begin += kBlockRows) {
      if (question_.cancelled != nullptr && question_.cancelled->load()) {
        return fail(ErrorCode::kCancelled, "The check of a rule was cancelled.");
      }
      const std::uint64_t rows = std::min<std::uint64_t>(kBlockRows, segment.rows - begin);
      hashes.start(rows);
      is_null.assign(rows, 0);
      for (const auto& reader : readers) {
        const auto index = static_cast<std::uint32_t>(begin / kBlockRows);
        if (Result<void> read = reader->read_block(index, block); !read) return read;
        mark_nulls(block, is_null);
        hashes.add({block.physical, block.rows, block.codes, block.int64s, block.int128s,
                    block.float64s, block.strings, block.validity});
      }
      for (std::size_t row = 0; row < rows; ++row) {
        if (is_null[row] == 0) take(hashes.at(row));
      }
    }
    return {};
  }

  static void mark_nulls(const DecodedBlock& block, std::vector<std::uint8_t>& is_null) {
    for (std::size_t row = 0; row < is_null.size(); ++row) {
      const bool has_value = block.physical == Physical::kCode ? block.codes[row] != 0
                             : block.validity.empty()
                                 ? true
                                 : (block.validity[row / 64] >> (row % 64) & 1) != 0;
      if (!has_value) is_null[row] = 1;
    }
  }

  const RepeatsQuestion& question_;
  const TableState& table_;
  std::vector<std::size_t> columns_;
  bool by_day_ = false;
  std::map<std::int32_t, Group> groups_;  // by day, or one
};

}  // namespace

Result<Repeats> count_repeats(const RepeatsQuestion& question) {
  return RepeatsCount(question).count();
}

}  // namespace stave::quality
