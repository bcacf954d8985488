// Which columns of a load are written with a predictor: one that earlier loads made, or a new one
// where that pays. Bytes: format-spec/predictor.md.
// Invariant: the choice depends on the rows and the store alone, never on threads.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "stave/result.h"
#include "storage/predictor.h"
#include "tools/import/clustering.h"
#include "tools/import/column_assembly.h"
#include "tools/import/load.h"

namespace stave::loading {

struct ColumnPrediction {
  std::uint32_t place = 0;  // among the table's predictors, from 1; 0: none
  std::shared_ptr<const Predictor> values;
  std::size_t key = 0;                     // of `values`
  std::shared_ptr<const RankIndex> ranks;  // instead of `values`
};

// By column. New predictors are written and added to the table's state.
Result<std::vector<ColumnPrediction>> choose_predictors(
    Load& load, const std::vector<ColumnConversion>& conversions, const Clustering& clustering);

}  // namespace stave::loading
