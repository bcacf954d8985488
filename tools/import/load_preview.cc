// The preview has one table more than the store: the load's own, which shares its files with that
// of the store. Of facts it has the segments of the load; of a dimension all rows and one column
// more, which tells those of the load. Relations lead to the whole tables.
#include "stave/load_preview.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/snapshot.h"
#include "tools/import/load_preview.h"
#include "tools/import/row_targets.h"
#include "tools/import/table_column.h"

namespace stave::loading {

namespace {

// Beside the names that a schema can have.
constexpr const char* kTableOfLoad = " rows of this load";
constexpr const char* kIsOfLoad = " is of this load";

std::vector<std::string> brought_columns(const LoadTable& table) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table.columns(); ++i) {
    if (table.is_brought(i)) names.push_back(table.column(i).name);
  }
  return names;
}

void keep_segments_of(std::uint64_t load, TableState& table) {
  std::erase_if(table.segments, [&](const SegmentState& segment) {
    return segment.loads != std::vector<std::uint64_t>{load};
  });
  table.rows = 0;
  for (const SegmentState& segment : table.segments) table.rows += segment.rows;
}

Result<void> mark_rows(Load& load, TableSchema& schema, TableState& table) {
  TableColumn mark;
  mark.physical = physical_of(kBoolType);
  mark.resize(table.positions);
  mark.valid.set_all(0, mark.size);
  for (const std::uint32_t position : load.touched) {
    if (position != kNoTarget) mark.int64s[position] = 1;
  }
  Result<std::string> path = load.transaction.temporary_path("rows_of_load");
  if (!path) return pass(path);
  Result<FileReference> file = write_table_column(load.transaction, *path, mark);
  if (!file) return pass(file);
  table.columns.resize(schema.columns.size());
  table.columns.push_back(std::move(*file));
  ColumnSchema column;
  column.name = kIsOfLoad;
  column.type = kBoolType;
  schema.columns.push_back(std::move(column));
  return {};
}

}  // namespace

Result<void> ask_before_commit(Load& load, const std::string& store, const ImportSummary& summary) {
  if (!load.options.before_commit) return {};
  if (Result<void> finished = load.transaction.finish_domains(); !finished) return finished;
  Manifest manifest = load.transaction.manifest();
  TableSchema schema = *manifest.schema.find_table(summary.table);
  TableState table = *manifest.find_table(summary.table);
  schema.name = table.name = kTableOfLoad;
  schema.aliases.clear();
  std::string rows = fmt::format("from `{}`", kTableOfLoad);
  if (schema.kind == TableKind::kFact) {
    keep_segments_of(load.load_id, table);
  } else {
    if (Result<void> marked = mark_rows(load, schema, table); !marked) return marked;
    rows += fmt::format(" | where `{0}` | drop `{0}`", kIsOfLoad);
  }
  manifest.schema.tables.push_back(std::move(schema));
  manifest.tables.push_back(std::move(table));
  return load.options.before_commit(
      {summary, brought_columns(load.table),
       Store::of(store, load.transaction.preview(std::move(manifest))), std::move(rows)});
}

}  // namespace stave::loading
