// When things happen: the n-th of `total` events in order, denser by evening than by night, and
// on Fridays and Saturdays. Invariant: times never go down with the position.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/generate/random.h"

namespace stave::generator {

class Timeline {
 public:
  Timeline(std::int64_t first_day, std::int64_t days);

  // Remembers where it is, so that asking in order costs little.
  class Cursor {
   public:
    explicit Cursor(const Timeline& timeline) : timeline_(timeline) {}
    // Seconds since 1970 of event `position` of `total`; positions must not go down.
    std::int64_t at(std::uint64_t position, std::uint64_t total, Random& random);

   private:
    const Timeline& timeline_;
    std::size_t slot_ = 0;
    bool placed_ = false;
  };

 private:
  static constexpr std::int64_t kSlotSeconds = 900;
  std::int64_t start_ = 0;
  std::vector<std::uint64_t> weight_before_;  // of each slot, and the total at the end
};

}  // namespace stave::generator
