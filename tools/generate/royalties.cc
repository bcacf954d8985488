// The money: rates for artists and countries, pools for each month, who shares a track, and the
// campaigns that promote them.
#include <algorithm>
#include <array>
#include <numeric>

#include "tools/generate/calendar.h"
#include "tools/generate/tables.h"
#include "tools/generate/text.h"
#include "tools/generate/vocabulary.h"

namespace stave::generator {
namespace {

constexpr std::size_t kMostRatedArtists = 2000;
constexpr std::uint64_t kArtistsPerRightsholder = 3;

// The artists whose tracks are played most, most first.
std::vector<std::uint32_t> rated_artists(const Catalogue& catalogue) {
  std::vector<std::uint64_t> weights(catalogue.artists());
  for (std::size_t i = 0; i < catalogue.tracks.size(); ++i) {
    weights[catalogue.tracks[i].artist] += catalogue.track_weights[i];
  }
  std::vector<std::uint32_t> artists(weights.size());
  std::iota(artists.begin(), artists.end(), 0U);
  std::sort(artists.begin(), artists.end(), [&](std::uint32_t left, std::uint32_t right) {
    return weights[left] != weights[right] ? weights[left] > weights[right] : left < right;
  });
  artists.resize(std::min(artists.size(), kMostRatedArtists));
  return artists;
}

// Most rates hold for good; one in eight changes halfway through the plays.
void append_rates(std::string& out, const World& world, std::uint32_t artist) {
  Random random(world.seed(), Purpose::kRate, artist);
  const std::int64_t changed_on = world.first_day + world.days / 2;
  for (const std::string_view country : kCountries) {
    const std::uint64_t rate = 100'000 + random.below(60) * 10'000;  // 0.001 to 0.0069 a play
    const bool changes = world.days > 1 && random.chance(1, 8);
    const auto append = [&](std::uint64_t value, bool later) {
      append_key(out, world.seed(), Purpose::kArtistKey, artist);
      out.push_back(',');
      out.append(country);
      out.push_back(',');
      append_decimal(out, value, 8);
      out.push_back(',');
      append_day(out, later ? changed_on : world.first_day - 365);
      out.push_back(',');
      if (changes && !later) {
        append_day(out, changed_on - 1);
      }
      out.push_back('\n');
    };
    append(rate, false);
    if (changes) {
      append(rate + 25'000, true);
    }
  }
}

std::uint64_t rightsholders(const World& world) {
  return world.catalogue.artists() / kArtistsPerRightsholder + 3;
}

struct Share {
  std::uint64_t rightsholder;
  std::uint64_t percent;  // scaled by 10^6
};

// One to three holders whose percentages add up to 100; a third of something leaves the odd
// millionths to the last.
std::vector<Share> draw_shares(const World& world, std::uint64_t track) {
  constexpr std::uint64_t kWhole = 100'000'000;
  Random random(world.seed(), Purpose::kSplit, track);
  const std::uint64_t all = rightsholders(world);
  const std::uint64_t owner = world.catalogue.tracks[track].artist / kArtistsPerRightsholder;
  const std::uint64_t draw = random.below(10);
  if (draw < 5) {
    return {{owner, kWhole}};
  }
  const std::uint64_t second = (owner + 1 + random.below(all - 1)) % all;
  if (draw < 9) {
    const std::uint64_t part = (5 + random.below(91)) * 1'000'000;
    return {{owner, part}, {second, kWhole - part}};
  }
  std::uint64_t third = (owner + 1 + random.below(all - 2)) % all;
  third = third == second ? (owner + all - 1) % all : third;
  return {{owner, kWhole / 3}, {second, kWhole / 3}, {third, kWhole - 2 * (kWhole / 3)}};
}

void append_splits(std::string& out, const World& world, std::uint64_t track) {
  for (const Share& share : draw_shares(world, track)) {
    append_key(out, world.seed(), Purpose::kTrackKey, track);
    out.push_back(',');
    append_integer(out, static_cast<std::int64_t>(share.rightsholder) + 1);
    out.append(",recording,");
    append_decimal(out, share.percent, 6);
    out.push_back('\n');
  }
}

void append_rightsholder(std::string& out, const World& world, std::uint64_t position) {
  static constexpr std::array<std::string_view, 4> kForms{"Records", "Music", "Recordings",
                                                          "Rights, Ltd."};
  Random random(world.seed(), Purpose::kRightsholder, position);
  append_integer(out, static_cast<std::int64_t>(position) + 1);
  out.push_back(',');
  std::string name;
  name.append(kFamilyNames[random.below(kFamilyNames.size())]);
  name.push_back(' ');
  name.append(kTitleWords[random.below(kTitleWords.size())]);
  name.push_back(' ');
  name.append(kForms[random.below(kForms.size())]);
  append_text_cell(out, name);
  out.append(",USD,");
  append_decimal(out, random.chance(1, 2) ? 5000 : 1000, 2);
  out.push_back(',');
  if (random.chance(1, 10)) {  // an advance still to be recouped
    out.push_back('-');
    append_decimal(out, 10'000 + random.below(500'000), 2);
  } else {
    append_decimal(out, 0, 2);
  }
  out.push_back('\n');
}

// A pool for the world, and of their own for two countries: a play enters the most specific.
struct PoolRow {
  std::string_view country;
  std::string_view currency;
  std::uint64_t cents_per_1000_plays;
  std::uint64_t share_of_plays;  // in thousandths
};
constexpr std::array<PoolRow, 3> kPoolRows{
    PoolRow{"", "USD", 370, 890}, PoolRow{"GB", "GBP", 420, 60}, PoolRow{"DE", "EUR", 450, 50}};

void append_pools(std::string& out, const World& world) {
  for (std::int64_t month = first_of_month(world.first_day); month <= world.last_day();
       month = month_later(month)) {
    const std::int64_t first = std::max(month, world.first_day);
    const std::int64_t end = std::min(month_later(month), world.last_day() + 1);
    const std::uint64_t plays = world.streams / static_cast<std::uint64_t>(world.days) *
                                static_cast<std::uint64_t>(end - first);
    for (const PoolRow& pool : kPoolRows) {
      append_day(out, month);
      out.push_back(',');
      out.append(pool.country);
      out.append(",,");
      out.append(pool.currency);
      out.append(",recording,");
      const std::uint64_t thousands = plays * pool.share_of_plays / 1'000'000;
      append_decimal(out, 10'000 + thousands * pool.cents_per_1000_plays + 1, 2);
      out.push_back('\n');
    }
  }
}

void append_campaigns(std::string& out, const World& world) {
  static constexpr std::array<std::string_view, 3> kKinds{"promotional", "brand", "retention"};
  Random random(world.seed(), Purpose::kCampaign, 0);
  const std::int64_t count = 6 + world.days / 3;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t start = world.first_day + random.between(-7, world.days - 1);
    append_integer(out, i + 1);
    out.push_back(',');
    std::string name;
    append_track_name(name, random);
    append_text_cell(out, name);
    out.push_back(',');
    out.append(kKinds[random.below(kKinds.size())]);
    out.push_back(',');
    append_day(out, start);
    out.push_back(',');
    append_day(out, start + random.between(2, 20));
    out.push_back(',');
    append_decimal(out, (10 + random.below(990)) * 10'000, 2);
    out.push_back(',');
    append_integer(out, random.between(1, 40));
    out.push_back('\n');
  }
}

Dump single_block(std::string header, const World& world,
                  void (*append)(std::string&, const World&)) {
  Dump dump;
  dump.header = std::move(header);
  dump.blocks = 1;
  dump.make_block = [&world, append](std::uint64_t, std::string& out) { append(out, world); };
  return dump;
}

}  // namespace

Dump royalty_rates_dump(const World& world) {
  Dump dump;
  dump.header = "artist_id,country,rate,valid_from,valid_to\n";
  dump.blocks = 1;
  dump.make_block = [&world](std::uint64_t, std::string& out) {
    for (const std::uint32_t artist : rated_artists(world.catalogue)) {
      append_rates(out, world, artist);
    }
  };
  return dump;
}

Dump pools_dump(const World& world) {
  return single_block("period,country,plan,currency,right_type,amount\n", world, append_pools);
}

Dump splits_dump(const World& world) {
  Dump dump;
  dump.header = "track_id,rightsholder_id,right_type,percent\n";
  const std::uint64_t rows = world.catalogue.tracks.size();
  dump.blocks = blocks_for(rows);
  dump.make_block = [&world, rows](std::uint64_t block, std::string& out) {
    for_each_row(block, rows, [&](std::uint64_t row) { append_splits(out, world, row); });
  };
  return dump;
}

Dump rightsholders_dump(const World& world) {
  Dump dump;
  dump.header = "rightsholder_id,name,currency,minimum_payout,opening_balance\n";
  const std::uint64_t rows = rightsholders(world);
  dump.blocks = blocks_for(rows);
  dump.make_block = [&world, rows](std::uint64_t block, std::string& out) {
    for_each_row(block, rows, [&](std::uint64_t row) { append_rightsholder(out, world, row); });
  };
  return dump;
}

Dump campaigns_dump(const World& world) {
  return single_block("campaign_id,name,campaign_type,start_date,end_date,budget,advertiser_id\n",
                      world, append_campaigns);
}

}  // namespace stave::generator
