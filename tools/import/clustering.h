// How the rows of a fact are clustered: by a column of the table that one of their keys leads to.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "stave/result.h"
#include "storage/huge_pages.h"
#include "tools/import/load.h"
#include "tools/import/table_column.h"

namespace stave::loading {

struct Clustering {
  int column = -1;    // of the facts, whose codes lead to the cluster's; -1: not clustered
  TableColumn codes;  // by key code - 1

  std::uint32_t cluster_of(std::uint32_t code) const {
    return code == kNullCode || code > codes.size ? kNullCode : codes.codes[code - 1];
  }
  // Of `codes`, for those who look up many.
  void keep_by_key();
  // Puts clusters in place of key codes.
  void look_up(std::span<std::uint32_t> keys) const;

  // By key code, as narrow as they come: they are met at random, once for each row.
  template <typename T>
  using ByKey = std::vector<T, HugePageAllocator<T>>;
  std::variant<ByKey<std::uint8_t>, ByKey<std::uint16_t>, ByKey<std::uint32_t>> by_key;
};

Result<Clustering> find_clustering(Load& load);

}  // namespace stave::loading
