// Segments that are written again, gathered into packs as they come: column by column, so
// that a column of neighbouring segments lies together. Invariant: no more than a pack is held.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/manifest.h"
#include "storage/open_packs.h"
#include "storage/transaction.h"

namespace stave {

class SegmentPacker {
 public:
  SegmentPacker(Transaction& transaction, std::string table)
      : transaction_(transaction), table_(std::move(table)) {}

  // `files`: the bytes of the segment's columns, then those that tell the loads of its rows; empty
  // where there is no file. Their sizes and checksums are in `segment`.
  Result<void> add(const SegmentState& segment, std::vector<std::string> files);
  // The same with its files as they are.
  Result<void> add_as_is(const FileSystem& files, OpenPacks& packs, const SegmentState& segment);
  // Writes what is left; then those that were added can be told where they lie.
  Result<void> finish();
  void place(std::vector<SegmentState>& segments) const;

 private:
  struct Waiting {
    SegmentState segment;
    std::vector<std::string> files;
  };
  Result<void> write();

  Transaction& transaction_;
  std::string table_;
  std::vector<Waiting> waiting_;
  std::uint64_t bytes_ = 0;                       // of those
  std::map<std::uint64_t, SegmentState> placed_;  // by id
};

}  // namespace stave
