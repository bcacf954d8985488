// Invariant: without a table the parts add up to all bytes of the snapshot.
#include "tools/cli/storage_rows.h"

namespace stave::cli {
namespace {

constexpr std::uint64_t kBitsPerByte = 8;

// The codecs of most bytes; a table for people has no room for all.
std::string main_codecs(const std::string& codecs) {
  constexpr int kShown = 2;
  std::size_t end = 0;
  for (int i = 0; i < kShown && end != std::string::npos; ++i) {
    end = codecs.find(", ", end + (i > 0 ? 1 : 0));
  }
  return end == std::string::npos ? codecs : codecs.substr(0, end) + ", ...";
}

// Rows and bytes of one part, and what the same rows take in fixed width, where they have one.
struct Part {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t plain_bytes = 0;
};

class StorageRows {
 public:
  explicit StorageRows(bool shorten) : shorten_(shorten) {}

  void add_table(const TableDescription& table) {
    std::uint64_t shared = table.bytes;
    Part all{table.rows, table.bytes, 0};
    for (const ColumnDescription& column : table.columns) {
      const Part part{column.stored_rows, column.bytes, column.plain_bytes};
      if (column.bytes > 0) {
        add("column", table.name, column.name, to_string(column.type), part,
            shorten_ ? main_codecs(column.codecs) : column.codecs);
      }
      shared -= column.bytes;
    }
    if (shared > 0) {
      add("shared", table.name, "", "", {0, shared, 0});
    }
    add("table", table.name, "", "", all);
  }

  void add(const std::string& part, const std::string& table, const std::string& name,
           const std::string& type, const Part& of, const std::string& codecs = "") {
    rows_.add({part, text_or_null(table), text_or_null(name), text_or_null(type),
               of.rows == 0 ? Cell() : number_cell(of.rows), number_cell(of.bytes),
               share_cell(of.bytes, of.rows, kBitsPerByte), share_cell(of.bytes, of.plain_bytes, 1),
               text_or_null(codecs)});
  }

  Rows take() { return std::move(rows_); }

 private:
  bool shorten_;
  Rows rows_{{{"part", kStringType},
              {"table", kStringType},
              {"name", kStringType},
              {"type", kStringType},
              {"rows", kInt64Type},
              {"bytes", kInt64Type},
              {"bits_per_row", kFloat64Type},
              {"of_plain", kFloat64Type},
              {"codecs", kStringType}}};
};

}  // namespace

Rows storage_rows(const StoreDescription& store, const std::string& table, bool shorten) {
  StorageRows rows(shorten);
  for (const TableDescription& described : store.tables) {
    if (table.empty() ? described.rows > 0 : described.name == table) {
      rows.add_table(described);
    }
  }
  if (!table.empty()) {
    return rows.take();
  }
  for (const DomainDescription& domain : store.domains) {
    if (domain.bytes > 0) {
      rows.add("domain", "", domain.name, "", {domain.values, domain.bytes, 0});
    }
  }
  rows.add("manifest", "", "", "", {0, store.manifest_bytes, 0});
  rows.add("all", "", "", "", {0, store.bytes, 0});
  return rows.take();
}

}  // namespace stave::cli
