// Read before the rows are put together; a table that is not there yet gives every row cluster 0.
#include "tools/import/clustering.h"

#include <algorithm>
#include <limits>

#include "storage/snapshot.h"

namespace stave::loading {

namespace {

template <typename T>
Clustering::ByKey<T> narrowed(const std::vector<std::uint32_t>& codes) {
  Clustering::ByKey<T> clusters(codes.size() + 1);
  std::ranges::transform(codes, clusters.begin() + 1,
                         [](std::uint32_t code) { return static_cast<T>(code); });
  return clusters;
}

}  // namespace

void Clustering::keep_by_key() {
  const std::vector<std::uint32_t>& all = codes.codes;
  const std::uint32_t most = all.empty() ? 0 : *std::ranges::max_element(all);
  if (most <= std::numeric_limits<std::uint8_t>::max()) {
    by_key = narrowed<std::uint8_t>(all);
  } else if (most <= std::numeric_limits<std::uint16_t>::max()) {
    by_key = narrowed<std::uint16_t>(all);
  } else {
    by_key = narrowed<std::uint32_t>(all);
  }
}

void Clustering::look_up(std::span<std::uint32_t> keys) const {
  std::visit(
      [keys](const auto& clusters) {
        const auto* const from = clusters.data();
        const std::size_t known = clusters.size();
        for (std::uint32_t& key : keys) key = key < known ? from[key] : kNullCode;
      },
      by_key);
}

Result<Clustering> find_clustering(Load& load) {
  Clustering clustering;
  const TableSchema& schema = load.table.schema();
  const RelationSchema* relation = schema.find_relation(schema.cluster_relation);
  if (relation == nullptr) return clustering;
  const Manifest& manifest = load.transaction.manifest();
  const TableSchema* target = manifest.schema.find_table(relation->table);
  const TableState* state = manifest.find_table(relation->table);
  if (target == nullptr || state == nullptr) return clustering;
  const int column = target->find_column(schema.cluster_column);
  if (column < 0 || !target->columns[static_cast<std::size_t>(column)].is_coded())
    return clustering;
  clustering.column = schema.find_column(relation->column);
  FileReference file;
  if (static_cast<std::size_t>(column) < state->columns.size()) {
    file = state->columns[static_cast<std::size_t>(column)];
  }
  Result<void> read = read_table_column(load.transaction, file, Physical::kCode, state->positions,
                                        clustering.codes);
  if (!read) return pass(read);
  clustering.keep_by_key();
  return clustering;
}

}  // namespace stave::loading
