// The songs of the make "life": artists with albums, a few hits among many tracks.
// Invariant: the tracks of an album lie side by side, and so do the albums of an artist.
#pragma once

#include <vector>

#include "bench/size/plays.h"
#include "tools/generate/weighted_choice.h"

namespace stave::size_bench {

struct Artist {
  std::uint32_t first_track = 0;
  std::uint32_t tracks = 0;
};

class LifeCatalogue {
 public:
  LifeCatalogue(std::uint64_t seed, std::uint32_t tracks);

  const std::vector<Track>& tracks() const { return tracks_; }
  const Artist& artist(std::uint32_t position) const { return artists_[position]; }
  // By how much each is played.
  std::uint32_t pick_artist(std::uint64_t random) const { return artist_choice_.pick(random); }
  // One of an artist's tracks: the first ones of a shuffled order are the hits.
  std::uint32_t pick_track(std::uint32_t artist, generator::Random& random) const;

 private:
  std::uint64_t seed_;
  std::vector<Track> tracks_;
  std::vector<Artist> artists_;
  generator::WeightedChoice artist_choice_;
};

}  // namespace stave::size_bench
