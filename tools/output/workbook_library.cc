// One look for each function; what is missing is told with the library's name.
#include "tools/output/workbook_library.h"

#include <dlfcn.h>

#include <string>

namespace stave {
namespace {

constexpr const char* kFile = "libxlsxwriter.so." LXW_SOVERSION;

Failure not_there() {
  const char* reason = ::dlerror();
  return fail(ErrorCode::kUnsupported, "Cannot use the library for workbooks (" +
                                           std::string(reason == nullptr ? kFile : reason) +
                                           "). Install libxlsxwriter, or write --format csv.");
}

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

Result<WorkbookLibrary> open_library() {
  void* const library = ::dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return not_there();
  WorkbookLibrary found;
  const bool all_found =
      find(library, "workbook_new_opt", found.workbook_new_opt) &&
      find(library, "workbook_set_properties", found.workbook_set_properties) &&
      find(library, "workbook_add_format", found.workbook_add_format) &&
      find(library, "workbook_add_worksheet", found.workbook_add_worksheet) &&
      find(library, "workbook_close", found.workbook_close) &&
      find(library, "format_set_bold", found.format_set_bold) &&
      find(library, "format_set_bottom", found.format_set_bottom) &&
      find(library, "format_set_num_format", found.format_set_num_format) &&
      find(library, "lxw_strerror", found.lxw_strerror) &&
      find(library, "worksheet_autofilter", found.worksheet_autofilter) &&
      find(library, "worksheet_freeze_panes", found.worksheet_freeze_panes) &&
      find(library, "worksheet_set_column", found.worksheet_set_column) &&
      find(library, "worksheet_write_boolean", found.worksheet_write_boolean) &&
      find(library, "worksheet_write_datetime", found.worksheet_write_datetime) &&
      find(library, "worksheet_write_number", found.worksheet_write_number) &&
      find(library, "worksheet_write_string", found.worksheet_write_string);
  if (!all_found) return not_there();
  return found;
}

}  // namespace

Result<const WorkbookLibrary*> workbook_library() {
  static const Result<WorkbookLibrary> library = open_library();
  if (!library) return pass(library);
  return &*library;
}

}  // namespace stave
