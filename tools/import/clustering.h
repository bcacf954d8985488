// How the rows of a fact are clustered: by a column of the table that one of their keys leads to.
#pragma once

#include "stave/result.h"
#include "tools/import/load.h"
#include "tools/import/table_column.h"

namespace stave::loading {

struct Clustering {
  int column = -1;    // of the facts, whose codes lead to the cluster's; -1: not clustered
  TableColumn codes;  // by key code - 1

  std::uint32_t cluster_of(std::uint32_t code) const {
    return code == kNullCode || code > codes.size ? kNullCode : codes.codes[code - 1];
  }
};

Result<Clustering> find_clustering(Load& load);

}  // namespace stave::loading
