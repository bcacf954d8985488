// See ask.h.
#include "tools/royalty/ask.h"

namespace stave::royalty {

QueryOptions options_for(const Store& store, const std::string& report,
                         const QueryOptions& options) {
  QueryOptions fitting = options;
  fitting.parameters.clear();
  for (const ReportDescription& known : list_reports(store)) {
    if (known.name != report) continue;
    for (const ReportParameter& parameter : known.parameters) {
      const auto given = options.parameters.find(parameter.name);
      if (given != options.parameters.end()) fitting.parameters.insert(*given);
    }
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
