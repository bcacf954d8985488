// The rejected rows of each input in a file of their own, with the input's header and written as it
// is, so that they can be put right and imported as any other dump.
// Invariant: such a file appears only once its load is committed, and never takes the place of one
// that is there: somebody may be at work on it.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stave/import.h"
#include "stave/result.h"
#include "tools/import/parsed_chunk.h"

namespace stave::loading {

// Of `dumps/plays.csv.gz` it is `rejects-plays.csv`.
std::string correction_name(const std::string& input);
// Behind the name until the load is committed.
inline constexpr const char* kUnfinishedEnding = ".part";

class CorrectionFiles {
 public:
  // `options`: as the inputs are asked to be read, so that the files can be read likewise; they
  // outlive the object.
  explicit CorrectionFiles(const ImportOptions& options)
      : options_(options),
        header_rows_(options.format.header.value_or(options.format.column_names.empty())
                         ? options.format.header_rows
                         : 0),
        skipped_lines_(options.format.skip_lines) {}
  ~CorrectionFiles() { discard(); }
  CorrectionFiles(const CorrectionFiles&) = delete;
  CorrectionFiles& operator=(const CorrectionFiles&) = delete;

  // Chunk by chunk in input order; rejects in the order of their bytes.
  Result<void> add(const Chunk& chunk, const std::vector<Reject>& rejects);
  // Before the commit.
  Result<void> finish();
  // After it: gives the files their names.
  std::vector<std::string> keep();
  // Of a load that was not committed.
  void discard();

 private:
  struct Unfinished {
    std::string path;  // without the ending
    std::string input;
    std::string origin;  // see correction_origin.h
  };
  Result<void> open(const FilePlan& plan);
  Result<void> write(std::string_view text);
  Failure cannot_write() const;

  const ImportOptions& options_;
  std::uint64_t header_rows_;
  std::uint64_t skipped_lines_;
  std::vector<Unfinished> unfinished_;
  std::FILE* file_ = nullptr;  // the last one, while it is open
};

}  // namespace stave::loading
