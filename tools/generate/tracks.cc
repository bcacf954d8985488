// The music: tracks and artists.
#include <algorithm>
#include <bit>

#include "tools/generate/calendar.h"
#include "tools/generate/tables.h"
#include "tools/generate/text.h"
#include "tools/generate/vocabulary.h"

namespace stave::generator {
namespace {

// 0 to 100, falling by six with each doubling of the rank.
std::int64_t popularity(std::uint32_t rank, Random& random) {
  const int doublings = static_cast<int>(std::bit_width(rank));
  return std::max<std::int64_t>(0, 97 - 5 * doublings + random.between(-3, 3));
}

void append_credits(std::string& out, const World& world, std::uint32_t artist, Random& random) {
  std::string credits;
  append_artist_name(credits, world.seed(), artist);
  const std::uint64_t draw = random.below(100);
  const int guests = draw < 6 ? 2 : (draw < 30 ? 1 : 0);
  std::uint32_t last = artist;
  for (int i = 0; i < guests; ++i) {
    const auto guest = static_cast<std::uint32_t>(random.below(world.catalogue.artists()));
    if (guest != artist && guest != last) {
      credits.push_back(';');
      append_artist_name(credits, world.seed(), guest);
      last = guest;
    }
  }
  append_text_cell(out, credits);
}

void append_sound(std::string& out, Random& random) {
  append_decimal(out, random.below(1000), 3);  // danceability
  out.push_back(',');
  append_decimal(out, random.below(1000), 3);  // energy
  out.append(",-");
  append_decimal(out, 1000 + random.below(24'000), 3);  // loudness
  out.push_back(',');
  append_decimal(out, random.below(1000), 3);  // valence
  out.push_back(',');
  append_decimal(out, 60'000 + random.below(140'000), 3);  // tempo
  out.push_back(',');
  append_integer(out, random.between(0, 11));  // key
  out.push_back(',');
  append_integer(out, random.between(0, 1));  // mode
  out.append(random.chance(9, 10) ? ",4\n" : ",3\n");
}

void append_track(std::string& out, const World& world, std::uint64_t position) {
  const Track& track = world.catalogue.tracks[position];
  Random random(world.seed(), Purpose::kTrackText, position);
  append_key(out, world.seed(), Purpose::kTrackKey, position);
  out.push_back(',');
  std::string text;
  append_track_name(text, random);
  append_text_cell(out, text);
  out.push_back(',');
  append_credits(out, world, track.artist, random);
  out.push_back(',');
  append_key(out, world.seed(), Purpose::kArtistKey, track.artist);
  out.push_back(',');
  text.clear();
  append_track_name(text, random);
  append_text_cell(out, text);
  out.push_back(',');
  append_integer(out, track.duration_ms);
  out.push_back(',');
  append_integer(out, popularity(track.rank, random));
  out.append(random.chance(1, 11) ? ",true," : ",false,");
  out.append(kGenres[track.genre]);
  out.push_back(',');
  append_day(out, world.first_day - random.between(0, 365 * 30));
  out.push_back(',');
  append_sound(out, random);
}

void append_artist(std::string& out, const World& world, std::uint64_t position) {
  Random random(world.seed(), Purpose::kArtist, position + 1);
  append_key(out, world.seed(), Purpose::kArtistKey, position);
  out.push_back(',');
  std::string name;
  append_artist_name(name, world.seed(), static_cast<std::uint32_t>(position));
  append_text_cell(out, name);
  out.push_back(',');
  out.append(kGenres[world.catalogue.artist_genres[position]]);
  out.push_back(',');
  out.append(kCountries[world.catalogue.country_choice.pick(random.next())]);
  out.push_back(',');
  append_integer(out, static_cast<std::int64_t>(2'000'000 / (position + 20) + random.below(500)));
  out.push_back('\n');
}

}  // namespace

Dump tracks_dump(const World& world) {
  Dump dump;
  dump.header =
      "track_id,track_name,artists,artist_id,album_name,duration_ms,popularity,explicit,"
      "track_genre,release_date,danceability,energy,loudness,valence,tempo,key,mode,"
      "time_signature\n";
  const std::uint64_t rows = world.catalogue.tracks.size();
  dump.blocks = blocks_for(rows);
  dump.make_block = [&world, rows](std::uint64_t block, std::string& out) {
    for_each_row(block, rows, [&](std::uint64_t row) { append_track(out, world, row); });
  };
  return dump;
}

Dump artists_dump(const World& world) {
  Dump dump;
  dump.header = "artist_id,artist_name,genre_primary,country,monthly_listeners\n";
  const std::uint64_t rows = world.catalogue.artists();
  dump.blocks = blocks_for(rows);
  dump.make_block = [&world, rows](std::uint64_t block, std::string& out) {
    for_each_row(block, rows, [&](std::uint64_t row) { append_artist(out, world, row); });
  };
  return dump;
}

}  // namespace stave::generator
