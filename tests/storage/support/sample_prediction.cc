#include "tests/storage/support/sample_prediction.h"

#include <algorithm>
#include <set>

namespace stave::testing {
namespace {

template <typename T>
std::vector<T> mostly(std::span<const T> values) {
  std::vector<T> guesses(values.begin(), values.end());
  for (std::size_t row = 0; row < guesses.size(); row += 5) {
    guesses[row] = static_cast<T>(guesses[row] ^ 1);
  }
  return guesses;
}

}  // namespace

SamplePrediction::SamplePrediction(const ColumnValues& values)
    : codes_(mostly(values.codes)), int64s_(mostly(values.int64s)) {
  const std::set<std::uint32_t> distinct(values.codes.begin(), values.codes.end());
  list_.assign(distinct.begin(), distinct.end());
  list_.resize(list_.size() / 2);
  const std::uint32_t first = values.rows / 3;
  runs_ = {{first, list_}, {values.rows - first, list_}};
  for (const std::uint32_t code : values.codes) {
    const auto place = std::ranges::lower_bound(list_, code);
    const auto listed = static_cast<std::uint32_t>(list_.size());
    ranks_.push_back(place != list_.end() && *place == code
                         ? static_cast<std::uint32_t>(place - list_.begin())
                         : code + listed);
  }
}

Prediction SamplePrediction::guesses() const {
  Prediction prediction;
  prediction.codes = codes_;
  prediction.int64s = int64s_;
  return prediction;
}

Prediction SamplePrediction::ranks() const {
  Prediction prediction;
  if (!ranks_.empty()) {
    prediction.runs = runs_;
    prediction.ranks = ranks_;
  }
  return prediction;
}

}  // namespace stave::testing
