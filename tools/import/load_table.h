// The table a load goes into, with the columns that its files add.
// Invariant: positions of columns never change; new ones come after the schema's, in the order in
// which files bring them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stave/import.h"
#include "stave/result.h"
#include "storage/schema.h"

namespace stave::loading {

// The table of that name or alias; an error that suggests the nearest name.
Result<TableSchema> find_table(const Schema& schema, std::string_view name);

// What becomes of one field of a file.
struct FieldPlan {
  int column = -1;  // position in LoadTable::columns; -1: dropped
  std::int64_t multiply = 1;
  std::int64_t divide = 1;
  std::string header;  // as the file writes it
};

struct FilePlan {
  std::uint32_t file = 0;  // index in the load
  std::string name;
  std::vector<FieldPlan> fields;
  std::vector<bool> has_column;  // by column; defaults count as had
  // The load's columns when the file began, so that workers need not look at a table that grows.
  std::string table;
  std::vector<ColumnSchema> columns;
  std::vector<bool> required;  // by column: an empty cell rejects its row
  std::size_t schema_columns = 0;
  bool is_fact = false;
  int time_column = -1;  // that facts are dealt to days by; -1: the table or the file has none

  bool is_new(std::size_t column) const { return column >= schema_columns; }
};

class LoadTable {
 public:
  explicit LoadTable(TableSchema schema);

  const TableSchema& schema() const { return schema_; }
  std::size_t schema_columns() const { return schema_columns_; }
  std::size_t columns() const { return schema_.columns.size(); }
  const ColumnSchema& column(std::size_t position) const { return schema_.columns[position]; }
  // A column that this load adds: its type is known only at the end.
  bool is_new(std::size_t position) const { return position >= schema_columns_; }
  // Whether some file of the load has the column.
  bool is_brought(std::size_t position) const { return brought_[position]; }
  ColumnSchema& new_column(std::size_t position) { return schema_.columns[position]; }

  // Maps the header of one more file. Not thread-safe.
  Result<FilePlan> plan_file(std::uint32_t file, const std::string& name,
                             const std::vector<std::string>& header, ExtraColumns extra);

 private:
  void require(const std::string& name);
  int match(const std::string& normalized, FieldPlan& field) const;
  Result<void> check_keys(const FilePlan& plan) const;

  TableSchema schema_;
  std::size_t schema_columns_;
  std::vector<bool> required_;
  std::vector<bool> brought_;
};

}  // namespace stave::loading
