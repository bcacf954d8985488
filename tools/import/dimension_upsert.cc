// Columns are independent of each other once the targets of rows are known, so they are rewritten
// in parallel, each held whole in memory while it is; those of a new table, whose rows are in
// order, are written as they are read.
#include "tools/import/dimension_upsert.h"

#include <algorithm>
#include <functional>

#include "storage/cluster_change.h"
#include "tools/import/parallel.h"
#include "tools/import/table_column.h"

namespace stave::loading {

namespace {

// So much of a column is held at once where all of it need not be.
constexpr std::size_t kStretchRows = 16 * std::size_t{kBlockRows};

const std::vector<Piece>& pieces_of(const Load& load) {
  static const std::vector<Piece> kNone;
  const auto found = load.pieces.days().find(kDimensionDay);
  return found == load.pieces.days().end() ? kNone : found->second;
}

// A column and with how many threads to write it.
struct ColumnWork {
  std::size_t column = 0;
  std::uint64_t bytes = 0;
  int threads = 1;
};

// Those with the most bytes first: the last that is begun should not be a long one. One that is
// more than a thread's share of all gets others to help.
std::vector<ColumnWork> columns_by_size(const Load& load, std::size_t columns) {
  std::vector<ColumnWork> order(columns);
  std::uint64_t all = 1;
  for (std::size_t i = 0; i < columns; ++i) {
    order[i].column = i;
    for (const Piece& piece : pieces_of(load)) order[i].bytes += piece.bytes_of(i);
    all += order[i].bytes;
  }
  const auto threads = static_cast<std::uint64_t>(load.threads);
  for (ColumnWork& each : order) {
    each.threads = static_cast<int>((each.bytes * threads + all - 1) / all);
  }
  std::ranges::stable_sort(order, std::ranges::greater(), &ColumnWork::bytes);
  return order;
}

bool brings(const Piece& piece, std::size_t column) {
  return piece.form_of(column) != PieceForm::kAbsent;
}

// `lasts`: the text need not be copied.
void set_cell(const ColumnBuffer& from, std::uint32_t row, std::uint64_t position, bool lasts,
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
      to.strings[position] = lasts ? from.strings[row] : to.texts.copy(from.strings[row]);
      break;
  }
  to.valid.set(position, !from.is_null(row));
}

// The same of rows [first, first + count), which go to as many positions in a row.
void set_cells(const ColumnBuffer& from, std::size_t first, std::size_t count,
               std::uint64_t position, bool lasts, TableColumn& to) {
  const auto copy = [&](const auto& values, auto& out) {
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first), count,
                out.begin() + static_cast<std::ptrdiff_t>(position));
  };
  switch (to.physical) {
    case Physical::kCode:
      return copy(from.codes, to.codes);
    case Physical::kInt64:
      copy(from.int64s, to.int64s);
      break;
    case Physical::kInt128:
      copy(from.int128s, to.int128s);
      break;
    case Physical::kFloat64:
      copy(from.float64s, to.float64s);
      break;
    case Physical::kString:
      for (std::size_t i = 0; !lasts && i < count; ++i) {
        to.strings[position + i] = to.texts.copy(from.strings[first + i]);
      }
      if (lasts) copy(from.strings, to.strings);
      break;
  }
  if (!from.has_nulls()) return to.valid.set_all(position, position + count);
  for (std::size_t i = 0; i < count; ++i) to.valid.set(position + i, !from.is_null(first + i));
}

// One column of the load's pieces, put over what is stored of it.
class ColumnMerge {
 public:
  ColumnMerge(const Load& load, const ColumnConversion& conversion, std::size_t column,
              const RowTargets& targets)
      : load_(load),
        conversion_(conversion),
        column_(column),
        targets_(targets),
        values_(load.values) {}

  bool is_brought() const {
    return std::ranges::any_of(pieces_of(load_),
                               [this](const Piece& piece) { return brings(piece, column_); });
  }

  Result<void> merge(TableColumn& stored) {
    stored.resize(targets_.table_positions);
    std::size_t row = 0;
    for (const Piece& piece : pieces_of(load_)) {
      if (Result<void> merged = merge_piece(piece, row, 0, stored); !merged) return merged;
      row += piece.rows;
    }
    return {};
  }

  // Where positions are rows: stretch by stretch, so that the column is never held whole.
  Result<FileReference> write(const std::string& path, int threads) {
    ColumnFileWriter writer(load_.transaction.files(), path, conversion_.physical, {});
    writer.work_with(threads);
    auto piece = pieces_of(load_).begin();
    std::size_t row = 0;  // of the piece
    TableColumn stretch;
    stretch.physical = conversion_.physical;
    for (std::size_t begin = 0; begin < targets_.table_positions; begin += kStretchRows) {
      stretch.start(std::min<std::size_t>(kStretchRows, targets_.table_positions - begin));
      const std::size_t end = begin + stretch.size;
      while (row < end) {
        if (Result<void> merged = merge_piece(*piece, row, begin, stretch); !merged) {
          return pass(merged);
        }
        // A piece that goes on beyond the stretch begins the next one too.
        if (row + piece->rows > end) break;
        row += piece->rows;
        ++piece;
      }
      if (Result<void> written = append_table_column(writer, stretch); !written) {
        return pass(written);
      }
    }
    return writer.finish();
  }

 private:
  // `row`: the piece's first. `to` holds the positions from `begin` on.
  Result<void> merge_piece(const Piece& piece, std::size_t row, std::uint64_t begin,
                           TableColumn& to) {
    if (load_.cancelled()) return cancelled_failure();
    if (!brings(piece, column_)) return {};
    Result<std::string_view> bytes = load_.pieces.column_bytes(piece, column_, room_);
    if (!bytes) return pass(bytes);
    const bool lasts = conversion_.as_is && !piece.is_spilled();
    buffer_.start(conversion_.physical, piece.rows);
    buffer_.append(piece, *bytes, true, conversion_, values_);
    if (targets_.are_rows) {
      const std::size_t first = std::max<std::size_t>(row, begin);
      const std::size_t end = std::min<std::size_t>(row + piece.rows, begin + to.size);
      set_cells(buffer_, first - row, end - first, first - begin, lasts, to);
      return {};
    }
    for (std::uint32_t i = 0; i < piece.rows; ++i) {
      const std::uint32_t position = targets_.positions[row + i];
      if (position != kNoTarget && position - begin < to.size) {
        set_cell(buffer_, i, position - begin, lasts, to);
      }
    }
    return {};
  }

  const Load& load_;
  const ColumnConversion& conversion_;
  std::size_t column_;
  const RowTargets& targets_;
  ValueParser values_;
  ColumnBuffer buffer_;
  std::string room_;
};

Result<void> write_present(Load& load, const RowTargets& targets, TableState& table) {
  ColumnFileWriter writer(load.transaction.files(),
                          load.transaction.new_path(table.name, "present"), Physical::kInt64, {});
  TableColumn stretch;
  for (std::size_t begin = 0; begin < targets.table_positions; begin += kStretchRows) {
    stretch.resize(std::min<std::size_t>(kStretchRows, targets.table_positions - begin));
    for (std::size_t i = 0; i < stretch.size; ++i) {
      stretch.int64s[i] = targets.present[begin + i] ? 1 : 0;
    }
    stretch.valid.set_all(0, stretch.size);
    if (Result<void> appended = append_table_column(writer, stretch); !appended) return appended;
  }
  Result<FileReference> file = writer.finish();
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
  const std::vector<ColumnWork> order = columns_by_size(load, columns);
  Result<void> written = run_parallel(columns, load.threads, [&](std::size_t task) -> Result<void> {
    const std::size_t i = order[task].column;
    const int threads = order[task].threads;
    ColumnMerge merge(load, conversions[i], i, *targets);
    if (!merge.is_brought()) return {};
    const bool clusters =
        conversions[i].physical == Physical::kCode &&
        is_clustered_through(manifest.schema, schema.name, load.table.column(i).name);
    if (targets->are_rows && !clusters) {
      Result<FileReference> file = merge.write(paths[i], threads);
      if (!file) return pass(file);
      table.columns[i] = std::move(*file);
      return {};
    }
    TableColumn column;
    Result<void> read = read_table_column(load.transaction, table.columns[i],
                                          conversions[i].physical, table.positions, column);
    if (!read) return read;
    if (clusters) changes[i].before = column.codes;
    if (Result<void> merged = merge.merge(column); !merged) return merged;
    Result<FileReference> file = write_table_column(load.transaction, paths[i], column, threads);
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
