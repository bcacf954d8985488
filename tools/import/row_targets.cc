// A dimension with one coded key has its row at code - 1. Other keys are looked up in an index made
// of the rows that exist.
#include "tools/import/row_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "storage/snapshot.h"
#include "tools/import/key_index.h"
#include "tools/import/table_column.h"

namespace stave::loading {

namespace {

// One part of the keys of many rows, from whichever holder of columns.
template <typename Column>
std::uint64_t word_at(const Column& column, Physical physical, std::size_t row, KeyIndex& index) {
  switch (physical) {
    case Physical::kCode:
      return column.codes[row];
    case Physical::kInt64:
      return static_cast<std::uint64_t>(column.int64s[row]);
    case Physical::kFloat64:
      return std::bit_cast<std::uint64_t>(column.float64s[row] == 0 ? 0.0 : column.float64s[row]);
    case Physical::kInt128: {
      char bytes[sizeof(Int128)];
      std::memcpy(bytes, &column.int128s[row], sizeof(bytes));
      return index.word_of({bytes, sizeof(bytes)});
    }
    case Physical::kString:
      return index.word_of(column.strings[row]);
  }
  return 0;
}

template <typename Column>
std::uint32_t find_row(const std::vector<Column>& parts, const std::vector<Physical>& physicals,
                       std::size_t row, KeyIndex& index, std::vector<std::uint64_t>& words) {
  std::uint64_t nulls = 0;
  words.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_null = parts[i].is_null(row);
    nulls |= std::uint64_t{is_null} << i;
    words.push_back(is_null ? 0 : word_at(parts[i], physicals[i], row, index));
  }
  return index.find_or_add(words, nulls);
}

// Keeps the rows that count, file by file.
class TargetChooser {
 public:
  TargetChooser(const Load& load, std::uint64_t positions, RowTargets& targets)
      : load_(load), seen_(positions) {
    targets.present.resize(positions);
    targets.positions.reserve(load.rows);
  }

  Result<void> choose(std::uint32_t file, std::uint32_t position, RowTargets& targets) {
    const auto row = static_cast<std::uint32_t>(targets.positions.size());
    targets.positions.push_back(position);
    if (seen_.size() <= position) {
      seen_.resize(std::max<std::size_t>(position + std::size_t{1}, seen_.size() * 2));
      targets.present.resize(seen_.size());
    }
    if (file != file_) {
      file_ = file;
      first_row_ = row;
    }
    std::uint32_t& seen = seen_[position];
    const bool repeats = seen > first_row_;
    if (repeats && load_.options.on_duplicate == OnDuplicate::kFail) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("A file repeats a key of table {}: data rows {} and {} of the load. "
                              "Remove one, or choose with `--on-duplicate first|last`.",
                              load_.table.schema().name, seen, row + 1));
    }
    if (repeats) {
      ++targets.duplicates;
      if (load_.options.on_duplicate == OnDuplicate::kFirst) {
        targets.positions[row] = kNoTarget;
      } else {
        targets.positions[seen - 1] = kNoTarget;
        seen = row + 1;
      }
      return {};
    }
    if (targets.present[position]) {
      ++targets.updated;
    } else {
      ++targets.inserted;
      targets.present[position] = true;
    }
    seen = row + 1;
    return {};
  }

 private:
  const Load& load_;
  std::uint32_t file_ = 0;
  std::uint32_t first_row_ = 0;      // of the file
  std::vector<std::uint32_t> seen_;  // by position: the row that counts, plus one; 0: none
};

const FileReference& file_of(const TableState& table, std::size_t column) {
  static const FileReference kNone;
  return column < table.columns.size() ? table.columns[column] : kNone;
}

}  // namespace

Result<RowTargets> find_row_targets(Load& load, const std::vector<ColumnConversion>& conversions,
                                    const TableState& table) {
  RowTargets targets;
  const TableSchema& schema = load.table.schema();
  targets.table_positions = table.positions;
  std::vector<std::size_t> columns;
  std::vector<Physical> physicals;
  for (const std::string& key : schema.key) {
    columns.push_back(static_cast<std::size_t>(schema.find_column(key)));
    physicals.push_back(conversions[columns.back()].physical);
  }
  const bool by_code = schema.is_code_addressed();
  KeyIndex index(columns.size());
  std::vector<std::uint64_t> words;
  if (by_code) {
    TableColumn present;
    Result<void> read = read_table_column(load.transaction, table.present, Physical::kInt64,
                                          table.positions, present);
    if (!read) return pass(read);
    for (std::size_t i = 0; i < table.positions; ++i) {
      targets.present.push_back(present.valid[i] && present.int64s[i] != 0);
    }
  } else {
    std::vector<TableColumn> parts(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      Result<void> read = read_table_column(load.transaction, file_of(table, columns[i]),
                                            physicals[i], table.positions, parts[i]);
      if (!read) return pass(read);
    }
    for (std::size_t row = 0; row < table.positions; ++row) {
      find_row(parts, physicals, row, index, words);
    }
    targets.present.assign(table.positions, true);
  }
  const auto found = load.pieces.days().find(kDimensionDay);
  if (found == load.pieces.days().end()) return targets;
  // Where keys are codes, all of them are known; else there are as many as rows at the most.
  const std::uint64_t most =
      by_code ? load.domains.by_column[columns.front()]->size() : table.positions + load.rows;
  TargetChooser chooser(load, most, targets);
  std::vector<ColumnBuffer> parts(columns.size());
  ValueParser values = load.values;
  std::string room;
  for (const Piece& piece : found->second) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      Result<std::string_view> bytes = load.pieces.column_bytes(piece, columns[i], room);
      if (!bytes) return pass(bytes);
      parts[i].start(physicals[i], piece.rows);
      parts[i].append(piece, *bytes, !piece.is_spilled(), conversions[columns[i]], values);
    }
    for (std::uint32_t row = 0; row < piece.rows; ++row) {
      const std::uint32_t position =
          by_code ? parts[0].codes[row] - 1 : find_row(parts, physicals, row, index, words);
      targets.table_positions =
          std::max<std::uint64_t>(targets.table_positions, std::uint64_t{position} + 1);
      if (Result<void> chosen = chooser.choose(piece.file, position, targets); !chosen) {
        return pass(chosen);
      }
    }
  }
  targets.present.resize(targets.table_positions);
  targets.are_rows = table.positions == 0 && targets.positions.size() == targets.table_positions;
  for (std::size_t row = 0; targets.are_rows && row < targets.positions.size(); ++row) {
    targets.are_rows = targets.positions[row] == row;
  }
  return targets;
}

}  // namespace stave::loading
