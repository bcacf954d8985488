// A prediction for any values of a block, right in most rows, as a predictor would have made it.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/column_file.h"

namespace stave::testing {

// Owns what its Prediction views. Guesses differ from the values at every fifth row; ranks are
// places in a list of the first half of the distinct codes, shared by two runs.
class SamplePrediction {
 public:
  explicit SamplePrediction(const ColumnValues& values);
  SamplePrediction(const SamplePrediction&) = delete;
  SamplePrediction& operator=(const SamplePrediction&) = delete;

  // What codec `predicted` needs; empty for other kinds than codes and i64.
  Prediction guesses() const;
  // What codec `ranked` needs; empty for other kinds than codes.
  Prediction ranks() const;

 private:
  std::vector<std::uint32_t> codes_;
  std::vector<std::int64_t> int64s_;
  std::vector<std::uint32_t> list_;
  std::vector<RankedRun> runs_;
  std::vector<std::uint32_t> ranks_;
};

}  // namespace stave::testing
