// The list is written once and shared by all fact tables that it concerns.
#include "storage/cluster_change.h"

#include <algorithm>

namespace stave {

namespace {

bool leads_through(const TableSchema& facts, const std::string& table, const std::string& column) {
  if (facts.kind != TableKind::kFact || facts.cluster_column != column) return false;
  const RelationSchema* relation = facts.find_relation(facts.cluster_relation);
  return relation != nullptr && relation->table == table;
}

}  // namespace

bool is_clustered_through(const Schema& schema, const std::string& table,
                          const std::string& column) {
  return std::any_of(schema.tables.begin(), schema.tables.end(),
                     [&](const TableSchema& facts) { return leads_through(facts, table, column); });
}

Result<void> record_cluster_change(Transaction& transaction, const std::string& table,
                                   const std::string& column, std::uint32_t known_codes,
                                   std::span<const std::uint32_t> before,
                                   std::span<const std::uint32_t> after) {
  std::vector<std::uint32_t> changed;
  for (std::uint32_t i = 0; i < known_codes && i < after.size(); ++i) {
    const std::uint32_t old_code = i < before.size() ? before[i] : 0;
    if (old_code != after[i]) changed.push_back(i + 1);
  }
  if (changed.empty()) return {};
  Manifest& manifest = transaction.manifest();
  FileReference file;
  for (TableState& state : manifest.tables) {
    const TableSchema* facts = manifest.schema.find_table(state.name);
    if (facts == nullptr || !leads_through(*facts, table, column) || state.segments.empty())
      continue;
    if (!file.exists()) {
      const auto writer = transaction.column_writer(table, column + "-changes", Physical::kCode);
      ColumnValues values;
      values.physical = Physical::kCode;
      values.rows = static_cast<std::uint32_t>(changed.size());
      values.codes = changed;
      if (Result<void> appended = writer->append(values); !appended) return appended;
      Result<FileReference> written = writer->finish();
      if (!written) return pass(written);
      file = *std::move(written);
    }
    ++state.cluster_version;
    state.cluster_changes.push_back({state.cluster_version, changed.size(), file});
  }
  return {};
}

}  // namespace stave
