// Where results go: standard output, a device or pipe by its name, or a file that appears under its
// name only when it is whole.
// Invariant: a target that was not finished leaves no file behind and an older one as it was.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "stave/output.h"
#include "tools/cli/global_options.h"

namespace stave::cli {

class OutputTarget {
 public:
  OutputTarget() = default;
  OutputTarget(const OutputTarget&) = delete;
  OutputTarget& operator=(const OutputTarget&) = delete;
  ~OutputTarget();

  // An empty path is standard output.
  Result<void> open(const std::string& path);
  // A reader that went away (`| head`) is kCancelled, and `reader_left` says so.
  Result<void> write(std::string_view text);
  // What the sink still holds, and the file under its name.
  Result<void> finish();
  bool reader_left() const { return reader_left_; }

  // The sink that the format option asks for, writing here; valid as long as this is. All results
  // of one format share it.
  ResultSink& sink(const GlobalOptions& options, const std::string& title = "Stave");

 private:
  Result<void> write_now(std::string_view text);
  void finish_sink();

  int descriptor_ = -1;
  bool owns_descriptor_ = false;  // all but standard output
  bool reader_left_ = false;
  bool is_refused_ = false;  // bytes that a terminal cannot show
  std::string path_;
  std::string unfinished_;  // empty: no file is to be put in place
  std::string buffer_;
  std::uint64_t unsynced_ = 0;                  // bytes written since the disk was told to begin
  OutputFormat format_ = OutputFormat::kTable;  // of `sink_`
  std::unique_ptr<Output> sink_;
  Result<void> finished_sink_;  // how a sink of another format ended
};

}  // namespace stave::cli
