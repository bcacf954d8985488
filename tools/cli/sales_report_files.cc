// See sales_report_files.h.
#include "tools/cli/sales_report_files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "stave/sales_report.h"
#include "tools/cli/program_text.h"

namespace stave::cli {

SalesReportFiles::~SalesReportFiles() {
  std::error_code ignored;
  if (!folder_.empty()) {
    std::filesystem::remove_all(folder_, ignored);
  }
}

Result<std::vector<std::string>> SalesReportFiles::convert(
    const std::vector<std::string>& reports) {
  std::error_code fault;
  std::string pattern =
      (std::filesystem::temp_directory_path(fault) / "stave-sales-XXXXXX").string();
  if (fault || mkdtemp(pattern.data()) == nullptr) {
    return fail(ErrorCode::kIo, "A folder for converted sales reports cannot be made: " + pattern +
                                    ". Set TMPDIR to a folder that can be written to.");
  }
  folder_ = pattern;
  std::vector<std::string> files;
  for (const std::string& report : reports) {
    const auto text = read_whole_file(report);
    if (!text) {
      return pass(text);
    }
    const auto csv = csv_of_sales_report(*text, report);
    if (!csv) {
      return pass(csv);
    }
    const auto number = std::to_string(files.size() + 1);
    const auto name = std::filesystem::path(report).filename();
    const auto path = std::filesystem::path(folder_) / number / name;
    std::filesystem::create_directories(path.parent_path(), fault);
    std::ofstream file(path, std::ios::binary);
    file << *csv;
    file.close();
    if (!file) {
      return fail(ErrorCode::kIo, "A converted sales report cannot be written: " + path.string() +
                                      ". Set TMPDIR to a folder with room.");
    }
    files.push_back(path.string());
  }
  return files;
}

}  // namespace stave::cli
