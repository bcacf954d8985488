// Until the query layer is there: linked only where the library lacks it.
#include "stave/query.h"

namespace stave {

Result<void> query(const Store&, std::string_view, const QueryOptions&, ResultSink&,
                   std::vector<Diagnostic>*, std::vector<std::string>*) {
  return fail(ErrorCode::kUnsupported, "This build cannot run queries yet.");
}
Result<std::string> explain(const Store&, std::string_view, const QueryOptions&) {
  return fail(ErrorCode::kUnsupported, "This build cannot run queries yet.");
}
std::vector<ReportDescription> list_reports(const Store&) { return {}; }
Result<void> report(const Store&, const std::string&, const QueryOptions&, ResultSink&,
                    std::vector<std::string>*) {
  return fail(ErrorCode::kUnsupported, "This build cannot run reports yet.");
}

}  // namespace stave
