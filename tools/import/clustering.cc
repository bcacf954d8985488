// Read before the rows are put together; a table that is not there yet gives every row cluster 0.
#include "tools/import/clustering.h"

#include "storage/snapshot.h"

namespace stave::loading {

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
  return clustering;
}

}  // namespace stave::loading
