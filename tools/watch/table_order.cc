// See table_order.h.
#include "tools/watch/table_order.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace stave::watching {

namespace {

class TableRanks {
 public:
  explicit TableRanks(const Schema& schema) : schema_(schema) {}

  // More than that of every table that it leads to.
  std::size_t rank_of(const std::string& name) {
    const TableSchema* table = schema_.resolve_table(name);
    if (table == nullptr) return schema_.tables.size();
    const auto [known, is_new] = ranks_.emplace(table->name, 0);
    if (!is_new) return known->second;  // 0 for one in a circle that is being looked at
    std::size_t rank = 0;
    for (const RelationSchema& relation : table->relations) {
      rank = std::max(rank, 1 + rank_of(relation.table));
    }
    return ranks_[table->name] = rank;
  }

 private:
  const Schema& schema_;
  std::map<std::string, std::size_t> ranks_;
};

}  // namespace

void order_by_table(std::vector<InboxFile>& files, const Schema& schema) {
  TableRanks ranks(schema);
  std::map<std::string, std::size_t> rank_of;
  for (const InboxFile& file : files) rank_of[file.table] = ranks.rank_of(file.table);
  std::ranges::stable_sort(files, [&](const InboxFile& left, const InboxFile& right) {
    return std::tie(rank_of.at(left.table), left.table, left.name) <
           std::tie(rank_of.at(right.table), right.table, right.name);
  });
}

}  // namespace stave::watching
