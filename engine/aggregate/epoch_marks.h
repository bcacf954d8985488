// Counts the different codes of one run after another without clearing in between: a mark is the
// number of the last run that had the code.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace stave {

template <typename Mark>
class EpochMarks {
 public:
  // A new run; `codes` is the size of the domain.
  void begin(std::uint32_t codes) {
    if (marks_.size() < codes) marks_.resize(codes, 0);
    if (epoch_ == std::numeric_limits<Mark>::max()) {
      std::fill(marks_.begin(), marks_.end(), Mark{0});
      epoch_ = 0;
    }
    ++epoch_;
  }

  // How many of the codes were not yet seen in this run.
  std::uint64_t mark(std::span<const std::uint32_t> codes) {
    Mark* marks = marks_.data();
    const Mark epoch = epoch_;
    std::uint64_t fresh = 0;
    for (const std::uint32_t code : codes) {
      fresh += marks[code] != epoch ? 1U : 0U;
      marks[code] = epoch;
    }
    return fresh;
  }

  std::size_t memory_bytes() const { return marks_.capacity() * sizeof(Mark); }

 private:
  std::vector<Mark> marks_;
  Mark epoch_ = 0;
};

}  // namespace stave
