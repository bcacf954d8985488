// Rows are told apart by hashes of 128 bits. Where the key holds the time, equal rows are of one
// day and each day is looked at by itself; otherwise all days of the table are. Threads take days
// or parts of the range of hashes, so they never see the same pair of equal rows.
#include "tools/import/deduplication.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <map>
#include <numeric>
#include <unordered_map>

#include "storage/snapshot.h"
#include "tools/import/column_assembly.h"
#include "tools/import/memory_limit.h"
#include "tools/import/parallel.h"
#include "tools/import/row_hash.h"

namespace stave::loading {

namespace {

struct PieceAt {
  const Piece* piece = nullptr;
  std::int32_t day = 0;
  std::size_t index = 0;  // among the day's
};

// Rows among which equal ones may be.
struct Group {
  std::vector<const SegmentState*> segments;  // of the table before the load
  std::vector<std::vector<PieceAt>> chunks;   // pieces of one chunk together, in input order
  std::uint64_t rows = 0;
};

// Marks of rows to be left out, set by several threads.
class RowMarks {
 public:
  explicit RowMarks(std::uint32_t rows) : words_((rows + 63) / 64) {}
  void mark(std::uint32_t row) {
    std::atomic_ref<std::uint64_t> word(words_[row / 64]);
    word.fetch_or(std::uint64_t{1} << (row % 64), std::memory_order_relaxed);
  }
  bool is_marked(std::uint32_t row) const { return (words_[row / 64] >> (row % 64) & 1) != 0; }
  std::uint64_t count() const {
    return std::accumulate(words_.begin(), words_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, std::uint64_t word) {
                             return sum + static_cast<std::uint64_t>(std::popcount(word));
                           });
  }

 private:
  std::vector<std::uint64_t> words_;
};

Result<std::vector<std::size_t>> find_columns(const LoadTable& table, const Deduplication& wanted) {
  std::vector<std::size_t> columns;
  if (wanted.whole_row) {
    columns.resize(table.columns());
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    return columns;
  }
  for (const std::string& name : wanted.key) {
    const int found = table.find_column(name);
    if (found < 0 || !table.is_brought(static_cast<std::size_t>(found))) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("No file has a column that rows are to be told apart by: `{}` of "
                              "{}. Name columns that the files bring.",
                              name, table.schema().name));
    }
    columns.push_back(static_cast<std::size_t>(found));
  }
  return columns;
}

class RepeatedRows {
 public:
  RepeatedRows(Load& load, const std::vector<ColumnConversion>& conversions,
               std::vector<std::size_t> columns)
      : load_(load),
        conversions_(conversions),
        columns_(std::move(columns)),
        before_(load.transaction.preview(load.transaction.manifest())),
        table_(*before_->manifest().find_table(load.table.schema().name)) {
    for (const auto& [day, pieces] : load.pieces.days()) {
      for (const Piece& piece : pieces) marks_.emplace(&piece, RowMarks(piece.rows));
    }
  }

  Result<void> find(bool span_days) {
    const std::vector<Group> groups = make_groups(span_days);
    struct Task {
      const Group* group;
      std::uint64_t part;
      std::uint64_t parts;
    };
    const std::uint64_t memory = memory_of(load_.options.memory_limit);
    const auto threads = static_cast<std::uint64_t>(load_.threads);
    const std::uint64_t room = std::max<std::uint64_t>(memory / 4 / threads, 1);
    std::vector<Task> tasks;
    for (const Group& group : groups) {
      std::uint64_t parts = group.rows * kBytesForEachHash / room + 1;
      if (groups.size() < threads) parts = std::max(parts, threads);
      for (std::uint64_t part = 0; part < parts; ++part) tasks.push_back({&group, part, parts});
    }
    return run_parallel(tasks.size(), load_.threads, [&](std::size_t i) {
      return find_in_part(*tasks[i].group, tasks[i].part, tasks[i].parts);
    });
  }

  // Gives how many.
  Result<std::uint64_t> remove() {
    struct Change {
      std::int32_t day;
      std::size_t index;
      const RowMarks* marks;
    };
    std::vector<Change> changes;
    std::uint64_t removed = 0;
    for (const auto& [day, pieces] : load_.pieces.days()) {
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        const RowMarks& marks = marks_.at(&pieces[i]);
        const std::uint64_t count = marks.count();
        removed += count;
        if (count > 0) changes.push_back({day, i, &marks});
      }
    }
    Result<std::string> path = load_.transaction.temporary_path("kept");
    if (!path) return pass(path);
    load_.pieces.begin_keeping(std::move(*path));
    Result<void> kept = run_parallel(changes.size(), load_.threads, [&](std::size_t i) {
      const Change& change = changes[i];
      std::vector<std::uint32_t> rows;
      const std::uint32_t all = load_.pieces.days().at(change.day)[change.index].rows;
      for (std::uint32_t row = 0; row < all; ++row) {
        if (!change.marks->is_marked(row)) rows.push_back(row);
      }
      return load_.pieces.keep_rows(change.day, change.index, rows);
    });
    if (!kept) return pass(kept);
    if (Result<void> finished = load_.pieces.finish_keeping(); !finished) return pass(finished);
    return removed;
  }

 private:
  std::vector<Group> make_groups(bool span_days) const {
    std::map<std::int32_t, Group> groups;  // by day; one where equal rows may span days
    std::map<std::pair<std::int32_t, std::uint64_t>, std::vector<PieceAt>> chunks;
    for (const auto& [day, pieces] : load_.pieces.days()) {
      const std::int32_t group = span_days ? 0 : day;
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        chunks[{group, pieces[i].chunk}].push_back({&pieces[i], day, i});
        groups[group].rows += pieces[i].rows;
      }
    }
    for (auto& [place, pieces] : chunks) groups[place.first].chunks.push_back(std::move(pieces));
    for (const SegmentState& segment : table_.segments) {
      const auto group = groups.find(span_days ? 0 : segment.day);
      if (group == groups.end()) continue;
      group->second.segments.push_back(&segment);
      group->second.rows += segment.rows;
    }
    std::vector<Group> list;
    list.reserve(groups.size());
    for (auto& [day, group] : groups) list.push_back(std::move(group));
    return list;
  }

  Result<void> find_in_part(const Group& group, std::uint64_t part, std::uint64_t parts) {
    RowSet seen;
    seen.reserve(group.rows / parts);
    // Equal shares of the range of hashes.
    const auto is_of_part = [&](const RowHashes& hashes, std::size_t row) {
      return hashes.has_value(row) && ((hashes.at(row).high >> 32) * parts >> 32) == part;
    };
    for (const SegmentState* segment : group.segments) {
      Result<void> read = read_segment(*segment, [&](const RowHashes& hashes) {
        for (std::size_t row = 0; row < hashes.size(); ++row) {
          if (is_of_part(hashes, row)) seen.insert(hashes.at(row));
        }
      });
      if (!read) return read;
    }
    PieceHasher hasher(*this);
    for (const std::vector<PieceAt>& pieces : group.chunks) {
      if (load_.cancelled()) return cancelled_failure();
      struct RowAt {
        std::uint32_t number;  // in the chunk
        std::uint32_t row;     // in the piece
        RowMarks* marks;
        RowHash hash;
      };
      std::vector<RowAt> rows;
      for (const PieceAt& at : pieces) {
        if (Result<void> hashed = hasher.read(*at.piece, pieces.size() > 1); !hashed) return hashed;
        for (std::uint32_t row = 0; row < at.piece->rows; ++row) {
          if (!is_of_part(hasher.hashes, row)) continue;
          const std::uint32_t number = pieces.size() > 1 ? hasher.numbers[row] : row;
          rows.push_back({number, row, &marks_.at(at.piece), hasher.hashes.at(row)});
        }
      }
      std::sort(rows.begin(), rows.end(),
                [](const RowAt& left, const RowAt& right) { return left.number < right.number; });
      for (const RowAt& row : rows) {
        if (!seen.insert(row.hash).second) row.marks->mark(row.row);
      }
    }
    return {};
  }

  // One task's room.
  class PieceHasher {
   public:
    explicit PieceHasher(RepeatedRows& all) : all_(all), values_(all.load_.values) {}

    Result<void> read(const Piece& piece, bool with_numbers) {
      hashes.start(piece.rows);
      for (const std::size_t column : all_.columns_) {
        if (!piece.holds_values(column)) {
          hashes.add_nulls();
          continue;
        }
        Result<std::string_view> bytes = all_.load_.pieces.column_bytes(piece, column, room_);
        if (!bytes) return pass(bytes);
        const ColumnConversion& conversion = all_.conversions_[column];
        buffer_.start(conversion.physical, piece.rows);
        buffer_.append(piece, *bytes, true, conversion, values_);
        hashes.add(buffer_.all_values());
      }
      if (!with_numbers) return {};
      Result<std::string_view> bytes = all_.load_.pieces.row_number_bytes(piece, room_);
      if (!bytes) return pass(bytes);
      numbers.resize(piece.rows);
      PieceIntegers(piece.rows, *bytes).read(piece.rows, {}, numbers.data());
      return {};
    }

    RowHashes hashes;
    std::vector<std::uint32_t> numbers;  // of the rows in their chunk, where asked for

   private:
    RepeatedRows& all_;
    ValueParser values_;
    ColumnBuffer buffer_;
    std::string room_;
  };

  template <typename Take>
  Result<void> read_segment(const SegmentState& segment, Take take) const {
    std::vector<std::unique_ptr<ColumnFileReader>> readers;
    for (const std::size_t column : columns_) {
      readers.emplace_back();
      if (column >= segment.columns.size() || !segment.columns[column].exists()) continue;
      auto reader = before_->open_column(table_, segment, column);
      if (!reader) return pass(reader);
      readers.back() = std::move(*reader);
    }
    RowHashes hashes;
    DecodedBlock block;
    for (std::uint64_t begin = 0; begin < segment.rows; begin += kBlockRows) {
      if (load_.cancelled()) return cancelled_failure();
      hashes.start(std::min<std::uint64_t>(kBlockRows, segment.rows - begin));
      for (const auto& reader : readers) {
        if (reader == nullptr) {
          hashes.add_nulls();
          continue;
        }
        const auto index = static_cast<std::uint32_t>(begin / kBlockRows);
        if (Result<void> read = reader->read_block(index, block); !read) return read;
        hashes.add({block.physical, block.rows, block.codes, block.int64s, block.int128s,
                    block.float64s, block.strings, block.validity});
      }
      take(hashes);
    }
    return {};
  }

  Load& load_;
  const std::vector<ColumnConversion>& conversions_;
  std::vector<std::size_t> columns_;
  std::shared_ptr<const Snapshot> before_;
  const TableState& table_;
  std::unordered_map<const Piece*, RowMarks> marks_;
};

}  // namespace

Result<void> check_deduplication(const LoadTable& table, const Deduplication& wanted) {
  if (!wanted.wanted() || table.schema().kind == TableKind::kFact) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("Only rows of facts can be de-duplicated: {} has a key, and a key that "
                          "comes again updates its row. Leave `--dedup-key` and `--dedup-rows` "
                          "out.",
                          table.schema().name));
}

bool may_span_days(const LoadTable& table, const Deduplication& wanted) {
  const std::string& time = table.schema().time_column;
  if (wanted.whole_row || time.empty()) return false;
  return std::none_of(wanted.key.begin(), wanted.key.end(), [&](const std::string& name) {
    const int column = table.find_column(name);
    return column >= 0 ? table.column(static_cast<std::size_t>(column)).name == time
                       : normalized_header(name) == normalized_header(time);
  });
}

Result<std::uint64_t> remove_repeated_rows(Load& load,
                                           const std::vector<ColumnConversion>& conversions) {
  const Deduplication& wanted = load.options.deduplication;
  Result<std::vector<std::size_t>> columns = find_columns(load.table, wanted);
  if (!columns) return pass(columns);
  RepeatedRows repeated(load, conversions, std::move(*columns));
  if (Result<void> found = repeated.find(may_span_days(load.table, wanted)); !found) {
    return pass(found);
  }
  return repeated.remove();
}

}  // namespace stave::loading
