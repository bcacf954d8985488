// Cuts the inputs of a load into chunks of complete rows, one after the other. Where rows end is
// known only from the start of a file, because of quotes, so this part is sequential and does
// nothing else. Invariant: the chunks of a load are the same for any number of threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/manifest.h"
#include "tools/import/input_source.h"
#include "tools/import/load_table.h"
#include "tools/import/parsed_chunk.h"

namespace stave::loading {

inline constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

// An input whose header was read.
struct OpenedInput {
  std::shared_ptr<const FilePlan> plan;
  Compression compression = Compression::kNone;
};

class ChunkReader {
 public:
  ChunkReader(std::vector<std::string> paths, Dialect dialect, ExtraColumns extra, LoadTable& table,
              std::size_t chunk_bytes = kChunkBytes);

  // How the inputs are read; before the first chunk.
  void read_with(SourceOptions options) { source_options_ = options; }

  // The next chunk into `out`, whose memory is reused; false at the end, and after a failure. Not
  // thread-safe.
  Result<bool> next(Chunk& out);

  // Of the files read to their ends.
  const std::vector<LoadedFile>& files() const { return files_; }
  const std::vector<OpenedInput>& opened() const { return opened_; }
  std::uint64_t bytes_read() const;
  // Of all inputs; 0 where one is a pipe.
  std::uint64_t bytes_total() const { return bytes_total_; }

 private:
  Result<bool> cut_next(Chunk& out);
  Result<void> open_next();
  Result<void> read_header();
  Result<void> fill(std::vector<char>& bytes, std::size_t& size, std::size_t wanted);
  std::size_t border_without_quotes(const Chunk& chunk, std::size_t size) const;
  Result<std::size_t> find_border(Chunk& out);
  Result<void> check_text(std::string_view start) const;

  std::vector<std::string> paths_;
  Dialect dialect_;
  ExtraColumns extra_;
  LoadTable& table_;
  std::size_t chunk_bytes_;
  SourceOptions source_options_;

  bool failed_ = false;
  std::size_t next_path_ = 0;
  std::unique_ptr<InputSource> source_;
  bool at_end_ = false;  // of the source
  std::shared_ptr<const FilePlan> plan_;
  std::vector<char> rest_;    // read, but not yet in a chunk
  std::uint64_t offset_ = 0;  // of `rest_` in the decompressed file
  std::uint64_t header_lines_ = 0;
  bool starts_file_ = false;

  std::uint64_t next_number_ = 0;
  std::uint64_t bytes_done_ = 0;  // of files closed
  std::uint64_t bytes_total_ = 0;
  std::vector<LoadedFile> files_;
  std::vector<OpenedInput> opened_;
};

}  // namespace stave::loading
