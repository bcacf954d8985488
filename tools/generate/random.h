// Pseudo-random numbers for the generator: splitmix64, started anew for each block of rows from
// (seed, purpose, block). Invariant: integer arithmetic only, so a block is the same on every
// machine and whichever thread makes it.
#pragma once

#include <cstdint>

#include "storage/int128.h"

namespace stave::generator {

// A bijection of 64-bit integers that leaves no visible trace of its input's order.
inline constexpr std::uint64_t scramble(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

// What a sequence is for; two purposes never share numbers. Changing one changes the dumps.
enum class Purpose : std::uint64_t {
  kArtist = 1,
  kTrack,
  kTrackShuffle,
  kUser,
  kUserShuffle,
  kStream,
  kSession,
  kSubscription,
  kRate,
  kSplit,
  kRightsholder,
  kCampaign,
  kArtistKey,
  kTrackKey,
  kTrackText,
};

class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t block)
      : state_(scramble(seed + kStep * static_cast<std::uint64_t>(purpose)) ^
               scramble(block * kStep + 1)) {}

  std::uint64_t next() {
    state_ += kStep;
    return scramble(state_);
  }
  // 0 .. bound - 1; `bound` > 0.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<UInt128>(next()) * bound) >> 64);
  }
  // low .. high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  bool chance(std::uint64_t in, std::uint64_t of) { return below(of) < in; }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15U;
  std::uint64_t state_;
};

}  // namespace stave::generator
