// The table a load goes into, with the columns that its files add.
// Invariant: positions of columns never change; new ones come after the schema's, in the order in
// which files bring them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stave/import.h"
#include "stave/result.h"
#include "storage/schema.h"
#include "tools/import/dialect.h"
#include "tools/import/header_mapping.h"
#include "tools/import/json/json_layout.h"

namespace stave::loading {

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

  // How the file is written.
  Dialect dialect;
  RaggedRows ragged = RaggedRows::kReject;
  StrayQuotes stray_quotes = StrayQuotes::kReject;
  std::string header_line;         // as it stands in the file, where rows may repeat it; else empty
  std::uint32_t spare_fields = 0;  // empty cells that may follow those of `fields`
  JsonLayout json = JsonLayout::kNone;
  std::vector<std::string> json_keys;  // by field; a later plan of the file may have more

  std::vector<Type> declared;  // by field, where the file tells types; else empty

  bool is_new(std::size_t column) const { return column >= schema_columns; }
  std::optional<Type> declared_type(std::size_t column) const {
    for (std::size_t i = 0; i < declared.size(); ++i) {
      if (fields[i].column == static_cast<int>(column)) return declared[i];
    }
    return std::nullopt;
  }
};

class LoadTable {
 public:
  explicit LoadTable(TableSchema schema);
  // A table that the load makes: all its columns come with the files, among them those of its key
  // or its time, which the schema calls as the user did until the first header is seen.
  static LoadTable made_by_load(TableSchema schema);

  const TableSchema& schema() const { return schema_; }
  std::size_t schema_columns() const { return schema_columns_; }
  std::size_t columns() const { return schema_.columns.size(); }
  const ColumnSchema& column(std::size_t position) const { return schema_.columns[position]; }
  // A column that this load adds: its type is known only at the end.
  bool is_new(std::size_t position) const { return position >= schema_columns_; }
  bool is_made() const { return is_made_; }
  // Part of the key, or the time, of a table that the load makes.
  bool is_new_key(std::size_t position) const { return is_made_ && required_[position]; }
  bool is_new_time(std::size_t position) const;
  // Whether some file of the load has the column.
  bool is_brought(std::size_t position) const { return brought_[position]; }
  ColumnSchema& new_column(std::size_t position) { return schema_.columns[position]; }

  // A column by a name or alias, as headers are compared; -1: none.
  int find_column(const std::string& name) const { return mapping_.find(name); }

  // Before the first file.
  void use(ColumnMap map) { mapping_.use(std::move(map)); }
  // Whether a header name means a column that the load knows of.
  bool knows(const std::string& header) const;
  // Whether the user's map says something of a header.
  bool maps(const std::string& header) const { return mapping_.is_mapped(header); }
  // Whether a header name is meant with the marks around it, rather than as what they leave of it.
  bool means_with_marks(const std::string& written, const std::string& bare) const;
  // Of the columns that a file must have; of one at least where it need have none.
  std::vector<std::string> required_names() const;
  // No column must be there by its name.
  bool takes_any_name() const;

  // Maps the header of one more file. Not thread-safe.
  Result<FilePlan> plan_file(std::uint32_t file, const std::string& name,
                             const std::vector<std::string>& header, ExtraColumns extra);

 private:
  LoadTable(TableSchema schema, bool is_made);
  void require(const std::string& name);
  Result<void> add_columns(FilePlan& plan, ExtraColumns extra);
  Result<void> name_keys(const FilePlan& plan);
  Result<void> check_keys(const FilePlan& plan) const;
  Result<void> check_conversions(const FilePlan& plan) const;

  TableSchema schema_;
  std::size_t schema_columns_;
  bool is_made_;
  HeaderMapping mapping_;
  std::vector<bool> required_;
  std::vector<bool> brought_;
};

}  // namespace stave::loading
