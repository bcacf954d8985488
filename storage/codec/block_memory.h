// What was chosen for a block of a column, for the next ones to begin with: neighbours mostly want
// the same tree of codecs, and choosing takes longer than encoding.
// Invariant: what is remembered depends on the blocks before alone, so a file's bytes do too.
#pragma once

#include <cstdint>
#include <optional>

#include "storage/codec/codec.h"
#include "storage/codec/compression.h"

namespace stave {

class BlockMemory {
 public:
  struct Choice {
    Aim aim = Aim::kLight;
    Compression compression = Compression::kNone;
    ChosenNode root;
  };

  // For a long file or load: blocks that come out smaller may differ by more, which saves most
  // choices and costs some size.
  void hurry() { smaller_ = kSmallerInHurry; }

  // What to try for a block of so many rows; null: choose.
  const Choice* recall(std::uint32_t rows) const;
  // Whether a block encoded as recalled takes what the one took that was chosen for: one that is
  // smaller may be of another kind, for which a choice would save yet more.
  bool is_alike(std::size_t bytes, std::uint32_t rows) const;
  // Whether a compressor is worth a try where another one is chosen for: not where the choice
  // before went without for a block of about the same size.
  bool may_compress(std::size_t bytes, std::uint32_t rows) const;
  // `recalled_bytes`: what the choice before gave for the same block; 0 where it gave nothing.
  void remember(Choice choice, std::size_t bytes, std::uint32_t rows, std::size_t recalled_bytes);
  // How often that was done: as long as it is not, blocks are begun alike.
  std::uint64_t choices() const { return choices_; }

 private:
  std::optional<Choice> choice_;
  std::uint64_t choices_ = 0;
  double bytes_of_row_ = 0;
  double tolerance_ = kTolerance;
  double smaller_ = kSmaller;

  // A block may differ by so much for each row before a new choice is made. Where that choice saves
  // no more than this, blocks differ by nature, and more is let pass.
  static constexpr double kTolerance = 0.02;
  // What is smaller costs nothing yet, so it may differ by so many times more.
  static constexpr double kSmaller = 3;
  static constexpr double kSmallerInHurry = 20;
  // In smaller blocks fixed costs have too large a share.
  static constexpr std::uint32_t kLeastRows = 4096;
  static constexpr double kMostTolerance = 0.16;
  static constexpr double kOtherKind = 0.5;
};

}  // namespace stave
