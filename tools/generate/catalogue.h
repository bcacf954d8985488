// The generated world in memory: what the dumps of several tables must agree on.
// Invariant: a function of the options only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/generate/random.h"
#include "tools/generate/weighted_choice.h"

namespace stave::generator {

struct Track {
  std::uint32_t artist = 0;
  std::uint32_t duration_ms = 0;
  std::uint32_t rank = 0;  // of popularity, 0 the most played
  std::uint8_t genre = 0;
};

struct User {
  std::uint8_t country = 0;
  std::uint8_t platform = 0;  // the one used mostly
  std::uint8_t plan = 0;
};

struct Catalogue {
  std::uint64_t seed = 0;
  std::vector<std::uint8_t> artist_genres;
  std::vector<Track> tracks;
  std::vector<User> users;
  std::vector<std::uint32_t> track_weights;
  WeightedChoice track_choice;
  WeightedChoice user_choice;
  WeightedChoice country_choice;
  WeightedChoice platform_choice;

  std::uint32_t artists() const { return static_cast<std::uint32_t>(artist_genres.size()); }
};

// Both at least 1.
Catalogue make_catalogue(std::uint64_t seed, std::uint32_t tracks, std::uint32_t users);

inline constexpr std::size_t kKeyLength = 22;
// 22 letters and digits, different for different positions of one purpose.
void append_key(std::string& out, std::uint64_t seed, Purpose purpose, std::uint64_t position);
// Different for each artist; now and then with a comma.
void append_artist_name(std::string& out, std::uint64_t seed, std::uint32_t artist);
void append_track_name(std::string& out, Random& random);

}  // namespace stave::generator
