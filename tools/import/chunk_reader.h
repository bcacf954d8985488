// Cuts the inputs of a load into chunks of complete rows, one after the other. Where rows end is
// known only from the start of a file, because of quotes, so this part is sequential. Reading need
// not be: of a plain file any thread may read the block that its chunk will begin with.
// Invariant: the chunks of a load are the same for any number of threads.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/manifest.h"
#include "tools/import/dump_opener.h"
#include "tools/import/parsed_chunk.h"

namespace stave::loading {

inline constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

// What an input was taken for.
struct ReadInput {
  Compression compression = Compression::kNone;
  DumpFormat format;  // everything set
  std::shared_ptr<const FilePlan> plan;
};

class ChunkReader {
 public:
  ChunkReader(std::vector<std::string> paths, DumpFormat format, ExtraColumns extra,
              LoadTable& table, std::size_t chunk_bytes = kChunkBytes);

  // How the inputs are read; before the first chunk.
  void read_with(SourceOptions options) { opener_.read_with(options); }

  // Where threads take chunks by turns: gives the chunk its number, by which it is the turn of
  // `next`, and tells which block is expected to be needed then. Thread-safe.
  void claim(Chunk& out);
  // Reads that block, if there is one. What fails is left to `next`. Thread-safe for different
  // chunks.
  void read_ahead(Chunk& out) const;

  // The next chunk into `out`, whose memory is reused; false at the end, and after a failure. By
  // one thread at a time.
  Result<bool> next(Chunk& out);

  // Of the files read to their ends.
  const std::vector<LoadedFile>& files() const { return files_; }
  // Of all that were opened; what was found out of the last one is certain once it was read.
  const std::vector<ReadInput>& inputs() const { return inputs_; }
  std::uint64_t bytes_read() const;
  // Of all inputs; 0 where one is a pipe.
  std::uint64_t bytes_total() const { return bytes_total_; }

 private:
  Result<bool> cut_next(Chunk& out);
  Result<void> open_next();
  void close();
  Result<void> fill(Chunk& out, std::size_t wanted);
  Result<void> fill_first(Chunk& out);
  bool is_next(const Chunk& chunk) const;
  Result<void> take_block(Chunk& out);
  void tell_position();
  void put_back(const Chunk& chunk, std::size_t border);
  std::size_t rest_size() const { return dump_.rest.size() - rest_begin_; }
  // Nothing is left to fill a chunk with.
  bool ended() const { return dump_.at_end && rest_size() == 0; }
  std::size_t border_without_quotes(const Chunk& chunk, std::size_t size) const;
  std::size_t border_with_masks(const Chunk& chunk) const;
  std::size_t border_of(Chunk& out);
  Result<std::size_t> find_border(Chunk& out);
  Result<void> take_new_keys(const Chunk& chunk);
  void pad(Chunk& out) const;

  std::vector<std::string> paths_;
  DumpOpener opener_;
  std::size_t chunk_bytes_;

  bool failed_ = false;
  std::size_t next_path_ = 0;
  // The file being read; `rest` from `rest_begin_` on is what was read but is not yet in a chunk.
  OpenedDump dump_;
  std::size_t rest_begin_ = 0;
  std::size_t cut_off_ = 0;  // of these: the beginning of a row whose end was not in the last chunk
  bool starts_file_ = false;

  // For those who read ahead: where the chunk of that number begins to read.
  std::mutex claims_mutex_;
  std::uint64_t claims_ = 0;
  ReadBlock expected_;
  std::uint64_t expected_number_ = 0;

  std::uint64_t next_number_ = 0;
  std::uint64_t bytes_done_ = 0;  // of files closed
  std::uint64_t bytes_total_ = 0;
  std::vector<LoadedFile> files_;
  std::vector<ReadInput> inputs_;
};

}  // namespace stave::loading
