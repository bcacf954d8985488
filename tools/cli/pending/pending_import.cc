// Until import is there: linked only where the library lacks it.
#include "stave/import.h"

namespace stave {

Result<ImportSummary> import_files(const std::string&, const std::string&,
                                   const std::vector<std::string>&, const ImportOptions&) {
  return fail(ErrorCode::kUnsupported, "This build cannot import yet.");
}

}  // namespace stave
