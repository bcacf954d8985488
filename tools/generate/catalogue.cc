// Draws the world: artists keep to a genre, tracks mostly to their artist's, users to a country and
// a platform.
#include "tools/generate/catalogue.h"

#include <algorithm>

#include "tools/generate/vocabulary.h"

namespace stave::generator {
namespace {

constexpr std::uint32_t kTracksPerArtist = 8;
constexpr std::string_view kKeyAlphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kConsonants = "bdfgklmnprstvzjh";
constexpr std::string_view kVowels = "aeio";

template <std::size_t kSize>
std::vector<std::uint32_t> as_vector(const std::array<std::uint32_t, kSize>& weights) {
  return {weights.begin(), weights.end()};
}

std::vector<std::uint32_t> genre_weights() {
  std::vector<std::uint32_t> weights(kGenres.size());
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    weights[i] = 1'000'000 / (i * 37 % static_cast<std::uint32_t>(kGenres.size()) + 9);
  }
  return weights;
}

std::vector<std::uint32_t> falling_weights(std::uint32_t count, std::uint32_t offset) {
  std::vector<std::uint32_t> weights(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    weights[i] = std::max(1U, (1U << 30) / (i + offset));
  }
  return weights;
}

std::vector<Track> draw_tracks(std::uint64_t seed, const std::vector<std::uint32_t>& ranks,
                               const std::vector<std::uint8_t>& artist_genres,
                               const WeightedChoice& genres) {
  const WeightedChoice artists(
      falling_weights(static_cast<std::uint32_t>(artist_genres.size()), 20));
  Random random(seed, Purpose::kTrack, 0);
  std::vector<Track> tracks(ranks.size());
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    Track& track = tracks[i];
    track.rank = ranks[i];
    track.artist = artists.pick(random.next());
    track.genre = random.chance(85, 100) ? artist_genres[track.artist]
                                         : static_cast<std::uint8_t>(genres.pick(random.next()));
    // The sum of three even draws: a bell around 3:35, from 0:45 to 6:25.
    track.duration_ms = static_cast<std::uint32_t>(45'000 + random.below(110'000) +
                                                   random.below(110'000) + random.below(120'000));
  }
  return tracks;
}

}  // namespace

Catalogue make_catalogue(std::uint64_t seed, std::uint32_t tracks, std::uint32_t users) {
  const WeightedChoice genres(genre_weights());
  const WeightedChoice countries(as_vector(kCountryWeights));
  const WeightedChoice platforms(as_vector(kPlatformWeights));
  const WeightedChoice plans(as_vector(kPlanWeights));

  std::vector<std::uint8_t> artist_genres(std::max(1U, tracks / kTracksPerArtist));
  Random artist_random(seed, Purpose::kArtist, 0);
  for (auto& genre : artist_genres) {
    genre = static_cast<std::uint8_t>(genres.pick(artist_random.next()));
  }

  std::vector<std::uint32_t> ranks;
  auto track_weights = zipf_weights(tracks, 10, Random(seed, Purpose::kTrackShuffle, 0), &ranks);
  auto drawn_tracks = draw_tracks(seed, ranks, artist_genres, genres);

  Random user_random(seed, Purpose::kUser, 0);
  std::vector<User> drawn_users(users);
  for (auto& user : drawn_users) {
    user.country = static_cast<std::uint8_t>(countries.pick(user_random.next()));
    user.platform = static_cast<std::uint8_t>(platforms.pick(user_random.next()));
    user.plan = static_cast<std::uint8_t>(plans.pick(user_random.next()));
  }
  WeightedChoice track_choice(track_weights);
  WeightedChoice user_choice(
      flatter_zipf_weights(users, 20 + users / 300, Random(seed, Purpose::kUserShuffle, 0)));
  return {seed,
          std::move(artist_genres),
          std::move(drawn_tracks),
          std::move(drawn_users),
          std::move(track_weights),
          std::move(track_choice),
          std::move(user_choice),
          countries,
          platforms};
}

void append_key(std::string& out, std::uint64_t seed, Purpose purpose, std::uint64_t position) {
  // `scramble` is a bijection and eleven characters hold 64 bits, so the first half is unique.
  const std::uint64_t salt = scramble(seed * 64 + static_cast<std::uint64_t>(purpose));
  for (std::uint64_t half : {scramble(position ^ salt), scramble(~position ^ salt)}) {
    char characters[kKeyLength / 2];
    for (char& character : characters) {
      character = kKeyAlphabet[half % kKeyAlphabet.size()];
      half /= kKeyAlphabet.size();
    }
    out.append(characters, sizeof characters);
  }
}

void append_artist_name(std::string& out, std::uint64_t seed, std::uint32_t artist) {
  // Six bits a syllable; an odd factor and an offset permute the 2^30 words of five syllables.
  constexpr std::uint32_t kWords = 1U << 30;
  const auto offset = static_cast<std::uint32_t>(scramble(seed) % kWords);
  const std::uint32_t word = (artist * 0x2545f491U + offset) % kWords;
  const std::uint32_t space_after = 2 + word % 3;  // syllables
  const std::uint32_t start = artist % 3;
  out.append(start == 0 ? "The " : "");
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::uint32_t syllable = (word >> (6 * (4 - i))) & 63;
    char consonant = kConsonants[syllable / kVowels.size()];
    if (i == 0 || i == space_after) {
      out.append(i == 0 ? "" : " ");
      consonant = static_cast<char>(consonant - 'a' + 'A');
    }
    out.push_back(consonant);
    out.push_back(kVowels[syllable % kVowels.size()]);
  }
  out.append(artist % 40 == 39 ? ", Jr." : "");
}

void append_track_name(std::string& out, Random& random) {
  const auto word = [&] { return kTitleWords[random.below(kTitleWords.size())]; };
  out.append(random.chance(1, 12) ? "The " : "");
  out.append(word());
  for (auto more = random.below(3); more > 0; --more) {
    out.push_back(' ');
    out.append(word());
  }
  out.append(random.chance(1, 3) ? kTitleTails[random.below(kTitleTails.size())] : "");
}

}  // namespace stave::generator
