// Worlds for measuring sizes that are not those of `stave gen`: who listens to what, in which shape
// a make decides. Invariant: plays are a function of the shape only.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tools/generate/random.h"

namespace stave::size_bench {

struct Shape {
  std::uint64_t plays = 2'000'000;
  std::uint32_t tracks = 100'000;
  std::uint32_t users = 1'000'000;
  std::int64_t first_day = 0;  // since 1970-01-01
  std::int64_t days = 90;
  std::uint64_t seed = 1;
};

struct Track {
  std::uint32_t artist = 0;
  std::uint32_t album = 0;
  std::uint32_t duration_ms = 0;
  std::uint8_t genre = 0;
};

// What stands for a cell that is empty.
inline constexpr std::uint32_t kUnknown = ~std::uint32_t{0};

struct Play {
  std::int64_t arrival = 0;  // seconds; plays are listed by it
  std::int64_t time = 0;     // seconds since 1970
  std::uint32_t user = 0;
  std::uint32_t track = 0;
  std::uint32_t seconds = 0;     // or kUnknown
  std::uint32_t completion = 0;  // hundredths of a percent, or kUnknown
  std::uint32_t platform = 0;    // an index of kPlatforms
  std::uint32_t country = 0;     // an index of kCountries, or kUnknown
};

// A sequence of random numbers for one thing of one kind.
enum class Draw : std::uint64_t { kTrack = 100, kTrip, kUser, kTaste, kWeights, kPlays };
inline generator::Random random_for(std::uint64_t seed, Draw draw, std::uint64_t thing) {
  return {seed, static_cast<generator::Purpose>(draw), thing};
}

class Make {
 public:
  virtual ~Make() = default;
  virtual const std::vector<Track>& tracks() const = 0;
  virtual std::uint32_t country_of(std::uint32_t user) const = 0;
  // Appends the plays that begin on a day, at most `most` of them, in any order. Days in turn.
  virtual void play_day(std::int64_t day, std::uint64_t most, std::vector<Play>& plays) = 0;
};

// People: sessions of several tracks of one artist, favourites, few very busy users, journeys of
// days, one to three devices, completion that does not follow from the seconds played.
std::unique_ptr<Make> make_life(const Shape& shape);
// Nothing follows from anything: every user, track, country and second is as likely as any other.
std::unique_ptr<Make> make_flat(const Shape& shape);

}  // namespace stave::size_bench
