// Column files put into one file, a pack. Page: format-spec/pack.md.
// Invariant: the bytes of a column file are the same wherever it lies.
#pragma once

#include <string>
#include <string_view>

#include "stave/result.h"
#include "storage/manifest.h"
#include "storage/transaction.h"

namespace stave {

// Segments whose columns take no more together go into packs.
inline constexpr std::uint64_t kPackedSegmentBytes = std::uint64_t{16} << 20;
// A pack is closed before it has more.
inline constexpr std::uint64_t kPackBytes = std::uint64_t{32} << 20;

// One pack, in memory until it is whole. Not thread-safe.
class PackWriter {
 public:
  // `bytes`: of all that is going to be added, where that is known.
  PackWriter(Transaction& transaction, std::string path, std::uint64_t bytes = 0)
      : transaction_(transaction), path_(std::move(path)) {
    bytes_.reserve(static_cast<std::size_t>(bytes));
  }

  // Whose size and checksum are in `file`, which learns where they lie.
  void add(std::string_view bytes, FileReference& file);
  Result<void> finish();

 private:
  Transaction& transaction_;
  std::string path_;
  std::string bytes_;
};

// Of the columns of a segment together.
std::uint64_t bytes_of(const SegmentState& segment);

// Where segments of a table have their packs; `day` is that of the first.
std::string pack_folder(const std::string& table);
std::string pack_stem(std::int32_t day);

}  // namespace stave
