// Many files that appear under their names together: written beside their places, made durable by
// one call, then renamed. A sync for each of thousands of files takes minutes where one takes
// a second. Invariant: a batch that was not finished leaves no file behind and older ones as they
// were.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stave/result.h"

namespace stave::cli {

class FileBatch {
 public:
  // Makes the folder where it is missing. All files of the batch lie in it.
  Result<void> open(const std::string& folder);
  FileBatch() = default;
  FileBatch(const FileBatch&) = delete;
  FileBatch& operator=(const FileBatch&) = delete;
  ~FileBatch();

  // From any thread.
  Result<void> add(const std::string& name, std::string_view text);
  Result<void> finish();

 private:
  std::string folder_;
  std::mutex mutex_;                                        // of the files
  std::vector<std::pair<std::string, std::string>> files_;  // unfinished, and its place
};

}  // namespace stave::cli
