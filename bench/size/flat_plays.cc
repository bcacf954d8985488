// Plays without any pattern but the order of time: the least that a store can be given to save on.
#include "bench/size/plays.h"
#include "tools/generate/calendar.h"
#include "tools/generate/vocabulary.h"

namespace stave::size_bench {
namespace {

using generator::kSecondsPerDay;
using generator::Random;

constexpr std::uint32_t kTracksOfAnAlbum = 10;
constexpr std::int64_t kLatestArrival = 3 * kSecondsPerDay;

class Flat : public Make {
 public:
  explicit Flat(const Shape& shape) : shape_(shape), tracks_(shape.tracks) {
    for (std::uint32_t i = 0; i < shape.tracks; ++i) {
      Random random = random_for(shape.seed, Draw::kTrack, i);
      const std::uint32_t album = i / kTracksOfAnAlbum;
      tracks_[i] = {album, album, static_cast<std::uint32_t>(random.between(60'000, 420'000)),
                    static_cast<std::uint8_t>(random.below(generator::kGenres.size()))};
    }
  }

  const std::vector<Track>& tracks() const override { return tracks_; }

  std::uint32_t country_of(std::uint32_t user) const override {
    Random random = random_for(shape_.seed, Draw::kUser, user);
    return static_cast<std::uint32_t>(random.below(generator::kCountries.size()));
  }

  void play_day(std::int64_t day, std::uint64_t most, std::vector<Play>& plays) override {
    Random random =
        random_for(shape_.seed, Draw::kPlays, static_cast<std::uint64_t>(day - shape_.first_day));
    for (std::uint64_t i = 0; i < most; ++i) {
      plays.push_back(draw(day, random));
    }
  }

 private:
  Play draw(std::int64_t day, Random& random) const {
    Play play;
    play.time = day * kSecondsPerDay + random.between(0, kSecondsPerDay - 1);
    const bool late = random.chance(1, 200);
    play.arrival = play.time + (late ? random.between(60, kLatestArrival) : 0);
    play.user = static_cast<std::uint32_t>(random.below(shape_.users));
    play.track = static_cast<std::uint32_t>(random.below(shape_.tracks));
    play.seconds = static_cast<std::uint32_t>(
        random.between(1, std::int64_t{tracks_[play.track].duration_ms} / 1000));
    play.completion = static_cast<std::uint32_t>(random.between(0, 10'000));
    play.platform = static_cast<std::uint32_t>(random.below(generator::kPlatforms.size()));
    play.country = static_cast<std::uint32_t>(random.below(generator::kCountries.size()));
    return play;
  }

  Shape shape_;
  std::vector<Track> tracks_;
};

}  // namespace

std::unique_ptr<Make> make_flat(const Shape& shape) {
  return std::make_unique<Flat>(shape);
}

}  // namespace stave::size_bench
