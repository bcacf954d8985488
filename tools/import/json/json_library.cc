// The parser in simdjson's header calls one function of its library, which is defined here and asks
// the library that was opened. Nothing is thrown from there, and what it allocates it frees, so
// that it may stand on another C++ runtime than the program does.
#include "tools/import/json/json_library.h"

#include "tools/library/opened_library.h"

namespace stave::loading {
namespace {

Result<JsonLibrary> open_library() {
  OpenedLibrary library(STAVE_SIMDJSON_FILE);
  JsonLibrary found;
  library.find("_ZN8simdjson25get_active_implementationEv", found.get_active_implementation)
      .find("_ZN8simdjson8internal11error_codesE", found.error_codes);
  if (auto all = library.check("JSON", "Install libsimdjson, or import CSV."); !all) {
    return pass(all);
  }
  return found;
}

}  // namespace

Result<const JsonLibrary*> json_library() {
  static const Result<JsonLibrary> library = open_library();
  if (!library) return pass(library);
  return &*library;
}

}  // namespace stave::loading

namespace simdjson {

internal::atomic_ptr<const implementation>& get_active_implementation() {
  return (*stave::loading::json_library())->get_active_implementation();
}

}  // namespace simdjson
