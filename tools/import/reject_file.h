// rejects.csv: every row that was not imported, where it stood and why, with its bytes, so that it
// can be put right and imported. Made at the first reject; shared by all loads of a run.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "tools/import/parsed_chunk.h"

namespace stave::loading {

class RejectFile {
 public:
  explicit RejectFile(const std::string& directory) : path_(directory + "/rejects.csv") {}
  ~RejectFile();
  RejectFile(const RejectFile&) = delete;
  RejectFile& operator=(const RejectFile&) = delete;

  // The files that are read, which it must not be written over.
  void spare(const std::vector<std::string>& inputs) { inputs_ = inputs; }

  // Goes on with what an earlier run left, but for the rows of `files`, which are read once more.
  Result<void> go_on_without(const std::vector<std::string>& files);

  // Writes the chunk's rejects in the order of their bytes. `lines_before`: line ends of the file
  // before the chunk.
  Result<void> add(const Chunk& chunk, std::vector<Reject>& rejects, std::uint64_t lines_before);
  // Closes the file; what is added later is appended.
  Result<void> finish();

  std::uint64_t count() const { return count_; }
  // Empty where nothing was rejected.
  std::string path() const { return count_ == 0 ? "" : path_; }
  // One line each, for messages: file, line, column and reason of the first few.
  const std::vector<std::string>& first() const { return first_; }

 private:
  bool is_input() const;
  Result<void> open();
  Result<void> write(std::string_view text);

  std::string path_;
  std::vector<std::string> inputs_;
  std::FILE* file_ = nullptr;
  bool goes_on_ = false;  // the file is there and is appended to
  std::uint64_t count_ = 0;
  std::vector<std::string> first_;
};

}  // namespace stave::loading
