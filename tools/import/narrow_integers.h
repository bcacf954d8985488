// Codes or integers of one column in as few bytes as hold them, while they are put in their order:
// what is written to all over stays in the nearer caches. A block at a time they become what they
// are meant to be.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tools/import/piece.h"

namespace stave::loading {

// How the values of several pieces are held together: base + n * unit.
class IntegerFrame {
 public:
  // Takes one more piece's; false where no frame is narrow enough for all of them.
  bool include(const PieceIntegers& values);

  std::uint64_t base() const { return base_; }
  std::uint64_t unit() const { return unit_; }
  std::uint64_t most() const { return most_; }

 private:
  bool empty_ = true;
  std::uint64_t base_ = 0;
  std::uint64_t unit_ = 1;
  std::uint64_t most_ = 0;
};

class NarrowIntegers {
 public:
  void start(const IntegerFrame& frame, std::size_t rows);
  // `places`: of the piece's rows among all.
  void append(const PieceIntegers& values, std::uint32_t rows,
              std::span<const std::uint32_t> places);
  // Values [begin, begin + out.size()).
  void read(std::size_t begin, std::span<std::uint32_t> out) const;
  void read(std::size_t begin, std::span<std::int64_t> out) const;

 private:
  template <typename Use>
  void visit(Use use);
  template <typename Use>
  void visit(Use use) const;

  IntegerFrame frame_;
  unsigned bytes_ = 1;
  std::vector<std::uint8_t> of_one_;
  std::vector<std::uint16_t> of_two_;
  std::vector<std::uint32_t> of_four_;
};

}  // namespace stave::loading
