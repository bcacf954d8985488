// Columns are independent of each other once the targets of rows are known, so they are rewritten
// in parallel, each held whole in memory while it is.
#include "tools/import/dimension_upsert.h"

#include <algorithm>

#include "storage/cluster_change.h"
#include "tools/import/parallel.h"
#include "tools/import/table_column.h"

namespace stave::loading {

namespace {

const std::vector<Piece>& pieces_of(const Load& load) {
  static const std::vector<Piece> kNone;
  const auto found = load.pieces.days().find(kDimensionDay);
  return found == load.pieces.days().end() ? kNone : found->second;
}

bool brings(const Piece& piece, std::size_t column) {
  return piece.form_of(column) != PieceForm::kAbsent;
}

void set_cell(const ColumnBuffer& from, std::uint32_t row, std::uint32_t position,
              TableColumn& to) {
  switch (to.physical) {
    case Physical::kCode:
      to.codes[position] = from.codes[row];
      return;
    case Physical::kInt64:
      to.int64s[position] = from.int64s[row];
      break;
    case Physical::kInt128:
      to.int128s[position] = from.int128s[row];
      break;
    case Physical::kFloat64:
      to.float64s[position] = from.float64s[row];
      break;
    case Physical::kString:
      to.strings[position] = to.texts.copy(from.strings[row]);
      break;
  }
  to.valid[position] = !from.is_null(row);
}

// Puts the load's cells of one column over the stored ones. `brought` tells whether any file had
// it.
Result<void> merge_column(Load& load, const ColumnConversion& conversion, std::size_t column,
                          const RowTargets& targets, TableColumn& stored, bool& brought) {
  stored.resize(targets.table_positions);
  ColumnBuffer buffer;
  ValueParser values = load.values;
  std::string room;
  std::size_t row = 0;
  for (const Piece& piece : pieces_of(load)) {
    if (load.cancelled()) return cancelled_failure();
    if (brings(piece, column)) {
      Result<std::string_view> bytes = load.pieces.column_bytes(piece, column, room);
      if (!bytes) return pass(bytes);
      brought = true;
      buffer.start(conversion.physical, piece.rows);
      buffer.append(piece, *bytes, true, conversion, values);
      for (std::uint32_t i = 0; i < piece.rows; ++i) {
        const std::uint32_t position = targets.positions[row + i];
        if (position != kNoTarget) set_cell(buffer, i, position, stored);
      }
    }
    row += piece.rows;
  }
  return {};
}

Result<void> write_present(Load& load, const RowTargets& targets, TableState& table) {
  TableColumn present;
  present.physical = Physical::kInt64;
  present.resize(targets.table_positions);
  for (std::size_t i = 0; i < present.size; ++i) {
    present.int64s[i] = i < targets.present.size() && targets.present[i] ? 1 : 0;
    present.valid[i] = true;
  }
  Result<FileReference> file = write_table_column(
      load.transaction, load.transaction.new_path(table.name, "present"), present);
  if (!file) return pass(file);
  table.present = std::move(*file);
  return {};
}

}  // namespace

Result<RowTargets> upsert_dimension(Load& load, const std::vector<ColumnConversion>& conversions) {
  Manifest& manifest = load.transaction.manifest();
  const TableSchema& schema = load.table.schema();
  TableState& table =
      *std::find_if(manifest.tables.begin(), manifest.tables.end(),
                    [&](const TableState& state) { return state.name == schema.name; });
  Result<RowTargets> targets = find_row_targets(load, conversions, table);
  if (!targets) return targets;
  if (targets->positions.empty()) return targets;

  const std::size_t columns = conversions.size();
  table.columns.resize(std::max(table.columns.size(), columns));
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < columns; ++i) {
    paths.push_back(load.transaction.new_path(schema.name, load.table.column(i).name));
  }
  struct Change {
    std::vector<std::uint32_t> before;
    std::vector<std::uint32_t> after;
  };
  std::vector<Change> changes(columns);
  Result<void> written = run_parallel(columns, load.threads, [&](std::size_t i) -> Result<void> {
    TableColumn column;
    Result<void> read = read_table_column(load.transaction, table.columns[i],
                                          conversions[i].physical, table.positions, column);
    if (!read) return read;
    const bool clusters =
        conversions[i].physical == Physical::kCode &&
        is_clustered_through(manifest.schema, schema.name, load.table.column(i).name);
    if (clusters) changes[i].before = column.codes;
    bool brought = false;
    if (Result<void> merged = merge_column(load, conversions[i], i, *targets, column, brought);
        !merged) {
      return merged;
    }
    if (!brought) return {};
    Result<FileReference> file = write_table_column(load.transaction, paths[i], column);
    if (!file) return pass(file);
    table.columns[i] = std::move(*file);
    if (clusters) changes[i].after = std::move(column.codes);
    return {};
  });
  if (!written) return pass(written);
  if (schema.is_code_addressed()) {
    const int key = schema.find_column(schema.key.front());
    const std::uint32_t known =
        load.domains.by_column[static_cast<std::size_t>(key)]->committed_size();
    for (std::size_t i = 0; i < columns; ++i) {
      if (changes[i].after.empty()) continue;
      Result<void> recorded =
          record_cluster_change(load.transaction, schema.name, load.table.column(i).name, known,
                                changes[i].before, changes[i].after);
      if (!recorded) return pass(recorded);
    }
    if (targets->inserted > 0 || targets->table_positions > table.positions) {
      if (Result<void> present = write_present(load, *targets, table); !present)
        return pass(present);
    }
  }
  table.rows += targets->inserted;
  table.positions = targets->table_positions;
  return targets;
}

}  // namespace stave::loading
