// Which rows of its partition a window function sees from one row.
// Invariant: from row to row neither border ever goes back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/plan.h"

namespace stave {

// Places first .. last - 1 of the partition; first <= last.
struct WindowFrame {
  std::size_t first = 0;
  std::size_t last = 0;
};

// Gives the frames of a partition's rows in order.
class Frames {
 public:
  Frames(const WindowCall& call, std::span<const std::uint8_t> peer_starts)
      : call_(call), peer_starts_(peer_starts) {}

  WindowFrame at(std::size_t place) {
    const auto rows = peer_starts_.size();
    if (call_.has_frame) {
      const std::size_t last = call_.frame_to ? moved(place, *call_.frame_to, 1) : rows;
      const std::size_t first = call_.frame_from ? moved(place, *call_.frame_from, 0) : 0;
      return {std::min(first, last), last};
    }
    if (call_.sort.empty() || call_.function != WindowFunction::kAggregate) {
      return {0, rows};
    }
    if (place >= peers_end_) {
      peers_end_ = place + 1;
      while (peers_end_ < rows && peer_starts_[peers_end_] == 0) {
        ++peers_end_;
      }
    }
    return {0, peers_end_};
  }

 private:
  std::size_t moved(std::size_t place, std::int64_t by, std::int64_t more) const {
    const auto rows = static_cast<std::int64_t>(peer_starts_.size());
    const std::int64_t step = std::clamp(by, -rows - 1, rows + 1);
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(static_cast<std::int64_t>(place) + step + more, 0, rows));
  }

  const WindowCall& call_;
  std::span<const std::uint8_t> peer_starts_;
  std::size_t peers_end_ = 0;
};

}  // namespace stave
