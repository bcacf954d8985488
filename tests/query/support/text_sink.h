// Results as text: a line of names, then a line for each row.
#pragma once

#include <string>
#include <vector>

#include "stave/query.h"

namespace stave::testing {

class TextSink : public ResultSink {
 public:
  Result<void> begin(const std::vector<ResultColumn>& columns) override;
  Result<void> batch(const ResultBatch& batch) override;
  Result<void> end() override { return {}; }

  const std::vector<std::string>& results() const { return results_; }

 private:
  std::vector<std::string> results_;
  std::vector<ResultColumn> columns_;
};

}  // namespace stave::testing
