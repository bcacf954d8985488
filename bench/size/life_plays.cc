// Plays as people make them. Sessions begin on each day by the listener's own clock and run on past
// midnight; some devices are offline and report days later.
#include <algorithm>
#include <array>
#include <cmath>

#include "bench/size/life_catalogue.h"
#include "tools/generate/calendar.h"
#include "tools/generate/vocabulary.h"

namespace stave::size_bench {
namespace {

using generator::kCountries;
using generator::kSecondsPerDay;
using generator::Random;
using generator::WeightedChoice;

constexpr std::uint32_t kFavourites = 15;
constexpr std::uint32_t kLongestSession = 60;
constexpr std::int64_t kLatestArrival = 7 * kSecondsPerDay;

// Sessions that begin in each hour of the listener's day, relative.
const std::vector<std::uint32_t> kWorkdayHours{10, 6,  4,  3,  4,  10, 36, 70, 72, 50, 44, 46,
                                               54, 50, 48, 52, 62, 78, 80, 74, 70, 66, 46, 24};
const std::vector<std::uint32_t> kWeekendHours{26, 20, 14, 8,  5,  5,  8,  16, 30, 48, 62, 68,
                                               70, 68, 66, 66, 68, 70, 74, 76, 78, 76, 66, 46};

std::int64_t exponential(double mean, Random& random) {
  const double place = (static_cast<double>(random.next() >> 11) + 1) * 0x1p-53;
  return static_cast<std::int64_t>(-mean * std::log(place));
}

// Few play a lot: the busiest hundredth of the users make about a third of the plays.
std::vector<std::uint32_t> user_weights(const Shape& shape) {
  return generator::zipf_weights(shape.users, shape.users / 100,
                                 random_for(shape.seed, Draw::kWeights, 2));
}

std::vector<std::uint32_t> weights_of(const auto& table) {
  return {table.begin(), table.end()};
}

struct Listener {
  std::uint32_t country = 0;
  std::int64_t ahead_of_utc = 0;  // seconds
  std::int64_t joined = 0;        // day
  std::int64_t left = 0;          // day
  std::array<std::uint32_t, 3> devices{};
  std::uint32_t device_count = 1;
};

class Life : public Make {
 public:
  explicit Life(const Shape& shape)
      : shape_(shape),
        catalogue_(shape.seed, shape.tracks),
        user_choice_(user_weights(shape)),
        country_choice_(weights_of(generator::kCountryWeights)),
        platform_choice_(weights_of(generator::kPlatformWeights)),
        workday_hours_(kWorkdayHours),
        weekend_hours_(kWeekendHours) {}

  const std::vector<Track>& tracks() const override { return catalogue_.tracks(); }

  std::uint32_t country_of(std::uint32_t user) const override { return listener(user).country; }

  void play_day(std::int64_t day, std::uint64_t most, std::vector<Play>& plays) override {
    Random random =
        random_for(shape_.seed, Draw::kPlays, static_cast<std::uint64_t>(day - shape_.first_day));
    const std::size_t end = plays.size() + most;
    while (plays.size() < end) {
      const std::uint32_t user = user_choice_.pick(random.next());
      const Listener who = listener(user);
      if (day >= who.joined && day <= who.left) {
        play_session(day, user, who, end, random, plays);
      }
    }
  }

 private:
  Listener listener(std::uint32_t user) const {
    Random random = random_for(shape_.seed, Draw::kUser, user);
    Listener who;
    who.country = country_choice_.pick(random.next());
    who.ahead_of_utc =
        (static_cast<std::int64_t>(generator::scramble(who.country) % 20) - 8) * 3600;
    const std::int64_t last = shape_.first_day + shape_.days - 1;
    who.joined = random.chance(1, 5) ? shape_.first_day + random.between(0, shape_.days - 1) : 0;
    who.left =
        random.chance(1, 8) ? std::max(who.joined, last - random.between(0, shape_.days)) : last;
    who.device_count = random.chance(2, 5) ? 1 : random.chance(2, 3) ? 2 : 3;
    for (std::uint32_t i = 0; i < who.device_count; ++i) {
      who.devices[i] = platform_choice_.pick(random.next());
    }
    return who;
  }

  // Where the user is on a day: at home, or on one of up to three journeys.
  std::uint32_t whereabouts(std::uint32_t user, const Listener& who, std::int64_t day) const {
    Random random = random_for(shape_.seed, Draw::kTrip, user);
    std::uint32_t country = who.country;
    const std::uint64_t journeys = random.chance(1, 2) ? 0 : random.below(4);
    for (std::uint64_t i = 0; i < journeys; ++i) {
      const std::int64_t from = shape_.first_day + random.between(-7, shape_.days);
      const std::int64_t length = random.between(2, 14);
      const std::uint32_t where = country_choice_.pick(random.next());
      if (day >= from && day < from + length) {
        country = where;
      }
    }
    return country;
  }

  std::uint32_t favourite(std::uint32_t user, Random& random) const {
    // The first favourites are played most.
    const std::uint64_t rank = random.below(random.below(kFavourites) + 1);
    return catalogue_.pick_artist(
        random_for(shape_.seed, Draw::kTaste, std::uint64_t{user} * kFavourites + rank).next());
  }

  // Three ways to listen: an artist's album in its order, a mix of favourites, or what everybody
  // plays.
  std::uint32_t next_track(std::uint32_t user, std::uint64_t manner, std::uint32_t before,
                           Random& random) const {
    if (manner < 45) {
      const bool goes_on = before != kUnknown && before + 1 < shape_.tracks &&
                           tracks()[before].artist == tracks()[before + 1].artist;
      return goes_on ? before + 1 : catalogue_.pick_track(favourite(user, random), random);
    }
    const std::uint32_t artist =
        manner < 80 ? favourite(user, random) : catalogue_.pick_artist(random.next());
    return catalogue_.pick_track(artist, random);
  }

  static std::uint32_t draw_seconds(std::uint32_t whole, Random& random) {
    const std::uint64_t kind = random.below(100);
    if (kind < 60) {
      return whole;
    }
    if (kind < 68) {  // on to the next before the end
      return whole - static_cast<std::uint32_t>(random.between(1, 12));
    }
    if (kind < 88) {  // not this one
      return static_cast<std::uint32_t>(std::min<std::int64_t>(whole, 1 + exponential(14, random)));
    }
    return static_cast<std::uint32_t>(random.between(1, whole));
  }

  static std::uint32_t draw_completion(Random& random) {
    const std::uint64_t kind = random.below(100);
    if (kind < 46) {
      return 10'000;
    }
    if (kind < 55) {
      return 0;
    }
    if (kind < 72) {  // nearly all
      return static_cast<std::uint32_t>(
          std::max<std::int64_t>(0, 9'999 - exponential(400, random)));
    }
    return static_cast<std::uint32_t>(random.between(1, 9'999));
  }

  void play_session(std::int64_t day, std::uint32_t user, const Listener& who, std::size_t end,
                    Random& random, std::vector<Play>& plays) const {
    const WeightedChoice& hours = generator::weekday(day) >= 5 ? weekend_hours_ : workday_hours_;
    const std::int64_t local =
        std::int64_t{hours.pick(random.next())} * 3600 + random.between(0, 3599);
    std::int64_t time =
        day * kSecondsPerDay + (local - who.ahead_of_utc + kSecondsPerDay) % kSecondsPerDay;
    const std::uint64_t manner = random.below(100);
    const bool offline = random.chance(1, 60);
    const std::int64_t delay = offline ? random.between(600, kLatestArrival) : 0;
    const std::uint32_t device =
        who.devices[random.chance(7, 10) ? 0 : random.below(who.device_count)];
    const std::uint32_t country = random.chance(1, 800) ? kUnknown : whereabouts(user, who, day);
    const auto length = static_cast<std::uint32_t>(
        std::min<std::int64_t>(kLongestSession, 1 + exponential(8, random)));
    std::uint32_t track = kUnknown;
    for (std::uint32_t i = 0; i < length && plays.size() < end; ++i) {
      track = next_track(user, manner, track, random);
      Play play;
      play.time = time;
      play.user = user;
      play.track = track;
      play.seconds = draw_seconds(tracks()[track].duration_ms / 1000, random);
      play.completion = draw_completion(random);
      play.platform = device;
      play.country = country;
      time +=
          play.seconds + (random.chance(1, 12) ? exponential(90, random) : random.between(0, 2));
      play.arrival = time + delay;
      if (random.chance(1, 300)) {
        play.seconds = kUnknown;
        play.completion = kUnknown;
      }
      plays.push_back(play);
    }
  }

  Shape shape_;
  LifeCatalogue catalogue_;
  WeightedChoice user_choice_;
  WeightedChoice country_choice_;
  WeightedChoice platform_choice_;
  WeightedChoice workday_hours_;
  WeightedChoice weekend_hours_;
};

}  // namespace

std::unique_ptr<Make> make_life(const Shape& shape) {
  return std::make_unique<Life>(shape);
}

}  // namespace stave::size_bench
