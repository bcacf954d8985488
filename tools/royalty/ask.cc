// See ask.h.
#include "tools/royalty/ask.h"

#include "query/reports/report_catalogue.h"
#include "storage/snapshot.h"

namespace stave::royalty {

std::vector<ReportParameter> parameters_of(const Store& store, const std::string& report) {
  const auto text = report_text(store.snapshot(), report);
  return text ? describe_report(store.snapshot(), report, *text).parameters
              : std::vector<ReportParameter>();
}

QueryOptions options_for(const Store& store, const std::string& report,
                         const QueryOptions& options) {
  QueryOptions fitting = options;
  fitting.parameters.clear();
  for (const ReportParameter& parameter : parameters_of(store, report)) {
    const auto given = options.parameters.find(parameter.name);
    if (given != options.parameters.end()) fitting.parameters.insert(*given);
  }
  return fitting;
}

Result<std::vector<TextRow>> rows_of_report(const Store& store, const std::string& name,
                                            const QueryOptions& options) {
  return text_rows([&](ResultSink& sink) {
    return report(store, name, options_for(store, name, options), sink);
  });
}

Result<std::vector<TextRow>> rows_of_program(const Store& store, const std::string& program,
                                             const QueryOptions& options) {
  return text_rows([&](ResultSink& sink) { return query(store, program, options, sink); });
}

}  // namespace stave::royalty
