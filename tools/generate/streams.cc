// Plays: who, what, when, how long, on what, where from. In order of time but for one in two
// hundred, which comes late by up to three days; a few lack a duration or a country, as real ones
// do.
#include <algorithm>
#include <memory>

#include "tools/generate/clock_text.h"
#include "tools/generate/tables.h"
#include "tools/generate/timeline.h"
#include "tools/generate/vocabulary.h"

namespace stave::generator {
namespace {

constexpr std::int64_t kLatestArrival = 3 * kSecondsPerDay;

// One of `of` by a slice of random bits; slices of one number are independent.
bool one_in(std::uint64_t bits, int shift, std::uint64_t of) {
  return ((bits >> shift) & 0xffff) * of < 0x10000;
}

struct Played {
  std::uint32_t seconds = 0;
  std::uint32_t completion = 0;  // hundredths of a percent
};

// Three in five plays run to the end, one in six is skipped within half a minute.
Played draw_played(std::uint32_t duration_ms, std::uint64_t bits) {
  const auto kind = static_cast<std::uint32_t>(bits & 0xff);
  const std::uint64_t place = bits >> 32;
  const std::uint32_t whole = duration_ms / 1000;
  if (kind < 154) {
    return {whole, 10'000};
  }
  const std::uint32_t low = kind < 197 ? 1 : 30;
  const std::uint32_t high = kind < 197 ? 30 : whole;
  const auto seconds = static_cast<std::uint32_t>(low + ((place * (high - low)) >> 32));
  return {seconds, static_cast<std::uint32_t>(std::uint64_t{seconds} * 10'000'000 / duration_ms)};
}

// Keys of all tracks one after another: each is needed many times.
std::string track_keys(const Catalogue& catalogue) {
  std::string keys;
  keys.reserve(catalogue.tracks.size() * kKeyLength);
  for (std::uint64_t i = 0; i < catalogue.tracks.size(); ++i) {
    append_key(keys, catalogue.seed, Purpose::kTrackKey, i);
  }
  return keys;
}

class StreamRows {
 public:
  explicit StreamRows(const World& world)
      : world_(world), timeline_(world.first_day, world.days), keys_(track_keys(world.catalogue)) {}

  void make_block(std::uint64_t block, std::string& out) const {
    Random random(world_.seed(), Purpose::kStream, block);
    Timeline::Cursor cursor(timeline_);
    ClockText clock;
    ClockText late_clock;
    for_each_row(block, world_.streams, [&](std::uint64_t position) {
      const std::uint64_t bits = random.next();
      const std::int64_t time = cursor.at(position, world_.streams, random);
      const bool late = one_in(bits, 0, 200);
      const std::int64_t shown = late ? earlier(time, random) : time;
      append_row(bits, shown, late ? late_clock : clock, random, out);
    });
  }

 private:
  std::int64_t earlier(std::int64_t time, Random& random) const {
    return std::max(world_.first_day * kSecondsPerDay, time - random.between(60, kLatestArrival));
  }

  void append_row(std::uint64_t bits, std::int64_t time, ClockText& clock, Random& random,
                  std::string& out) const {
    const Catalogue& catalogue = world_.catalogue;
    const std::uint32_t user_position = catalogue.user_choice.pick(random.next());
    const std::uint32_t track_position = catalogue.track_choice.pick(random.next());
    const User& user = catalogue.users[user_position];
    const Track& track = catalogue.tracks[track_position];
    append_integer(out, std::int64_t{user_position} + 1);
    out.push_back(',');
    out.append(keys_, std::size_t{track_position} * kKeyLength, kKeyLength);
    out.push_back(',');
    clock.append(out, time);
    out.push_back(',');
    const Played played = draw_played(track.duration_ms, random.next());
    if (one_in(bits, 16, 400)) {
      out.push_back(',');
    } else {
      append_integer(out, played.seconds);
      out.push_back(',');
      append_decimal(out, played.completion, 2);
    }
    out.push_back(',');
    const bool usual_platform = !one_in(bits, 32, 5);
    out.append(
        kPlatforms[usual_platform ? user.platform : catalogue.platform_choice.pick(random.next())]);
    out.push_back(',');
    if (const std::uint64_t place = bits >> 48; place < 1311) {  // 2 %: away from home
      out.append(kCountries[catalogue.country_choice.pick(random.next())]);
    } else if (place < 0xffff - 65) {  // 0.1 %: nobody knows where
      out.append(kCountries[user.country]);
    }
    out.push_back('\n');
  }

  const World& world_;
  Timeline timeline_;
  std::string keys_;
};

}  // namespace

Dump streams_dump(const World& world) {
  auto rows = std::make_shared<const StreamRows>(world);
  Dump dump;
  dump.header = "user_id,track_id,listen_time,duration_sec,completion_pct,platform,country_code\n";
  dump.blocks = blocks_for(world.streams);
  dump.make_block = [rows](std::uint64_t block, std::string& out) { rows->make_block(block, out); };
  return dump;
}

}  // namespace stave::generator
