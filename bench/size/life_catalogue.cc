#include "bench/size/life_catalogue.h"

#include <algorithm>

#include "tools/generate/vocabulary.h"

namespace stave::size_bench {
namespace {

using generator::Random;

// Artists with 1 to 60 tracks, most with few, until there are enough.
std::vector<Artist> deal_artists(std::uint64_t seed, std::uint32_t tracks) {
  std::vector<Artist> artists;
  Random random = random_for(seed, Draw::kTrack, 0);
  for (std::uint32_t first = 0; first < tracks;) {
    const std::int64_t wanted =
        std::min({random.between(1, 60), random.between(1, 60), random.between(1, 60)});
    const std::uint32_t count = std::min(static_cast<std::uint32_t>(wanted), tracks - first);
    artists.push_back({first, count});
    first += count;
  }
  return artists;
}

// The mean of three draws: most songs last three to four minutes.
std::uint32_t draw_duration(Random& random) {
  const std::int64_t sum = random.between(60'000, 420'000) + random.between(60'000, 420'000) +
                           random.between(90'000, 300'000);
  return static_cast<std::uint32_t>(sum / 3);
}

std::vector<std::uint32_t> artist_weights(std::uint64_t seed, std::size_t artists) {
  return generator::zipf_weights(static_cast<std::uint32_t>(artists), 8,
                                 random_for(seed, Draw::kWeights, 1));
}

}  // namespace

LifeCatalogue::LifeCatalogue(std::uint64_t seed, std::uint32_t tracks)
    : seed_(seed),
      tracks_(tracks),
      artists_(deal_artists(seed, tracks)),
      artist_choice_(artist_weights(seed, artists_.size())) {
  std::uint32_t album = 0;
  for (std::uint32_t a = 0; a < artists_.size(); ++a) {
    Random random = random_for(seed, Draw::kTrack, a + 1);
    const auto draw_genre = [&random] {
      // Some genres have far more artists than others.
      const std::uint64_t genres = generator::kGenres.size();
      return static_cast<std::uint8_t>(std::min(random.below(genres), random.below(genres)));
    };
    const std::uint8_t genre = draw_genre();
    std::int64_t left_of_album = 0;
    for (std::uint32_t t = artists_[a].first_track;
         t < artists_[a].first_track + artists_[a].tracks; ++t) {
      if (left_of_album-- == 0) {
        left_of_album = random.chance(1, 3) ? 0 : random.between(4, 14);
        ++album;
      }
      tracks_[t] = {a, album, draw_duration(random), random.chance(1, 12) ? draw_genre() : genre};
    }
  }
}

std::uint32_t LifeCatalogue::pick_track(std::uint32_t artist, Random& random) const {
  const Artist& of = artists_[artist];
  const std::uint64_t rank = random.below(random.below(of.tracks) + 1);
  // The rank's place among the artist's tracks, the same for everybody.
  const std::uint64_t turn = generator::scramble(seed_ + artist);
  return of.first_track + static_cast<std::uint32_t>((rank + turn % of.tracks) % of.tracks);
}

}  // namespace stave::size_bench
