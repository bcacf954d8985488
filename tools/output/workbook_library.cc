// See workbook_library.h.
#include "tools/output/workbook_library.h"

#include "tools/library/opened_library.h"

namespace stave {
namespace {

Result<WorkbookLibrary> open_library() {
  OpenedLibrary library("libxlsxwriter.so." LXW_SOVERSION);
  WorkbookLibrary found;
  library.find("workbook_new_opt", found.workbook_new_opt)
      .find("workbook_set_properties", found.workbook_set_properties)
      .find("workbook_add_format", found.workbook_add_format)
      .find("workbook_add_worksheet", found.workbook_add_worksheet)
      .find("workbook_close", found.workbook_close)
      .find("format_set_bold", found.format_set_bold)
      .find("format_set_bottom", found.format_set_bottom)
      .find("format_set_num_format", found.format_set_num_format)
      .find("lxw_strerror", found.lxw_strerror)
      .find("worksheet_autofilter", found.worksheet_autofilter)
      .find("worksheet_freeze_panes", found.worksheet_freeze_panes)
      .find("worksheet_set_column", found.worksheet_set_column)
      .find("worksheet_write_boolean", found.worksheet_write_boolean)
      .find("worksheet_write_datetime", found.worksheet_write_datetime)
      .find("worksheet_write_number", found.worksheet_write_number)
      .find("worksheet_write_string", found.worksheet_write_string);
  if (auto all = library.check("workbooks", "Install libxlsxwriter, or write --format csv.");
      !all) {
    return pass(all);
  }
  return found;
}

}  // namespace

Result<const WorkbookLibrary*> workbook_library() {
  static const Result<WorkbookLibrary> library = open_library();
  if (!library) return pass(library);
  return &*library;
}

}  // namespace stave
