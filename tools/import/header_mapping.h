// Which column each field of a header stands for; see docs/import.md for the rules.
// Invariant: look-ups cost the same for any number of columns, so that headers may have thousands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "stave/result.h"
#include "storage/schema.h"
#include "tools/import/column_map.h"

namespace stave::loading {

// What becomes of one field of a file.
struct FieldPlan {
  int column = -1;      // position in LoadTable::columns; -1: dropped
  bool is_new = false;  // to be added to the table as `name`
  std::int64_t multiply = 1;
  std::int64_t divide = 1;
  std::string header;  // as the file writes it
  std::string name;    // that a column may have; empty: an index without name
};

class HeaderMapping {
 public:
  // `names_may_change`: repeated and missing names get numbers, as in a table that the load makes.
  explicit HeaderMapping(bool names_may_change) : names_may_change_(names_may_change) {}

  // Goes before names and aliases.
  void use(ColumnMap map) { map_ = std::move(map); }
  void add(const ColumnSchema& column, std::size_t position);
  // Position by name, then by alias; -1: none.
  int find(std::string_view name) const;
  // Whether there is a column called as this header would be.
  bool has_column_for(std::string_view header) const;
  // Whether the map says something of a header.
  bool is_mapped(std::string_view header) const { return map_.find(header) != nullptr; }

  // `table` has the columns that were added; it and `file` are named in errors.
  Result<std::vector<FieldPlan>> map(const TableSchema& table,
                                     const std::vector<std::string>& header,
                                     const std::string& file) const;

 private:
  struct Target {
    int column = -1;
    std::int64_t multiply = 1;
    std::int64_t divide = 1;
  };
  // Of fields that the map does not leave out, as the map or the header calls them.
  Result<std::vector<std::string>> distinct_names(const std::vector<std::string>& header,
                                                  const std::string& file) const;

  bool names_may_change_;
  ColumnMap map_;
  std::unordered_map<std::string, int> names_;  // normalized
  std::unordered_map<std::string, Target> aliases_;
};

}  // namespace stave::loading
