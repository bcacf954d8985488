// Parses the cells, then writes domains, dimensions and facts through one transaction.
#include "tests/query/support/text_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <sstream>

#include "query/values/value_text.h"
#include "storage/transaction.h"

namespace stave::testing {
namespace {

struct Table {
  const TableSchema* schema = nullptr;
  std::vector<int> columns;  // positions in the schema
  std::vector<std::vector<std::string>> rows;
};

// A column's values by row, ready for a column file.
struct Values {
  Physical physical = Physical::kInt64;
  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::vector<std::string> texts;
  std::vector<bool> valid;
};

void require(bool holds, const std::string& message) {
  if (!holds) throw std::runtime_error("text store: " + message);
}

bool is_quoted_empty(const std::string& cell) {
  return cell == "\"\"";
}

Table parse_table(const TextTable& text, const Schema& schema) {
  Table table;
  table.schema = schema.find_table(text.name);
  require(table.schema != nullptr, "no table " + text.name);
  std::istringstream lines(text.text);
  std::string line;
  while (std::getline(lines, line)) {
    if (line.empty()) continue;
    const std::vector<std::string> cells = split_cells(line);
    if (table.columns.empty()) {
      for (const std::string& cell : cells) {
        table.columns.push_back(table.schema->find_column(cell));
        require(table.columns.back() >= 0, "no column " + cell + " in " + text.name);
      }
    } else {
      require(cells.size() == table.columns.size(), "wrong number of cells: " + line);
      table.rows.push_back(cells);
    }
  }
  return table;
}

class Writer {
 public:
  Writer(Transaction& transaction, std::vector<Table> tables, const ProgramZone& zone)
      : transaction_(transaction), tables_(std::move(tables)), zone_(zone) {}

  void run() {
    find_kinds();
    for (const Table& table : tables_) fill_domains(table);
    for (const Table& table : tables_) {
      if (table.schema->kind == TableKind::kDimension) write_dimension(table);
    }
    for (const Table& table : tables_) {
      if (table.schema->kind == TableKind::kFact) write_fact(table);
    }
  }

 private:
  const ColumnSchema& column_of(const Table& table, std::size_t cell) const {
    return table.schema->columns[static_cast<std::size_t>(table.columns[cell])];
  }

  // A key domain holds integers where every value is one.
  void find_kinds() {
    for (const Table& table : tables_) {
      for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const ColumnSchema& column = column_of(table, c);
        if (!column.is_coded()) continue;
        bool& integers = integers_.try_emplace(column.domain, column.typed_by_domain).first->second;
        for (const auto& row : table.rows) {
          if (!row[c].empty() && !parse_int64(row[c])) integers = false;
        }
      }
    }
  }

  std::uint32_t code_of(const ColumnSchema& column, const std::string& cell) {
    if (cell.empty()) return kNullCode;
    DomainWriter* domain = transaction_.domain(column.domain).value();
    if (integers_[column.domain]) return domain->add_int64(*parse_int64(cell)).value();
    return domain->add_string(is_quoted_empty(cell) ? "" : cell).value();
  }

  void fill_domains(const Table& table) {
    for (const auto& row : table.rows) {
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (column_of(table, c).is_coded()) code_of(column_of(table, c), row[c]);
      }
    }
  }

  // `rows` are positions in the table's rows; npos gives null.
  Values values_of(const Table& table, std::size_t cell, const std::vector<std::size_t>& rows) {
    const ColumnSchema& column = column_of(table, cell);
    Values values;
    values.physical = physical_of(column);
    for (const std::size_t row : rows) {
      const std::string text = row == std::string::npos ? "" : table.rows[row][cell];
      if (column.is_coded()) {
        values.codes.push_back(code_of(column, text));
        continue;
      }
      std::optional<Value> value;
      if (!text.empty()) {
        value = parse_value(is_quoted_empty(text) ? "" : text, column.type, zone_);
        require(value.has_value(), "not a " + to_string(column.type) + ": " + text);
      }
      values.valid.push_back(value.has_value());
      append(values, value);
    }
    return values;
  }

  static void append(Values& values, const std::optional<Value>& value) {
    switch (values.physical) {
      case Physical::kInt128:
        values.int128s.push_back(value ? std::get<Int128>(value->data) : 0);
        break;
      case Physical::kFloat64:
        values.float64s.push_back(value ? std::get<double>(value->data) : 0);
        break;
      case Physical::kString:
        values.texts.push_back(value ? std::get<std::string>(value->data) : "");
        break;
      default: {
        std::int64_t number = 0;
        if (value && std::holds_alternative<bool>(value->data)) {
          number = std::get<bool>(value->data) ? 1 : 0;
        } else if (value && std::holds_alternative<Int128>(value->data)) {
          number = static_cast<std::int64_t>(std::get<Int128>(value->data));
        } else if (value) {
          number = std::get<std::int64_t>(value->data);
        }
        values.int64s.push_back(number);
      }
    }
  }

  FileReference write(const std::string& folder, const std::string& column, const Values& values,
                      std::size_t rows) {
    auto writer = transaction_.column_writer(folder, column, values.physical);
    ColumnValues out;
    out.physical = values.physical;
    out.rows = static_cast<std::uint32_t>(rows);
    out.codes = values.codes;
    out.int64s = values.int64s;
    out.int128s = values.int128s;
    out.float64s = values.float64s;
    const std::vector<std::string_view> strings(values.texts.begin(), values.texts.end());
    out.strings = strings;
    std::vector<std::uint64_t> validity((rows + 63) / 64, 0);
    bool has_null = false;
    for (std::size_t i = 0; i < values.valid.size(); ++i) {
      if (values.valid[i]) validity[i / 64] |= std::uint64_t{1} << (i % 64);
      has_null = has_null || !values.valid[i];
    }
    if (has_null) out.validity = validity;
    require(writer->append(out).has_value(), "append failed");
    return writer->finish().value();
  }

  TableState& state_of(const Table& table) {
    for (TableState& state : transaction_.manifest().tables) {
      if (state.name == table.schema->name) return state;
    }
    throw std::runtime_error("text store: no state of " + table.schema->name);
  }

  std::size_t cell_of(const Table& table, const std::string& column) const {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (column_of(table, c).name == column) return c;
    }
    return std::string::npos;
  }

  void write_dimension(const Table& table) {
    TableState& state = state_of(table);
    std::vector<std::size_t> rows(table.rows.size());
    std::iota(rows.begin(), rows.end(), 0);
    if (table.schema->is_code_addressed()) {
      const std::size_t key = cell_of(table, table.schema->key[0]);
      require(key != std::string::npos, "no key column in " + table.schema->name);
      const ColumnSchema& column = column_of(table, key);
      rows.assign(transaction_.domain(column.domain).value()->size(), std::string::npos);
      Values present;
      present.int64s.assign(rows.size(), 0);
      for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const std::uint32_t code = code_of(column, table.rows[i][key]);
        rows[code - 1] = i;
        present.int64s[code - 1] = 1;
      }
      if (!rows.empty()) state.present = write(table.schema->name, "present", present, rows.size());
    }
    state.rows = table.rows.size();
    state.positions = rows.size();
    state.columns.assign(table.schema->columns.size(), FileReference());
    if (rows.empty()) return;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      state.columns[static_cast<std::size_t>(table.columns[c])] = write(
          table.schema->name, column_of(table, c).name, values_of(table, c, rows), rows.size());
    }
  }

  // The clustering value of each row, by the related dimension as it is in this store.
  std::vector<std::uint32_t> clusters_of(const Table& table) {
    std::vector<std::uint32_t> clusters(table.rows.size(), kNullCode);
    const RelationSchema* relation = table.schema->find_relation(table.schema->cluster_relation);
    if (relation == nullptr) return clusters;
    const std::size_t key = cell_of(table, relation->column);
    for (const Table& other : tables_) {
      if (other.schema->name != relation->table || key == std::string::npos) continue;
      const std::size_t other_key = cell_of(other, other.schema->key[0]);
      const std::size_t cluster = cell_of(other, table.schema->cluster_column);
      if (cluster == std::string::npos) continue;
      std::map<std::string, std::uint32_t> by_key;
      for (const auto& row : other.rows) {
        by_key[row[other_key]] = code_of(column_of(other, cluster), row[cluster]);
      }
      for (std::size_t i = 0; i < clusters.size(); ++i) {
        const auto found = by_key.find(table.rows[i][key]);
        if (found != by_key.end()) clusters[i] = found->second;
      }
    }
    return clusters;
  }

  void write_fact(const Table& table) {
    const std::vector<std::uint32_t> clusters = clusters_of(table);
    const std::size_t time = cell_of(table, table.schema->time_column);
    std::vector<std::int64_t> times(table.rows.size(), INT64_MIN);
    std::map<std::int32_t, std::vector<std::size_t>> days;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      std::int32_t day = kNoDay;
      if (time != std::string::npos && !table.rows[i][time].empty()) {
        const auto instant = parse_timestamp(table.rows[i][time], zone_);
        require(instant.has_value(), "not a time: " + table.rows[i][time]);
        times[i] = *instant;
        day = static_cast<std::int32_t>(zone_.day_of(*instant));
      }
      days[day].push_back(i);
    }
    for (auto& [day, rows] : days) {
      const auto order = [&](std::size_t i) {
        return std::make_tuple(clusters[i] == kNullCode, clusters[i], times[i], i);
      };
      std::sort(rows.begin(), rows.end(),
                [&](std::size_t a, std::size_t b) { return order(a) < order(b); });
      write_segment(table, day, rows, clusters);
    }
  }

  void write_segment(const Table& table, std::int32_t day, const std::vector<std::size_t>& rows,
                     const std::vector<std::uint32_t>& clusters) {
    Manifest& manifest = transaction_.manifest();
    SegmentState segment;
    segment.id = manifest.next_segment_id++;
    segment.loads = {manifest.next_load_id};
    segment.day = day;
    segment.rows = static_cast<std::uint32_t>(rows.size());
    for (std::uint32_t i = 0; i < segment.rows; ++i) {
      const std::uint32_t code = clusters[rows[i]];
      if (segment.runs.empty() || segment.runs.back().code != code) {
        segment.runs.push_back({code, i, 0});
      }
      ++segment.runs.back().rows;
    }
    std::string folder = table.schema->name + "/";
    if (day == kNoDay) {
      folder += "none";
    } else {
      append_date(day, folder);
    }
    segment.columns.assign(table.schema->columns.size(), FileReference());
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      segment.columns[static_cast<std::size_t>(table.columns[c])] =
          write(folder, column_of(table, c).name, values_of(table, c, rows), rows.size());
    }
    TableState& state = state_of(table);
    state.rows += segment.rows;
    state.segments.push_back(std::move(segment));
  }

  Transaction& transaction_;
  std::vector<Table> tables_;
  const ProgramZone& zone_;
  std::map<std::string, bool> integers_;
};

}  // namespace

std::vector<std::string> split_cells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && !(line[i + 1] == '"' && cells.back().empty() && !quoted)) {
      quoted = !quoted;
    } else if (line[i] == '"') {
      cells.back() = "\"\"";
      ++i;
    } else if (line[i] == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  return cells;
}

void make_text_store(const std::string& path, const std::vector<TextTable>& tables,
                     const TextStoreOptions& options) {
  const Schema schema = options.schema.empty()
                            ? music_schema()
                            : schema_from_toml(options.schema, "test.toml").value();
  const auto created = create_store(path, schema, options.timezone);
  require(created.has_value(), created ? "" : created.error().message);
  auto transaction = Transaction::begin(path).value();
  std::vector<Table> parsed;
  for (const TextTable& table : tables) parsed.push_back(parse_table(table, schema));
  const ProgramZone zone = ProgramZone::find(options.timezone).value();
  Writer(*transaction, std::move(parsed), zone).run();
  ++transaction->manifest().next_load_id;
  const auto committed = transaction->commit();
  require(committed.has_value(), committed ? "" : committed.error().message);
}

}  // namespace stave::testing
