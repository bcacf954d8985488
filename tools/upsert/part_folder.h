// A folder of part-0, part-1 ... that is written beside its place and takes it as a whole.
// Invariant: until `finish` the folder that is there stays as it is; where it fails, too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "stave/output.h"

namespace stave {

// As large as the parts of exports.
inline constexpr std::uint64_t kUpsertPartBytes = std::uint64_t{512} << 20;

// The parts that a folder holds, by number. Fails where it holds folders of partitions, whose rows
// a result without them cannot replace.
Result<std::vector<std::string>> parts_in(const std::string& folder);

class PartFolder : public ResultSink {
 public:
  // A part ends behind the batch with which it has reached `part_bytes`. `extension`: ".parquet".
  PartFolder(std::string folder, OutputFormat format, std::string extension,
             std::uint64_t part_bytes = kUpsertPartBytes);
  ~PartFolder() override;
  PartFolder(const PartFolder&) = delete;
  PartFolder& operator=(const PartFolder&) = delete;

  Result<void> begin(const std::vector<ResultColumn>& columns) override;
  Result<void> batch(const ResultBatch& batch) override;
  Result<void> end() override;
  // Puts the parts in place of those that were there; other files of the folder stay.
  Result<void> finish();

 private:
  class PartFile;
  Result<void> begin_part();
  Result<void> end_part();

  std::filesystem::path folder_;
  std::filesystem::path unfinished_;  // empty: none to remove
  OutputFormat format_;
  std::string extension_;
  std::uint64_t part_bytes_;
  std::vector<ResultColumn> columns_;
  std::unique_ptr<PartFile> file_;
  std::unique_ptr<Output> output_;
  std::size_t parts_ = 0;
};

}  // namespace stave
