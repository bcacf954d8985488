// What facts lead to keeps its rows; what is lost of them is null. See repair_tables.h.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "storage/repair_tables.h"

namespace stave {
namespace {

// A dimension's columns as a segment, which is how columns are read and written again.
SegmentState as_segment(const TableState& table) {
  SegmentState segment;
  segment.loads = {0};
  segment.rows = static_cast<std::uint32_t>(table.positions);
  segment.columns = table.columns;
  return segment;
}

std::vector<std::uint32_t> all_rows(std::uint32_t rows) {
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

}  // namespace

Result<void> TableRepair::repair_rows_of_dimension(const TableSchema& schema, TableState& table) {
  SegmentState segment = as_segment(table);
  segment.runs = {{kNullCode, 0, segment.rows}};
  auto lost = find_lost_rows(schema, table, segment);
  if (!lost) {
    return pass(lost);
  }
  if (lost->empty() || is_dry_) {
    return {};
  }
  const std::vector<std::uint32_t> kept = rows_kept(*lost);
  table.columns.clear();
  table.positions = table.rows = kept.size();
  if (kept.empty()) {
    return {};
  }
  SegmentRewriter rewriter(transaction_, snapshot_, schema, Unreadable::kIsNull);
  const SegmentState* const from[] = {&segment};
  auto rewritten = rewriter.write(from, kept, runs_of_kept(segment, kept));
  if (!rewritten) {
    return pass(rewritten);
  }
  table.columns = std::move(rewritten->columns);
  return {};
}

Result<void> TableRepair::repair_code_addressed(const TableSchema& schema, TableState& table) {
  if (auto repaired = repair_present(schema, table); !repaired) {
    return repaired;
  }
  const SegmentState segment = as_segment(table);
  for (std::size_t i = 0; i < segment.columns.size(); ++i) {
    const auto lost = lost_rows_of(table, segment, i);
    if (!lost) {
      return pass(lost);
    }
    if (lost->empty()) {
      continue;
    }
    const auto rows = static_cast<std::uint64_t>(std::ranges::count(*lost, true));
    if (auto repaired = repair_column(schema, table, i, rows); !repaired) {
      return repaired;
    }
  }
  return {};
}

// A key column can be had from `present`: the row at position p has the key code p + 1.
Result<void> TableRepair::repair_column(const TableSchema& schema, TableState& table,
                                        std::size_t column, std::uint64_t rows_lost) {
  const SegmentState segment = as_segment(table);
  const SegmentState* const from[] = {&segment};
  const ColumnSchema& column_schema = schema.columns[column];
  const bool is_key = column_schema.name == schema.key.front();
  if (!is_key) {
    note_loss({schema.name, "", "", column_schema.name, rows_lost, true});
  }
  if (is_dry_) {
    return {};
  }
  SegmentRewriter rewriter(transaction_, snapshot_, schema, Unreadable::kIsNull);
  auto rows =
      is_key ? Result<ColumnRows>(ColumnRows(Physical::kCode)) : rewriter.read(from, column);
  if (is_key) {
    // Of the transaction's files, since it may have been written just now.
    const auto reader =
        ColumnFileReader::open(transaction_.files(), table.present, Physical::kInt64);
    ColumnRows present(Physical::kInt64);
    auto read = reader ? present.append(**reader, segment.rows) : Result<void>(pass(reader));
    if (!read) {
      return read;
    }
    DecodedBlock block;
    block.rows = segment.rows;
    for (std::uint32_t row = 0; row < segment.rows; ++row) {
      block.codes.push_back(present.int64s()[row] != 0 ? row + 1 : kNullCode);
    }
    rows->append(block);
    report_.notes.push_back(fmt::format("Keys of {} were put together again: {} of {} rows.",
                                        schema.name, rows_lost, segment.rows));
  }
  if (!rows) {
    return pass(rows);
  }
  table.columns[column] = FileReference();
  if (rows->has_values()) {
    auto file = rewriter.write_column(*rows, all_rows(segment.rows), segment.day,
                                      column_schema.name, physical_of(column_schema));
    if (!file) {
      return pass(file);
    }
    table.columns[column] = *std::move(file);
  }
  return {};
}

// A row is there where any of its columns has a value, its key above all.
Result<void> TableRepair::repair_present(const TableSchema& schema, TableState& table) {
  if (!table.present.exists()) {
    return {};
  }
  const SegmentState segment = as_segment(table);
  const SegmentState* const from[] = {&segment};
  const auto reader = snapshot_.open_column(table.present, Physical::kInt64);
  const auto lost = lost_rows_of(table.present.path, reader, segment.rows);
  if (!lost) {
    return pass(lost);
  }
  if (lost->empty() || is_dry_) {
    return {};
  }
  SegmentRewriter rewriter(transaction_, snapshot_, schema, Unreadable::kIsNull);
  DecodedBlock present;
  present.rows = segment.rows;
  present.int64s.resize(segment.rows);
  for (std::size_t i = 0; i < segment.columns.size(); ++i) {
    const auto rows = rewriter.read(from, i);
    if (!rows) {
      return pass(rows);
    }
    for (std::uint32_t row = 0; row < segment.rows; ++row) {
      present.int64s[row] |= rows->is_null(row) ? 0 : 1;
    }
  }
  ColumnRows rows(Physical::kInt64);
  rows.append(present);
  auto file =
      rewriter.write_column(rows, all_rows(segment.rows), segment.day, "present", Physical::kInt64);
  if (!file) {
    return pass(file);
  }
  table.present = *std::move(file);
  table.rows = static_cast<std::uint64_t>(std::ranges::count(present.int64s, 1));
  report_.notes.push_back(
      fmt::format("Which rows of {} exist was told by their values: {}.", schema.name, table.rows));
  return {};
}

}  // namespace stave
