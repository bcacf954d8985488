// Reports and programs as rows of texts, for what a run reads besides its lines.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "stave/query.h"
#include "tools/output/text_rows.h"
#include "tools/royalty/fields.h"

namespace stave::royalty {

using BatchReader = std::function<Result<void>(const ResultBatch&)>;

// Options of a run, less the parameters that the report does not take.
QueryOptions options_for(const Store& store, const std::string& report,
                         const QueryOptions& options);
Result<void> ask_report(const Store& store, const std::string& report, const QueryOptions& options,
                        const BatchReader& read);
Result<std::vector<TextRow>> rows_of_report(const Store& store, const std::string& report,
                                            const QueryOptions& options);
Result<std::vector<TextRow>> rows_of_program(const Store& store, const std::string& program,
                                             const QueryOptions& options);

}  // namespace stave::royalty
