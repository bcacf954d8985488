// Writes the dumps of one make: tracks.csv, users.csv and streams.csv, plays in order of arrival.
//   make_plays DIR --make life|flat [--plays N] [--track-keys text|integer] [--user-keys ...]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "bench/size/plays.h"
#include "tools/generate/catalogue.h"
#include "tools/generate/clock_text.h"
#include "tools/generate/text.h"
#include "tools/generate/vocabulary.h"

namespace stave::size_bench {
namespace {

struct Arguments {
  std::string folder;
  std::string make = "life";
  std::string track_keys = "text";
  std::string user_keys = "integer";
  Shape shape;
};

// Monday first: how much is played on each day of the week.
constexpr std::array<std::uint64_t, 7> kWeekdayWeights{92, 94, 96, 100, 116, 112, 98};
constexpr std::size_t kFlushedBytes = std::size_t{1} << 20;

class Dumps {
 public:
  Dumps(const Arguments& arguments, Make& make) : arguments_(arguments), make_(make) {
    const Shape& shape = arguments.shape;
    for (std::uint32_t i = 0; i < shape.tracks; ++i) {
      const std::size_t begin = track_keys_.size();
      if (arguments.track_keys == "text") {
        generator::append_key(track_keys_, shape.seed, generator::Purpose::kTrackKey, i);
      } else {
        generator::append_integer(track_keys_, std::int64_t{i} + 1);
      }
      track_key_length_.push_back(static_cast<std::uint8_t>(track_keys_.size() - begin));
      track_key_at_.push_back(begin);
    }
  }

  bool write() {
    std::filesystem::create_directories(arguments_.folder);
    return write_tracks() && write_users() && write_plays();
  }

 private:
  std::ofstream open(const std::string& name) const {
    return std::ofstream(arguments_.folder + "/" + name, std::ios::binary);
  }

  void append_track_key(std::uint32_t track, std::string& out) const {
    out.append(track_keys_, track_key_at_[track], track_key_length_[track]);
  }

  void append_user_key(std::uint32_t user, std::string& out) const {
    if (arguments_.user_keys == "text") {
      const std::string digits = std::to_string(user + 1);
      out.append("user_").append(digits.size() < 6 ? 6 - digits.size() : 0, '0').append(digits);
    } else {
      generator::append_integer(out, std::int64_t{user} + 1);
    }
  }

  bool write_tracks() const {
    std::string out = "track_id,track_name,artists,album_name,duration_ms,track_genre\n";
    const std::vector<Track>& tracks = make_.tracks();
    for (std::uint32_t i = 0; i < tracks.size(); ++i) {
      append_track_key(i, out);
      out +=
          fmt::format(",Track {},Artist {},Album {},{},{}\n", i, tracks[i].artist, tracks[i].album,
                      tracks[i].duration_ms, generator::kGenres[tracks[i].genre]);
    }
    return static_cast<bool>(open("tracks.csv") << out);
  }

  bool write_users() const {
    std::string out = "user_id,country\n";
    for (std::uint32_t i = 0; i < arguments_.shape.users; ++i) {
      append_user_key(i, out);
      out += fmt::format(",{}\n", generator::kCountries[make_.country_of(i)]);
    }
    return static_cast<bool>(open("users.csv") << out);
  }

  void append_play(const Play& play, std::string& out) {
    append_user_key(play.user, out);
    out.push_back(',');
    append_track_key(play.track, out);
    out.push_back(',');
    clock_.append(out, play.time);
    out.push_back(',');
    if (play.seconds != kUnknown) {
      generator::append_integer(out, play.seconds);
    }
    out.push_back(',');
    if (play.completion != kUnknown) {
      generator::append_decimal(out, play.completion, 2);
    }
    out.append(",").append(generator::kPlatforms[play.platform]).append(",");
    if (play.country != kUnknown) {
      out.append(generator::kCountries[play.country]);
    }
    out.push_back('\n');
  }

  // Plays of a day, and of days before that arrive on it, in order of arrival.
  bool write_plays() {
    const Shape& shape = arguments_.shape;
    std::ofstream file = open("streams.csv");
    std::string out =
        "user_id,track_id,listen_time,duration_sec,completion_pct,platform,country_code\n";
    std::uint64_t weight_left = 0;
    for (std::int64_t day = 0; day < shape.days; ++day) {
      weight_left += weight_of(shape.first_day + day);
    }
    std::uint64_t plays_left = shape.plays;
    std::vector<Play> pending;
    for (std::int64_t day = shape.first_day; day < shape.first_day + shape.days; ++day) {
      const std::uint64_t most = plays_left * weight_of(day) / weight_left;
      make_.play_day(day, most, pending);
      plays_left -= most;
      weight_left -= weight_of(day);
      std::ranges::stable_sort(pending, {}, &Play::arrival);
      const bool last = day + 1 == shape.first_day + shape.days;
      const auto end = std::ranges::find_if(pending, [&](const Play& play) {
        return !last && play.arrival >= (day + 1) * generator::kSecondsPerDay;
      });
      for (auto play = pending.begin(); play != end; ++play) {
        append_play(*play, out);
        if (out.size() > kFlushedBytes) {
          file << out;
          out.clear();
        }
      }
      pending.erase(pending.begin(), end);
    }
    return static_cast<bool>(file << out);
  }

  static std::uint64_t weight_of(std::int64_t day) {
    return kWeekdayWeights[static_cast<std::size_t>(generator::weekday(day))];
  }

  const Arguments& arguments_;
  Make& make_;
  std::string track_keys_;  // end to end
  std::vector<std::size_t> track_key_at_;
  std::vector<std::uint8_t> track_key_length_;
  generator::ClockText clock_;
};

}  // namespace
}  // namespace stave::size_bench

int main(int count, char** texts) {
  using namespace stave::size_bench;
  Arguments arguments;
  std::string first_day = "2025-05-01";
  CLI::App parser("Writes dumps of plays that are not those of `stave gen`");
  parser.add_option("DIR", arguments.folder, "Where to")->required();
  parser.add_option("--make", arguments.make, "Of which make")
      ->check(CLI::IsMember({"life", "flat"}));
  parser.add_option("--track-keys", arguments.track_keys, "22 letters and digits, or numbers")
      ->check(CLI::IsMember({"text", "integer"}));
  parser.add_option("--user-keys", arguments.user_keys, "Numbers, or user_000123")
      ->check(CLI::IsMember({"text", "integer"}));
  parser.add_option("--plays", arguments.shape.plays);
  parser.add_option("--tracks", arguments.shape.tracks)->check(CLI::PositiveNumber);
  parser.add_option("--users", arguments.shape.users)->check(CLI::PositiveNumber);
  parser.add_option("--days", arguments.shape.days)->check(CLI::PositiveNumber);
  parser.add_option("--seed", arguments.shape.seed);
  parser.add_option("--first-day", first_day);
  CLI11_PARSE(parser, count, texts);
  const auto day = stave::generator::day_from_text(first_day);
  if (!day) {
    std::cerr << "This is not a day: " << first_day << ". Give one like 2025-05-01.\n";
    return 2;
  }
  arguments.shape.first_day = *day;
  const auto make =
      arguments.make == "life" ? make_life(arguments.shape) : make_flat(arguments.shape);
  if (!Dumps(arguments, *make).write()) {
    std::cerr << "The dumps could not be written to " << arguments.folder << ".\n";
    return 1;
  }
  return 0;
}
