// Sales reports as inputs of `stave import`: turned into CSV files of the same names in a folder of
// their own, which goes with this object.
#pragma once

#include <string>
#include <vector>

#include "stave/result.h"

namespace stave::cli {

class SalesReportFiles {
 public:
  SalesReportFiles() = default;
  SalesReportFiles(const SalesReportFiles&) = delete;
  SalesReportFiles& operator=(const SalesReportFiles&) = delete;
  ~SalesReportFiles();

  // The CSV files, in the order of `reports`.
  Result<std::vector<std::string>> convert(const std::vector<std::string>& reports);

 private:
  std::string folder_;
};

}  // namespace stave::cli
