// The run log: JSON lines. It is opened for each of them, so that it may be moved away at any time.
// What was torn, by a kill or a full disk, is ended by a line end before anything else is written.
#pragma once

#include <string>

#include "stave/result.h"

namespace stave::watching {

class RunLog {
 public:
  explicit RunLog(std::string path) : path_(std::move(path)) {}

  // Whether it can be opened.
  Result<void> check() const;
  Result<void> write(const std::string& json) const;

 private:
  std::string path_;
};

}  // namespace stave::watching
