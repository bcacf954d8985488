// The run log: JSON lines, each written as a whole. What is torn by a kill is ended by a line end
// before anything else is written.
#pragma once

#include <string>

#include "stave/result.h"
#include "storage/posix_file.h"

namespace stave::watching {

class RunLog {
 public:
  static Result<RunLog> open(const std::string& path);

  Result<void> write(const std::string& json) const;

 private:
  RunLog(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Descriptor file_;
  std::string path_;
};

}  // namespace stave::watching
