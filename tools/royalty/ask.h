// Reports and programs as rows of texts, for what a run reads besides its lines.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "stave/query.h"
#include "tools/output/text_rows.h"
#include "tools/royalty/fields.h"

namespace stave::royalty {

using BatchReader = std::function<Result<void>(const ResultBatch&)>;

// One reader for each pipeline of a program, in their order.
class ResultReaders : public ResultSink {
 public:
  explicit ResultReaders(std::vector<BatchReader> readers) : readers_(std::move(readers)) {}
  Result<void> begin(const std::vector<ResultColumn>&) override { return {}; }
  Result<void> batch(const ResultBatch& batch) override { return readers_[at_](batch); }
  Result<void> end() override {
    ++at_;
    return {};
  }

 private:
  std::vector<BatchReader> readers_;
  std::size_t at_ = 0;
};

// Those that a report takes; none where there is no such report.
std::vector<ReportParameter> parameters_of(const Store& store, const std::string& report);
// Options of a run, less the parameters that the report does not take.
QueryOptions options_for(const Store& store, const std::string& report,
                         const QueryOptions& options);
Result<std::vector<TextRow>> rows_of_report(const Store& store, const std::string& report,
                                            const QueryOptions& options);
Result<std::vector<TextRow>> rows_of_program(const Store& store, const std::string& program,
                                             const QueryOptions& options);

}  // namespace stave::royalty
