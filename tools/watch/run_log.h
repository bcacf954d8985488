// The run log: JSON lines. What is torn, by a kill or a full disk, is ended by a line end before
// anything else is written.
#pragma once

#include <string>

#include "stave/result.h"
#include "storage/posix_file.h"

namespace stave::watching {

class RunLog {
 public:
  static Result<RunLog> open(const std::string& path);

  Result<void> write(const std::string& json);

 private:
  RunLog(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Descriptor file_;
  std::string path_;
  bool is_torn_ = false;  // the last line has no end
};

}  // namespace stave::watching
