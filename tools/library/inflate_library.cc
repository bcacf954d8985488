// See inflate_library.h.
#include "tools/library/inflate_library.h"

#include "tools/library/opened_library.h"

namespace stave {
namespace {

Result<InflateLibrary> open_library() {
  OpenedLibrary library(STAVE_ISAL_FILE);
  InflateLibrary found;
  library.find("isal_inflate_init", found.isal_inflate_init)
      .find("isal_inflate_reset", found.isal_inflate_reset)
      .find("isal_inflate", found.isal_inflate);
  if (auto all = library.check("gzip", "Install libisal, or unpack the file."); !all) {
    return pass(all);
  }
  return found;
}

}  // namespace

Result<const InflateLibrary*> inflate_library() {
  static const Result<InflateLibrary> library = open_library();
  if (!library) return pass(library);
  return &*library;
}

}  // namespace stave
