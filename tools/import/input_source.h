// One input of a load as a stream of plain bytes: a file or standard input, decompressed by what
// its first bytes say it is, whatever its name. Invariant: a broken or cut-off compressed input is
// an error, never a shorter text.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "stave/import.h"
#include "stave/result.h"
#include "tools/import/compression/compression.h"
#include "tools/import/plain_file.h"

namespace stave::loading {

struct SourceOptions {
  int threads = 1;  // with more than one, decompression runs beside the caller
  const std::atomic<bool>* cancelled = nullptr;  // ends waiting for a pipe
  const ImportStream* stream = nullptr;          // read instead of a file
};

class InputSource {
 public:
  // "-" is standard input.
  static Result<std::unique_ptr<InputSource>> open(const std::string& path, SourceOptions options);
  ~InputSource();

  // Fills `out` as far as the input reaches; fewer bytes than asked for only at its end.
  Result<std::size_t> read(char* out, std::size_t size);

  // The file where its bytes are what is read, from bytes_read() on; else null.
  std::shared_ptr<const PlainFile> plain_file() const;
  // As `read`, for bytes that were read from there already: `got` where `asked` were asked for.
  Result<void> take(const char* bytes, std::size_t got, std::size_t asked);

  const std::string& path() const;
  // Of the columns, where the file tells them; else empty.
  std::vector<Type> column_types() const;
  Compression compression() const;
  std::uint64_t bytes_total() const;  // as it lies on disk; 0: unknown
  std::uint64_t bytes_read() const;   // of these; decompression may be some way ahead
  // XXH3-64 of the bytes as they lie on disk, once everything was read.
  std::uint64_t content_hash() const;

 private:
  struct State;
  explicit InputSource(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The hash alone; for asking the ledger before a file is imported.
Result<std::uint64_t> hash_file(const std::string& path);

}  // namespace stave::loading
