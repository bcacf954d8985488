// The words of the generated world. Position is identity: reordering a list changes every dump.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace stave::generator {

inline constexpr std::array<std::string_view, 114> kGenres{
    "acoustic",
    "afrobeat",
    "alt-country",
    "alternative",
    "ambient",
    "americana",
    "anime-pop",
    "art-rock",
    "bachata",
    "baroque",
    "bebop",
    "big-band",
    "black-metal",
    "bluegrass",
    "blues",
    "bossa-nova",
    "breakbeat",
    "brit-pop",
    "cajun",
    "calypso",
    "celtic",
    "chamber-pop",
    "chanson",
    "chill",
    "chillwave",
    "choral",
    "cinematic",
    "classical",
    "country",
    "cumbia",
    "dance",
    "dancehall",
    "dark-wave",
    "death-metal",
    "deep-house",
    "disco",
    "doom-metal",
    "downtempo",
    "dream-pop",
    "drill",
    "drum-and-bass",
    "dub",
    "dubstep",
    "edm",
    "electro",
    "electronic",
    "emo",
    "fado",
    "flamenco",
    "folk",
    "funk",
    "garage",
    "glitch",
    "gospel",
    "gothic",
    "grime",
    "grindcore",
    "grunge",
    "hard-rock",
    "hardcore",
    "hardstyle",
    "heavy-metal",
    "highlife",
    "hip-hop",
    "house",
    "idm",
    "indie",
    "indie-folk",
    "indie-pop",
    "industrial",
    "jazz",
    "jungle",
    "kids",
    "krautrock",
    "latin",
    "lo-fi",
    "lullaby",
    "mariachi",
    "math-rock",
    "merengue",
    "minimal-techno",
    "neo-soul",
    "new-age",
    "new-wave",
    "noise",
    "opera",
    "orchestral",
    "piano",
    "pop",
    "post-punk",
    "power-pop",
    "progressive-rock",
    "psychedelic",
    "punk",
    "rap",
    "reggae",
    "reggaeton",
    "rock",
    "rock-and-roll",
    "salsa",
    "samba",
    "shoegaze",
    "ska",
    "soul",
    "soundtrack",
    "surf-rock",
    "swing",
    "synth-pop",
    "tango",
    "techno",
    "trance",
    "trap",
    "trip-hop",
    "world",
};

inline constexpr std::array<std::string_view, 50> kCountries{
    "US", "BR", "GB", "DE", "MX", "IN", "FR", "ES", "IT", "CA", "ID", "PH", "AU",
    "NL", "PL", "TR", "AR", "SE", "CO", "CL", "PE", "NO", "DK", "FI", "BE", "PT",
    "AT", "CH", "IE", "JP", "KR", "TW", "TH", "VN", "MY", "SG", "NZ", "ZA", "NG",
    "KE", "EG", "MA", "IL", "AE", "SA", "GR", "CZ", "HU", "RO", "UA",
};
// Listeners of each country, relative.
inline constexpr std::array<std::uint32_t, kCountries.size()> kCountryWeights{
    180, 95, 85, 80, 70, 65, 55, 42, 40, 38, 36, 34, 30, 26, 25, 24, 24,
    22,  20, 18, 14, 13, 12, 11, 11, 11, 10, 10, 9,  28, 16, 10, 14, 12,
    11,  6,  6,  12, 9,  5,  7,  5,  6,  5,  6,  6,  7,  6,  7,  6,
};

inline constexpr std::array<std::string_view, 8> kPlatforms{
    "ios", "android", "desktop", "web", "smart_speaker", "car", "tv", "console"};
inline constexpr std::array<std::uint32_t, kPlatforms.size()> kPlatformWeights{30, 34, 14, 9,
                                                                               6,  4,  2,  1};

inline constexpr std::array<std::string_view, 4> kPlans{"free", "premium", "family", "student"};
inline constexpr std::array<std::uint32_t, kPlans.size()> kPlanWeights{55, 28, 11, 6};
// Price of a month in hundredths, whatever the currency.
inline constexpr std::array<std::uint32_t, kPlans.size()> kPlanPrices{0, 999, 1499, 499};

inline constexpr std::array<std::string_view, 54> kTitleWords{
    "Midnight", "River",  "Golden",  "Summer",   "Paper",   "Silver",    "Winter",  "Electric",
    "Ocean",    "Neon",   "Garden",  "Broken",   "Crystal", "Distant",   "Thunder", "Velvet",
    "Morning",  "Shadow", "Burning", "Harbor",   "Quiet",   "Satellite", "Wild",    "Horses",
    "Empty",    "Rooms",  "Falling", "Northern", "Lights",  "Secret",    "Letters", "Sugar",
    "Concrete", "Mirror", "Lonely",  "Highway",  "Autumn",  "Fever",     "Slow",    "Gravity",
    "Blue",     "Hour",   "Hollow",  "Dancing",  "Ghost",   "Stranger",  "Café",    "Señorita",
    "Über",     "Déjà",   "Ljós",    "Noche",    "Étoile",  "Corazón",
};
// With commas and quotes, so that readers of the dumps must know CSV.
inline constexpr std::array<std::string_view, 12> kTitleTails{"",
                                                              "",
                                                              "",
                                                              "",
                                                              "",
                                                              " (Live)",
                                                              " (Acoustic)",
                                                              " - Remastered",
                                                              ", Again",
                                                              ", Pt. 2",
                                                              " (feat. Nobody)",
                                                              " (\"Radio\" Edit)"};
inline constexpr std::array<std::string_view, 26> kGivenNames{
    "Ada",   "Bruno", "Chiara", "Dmitri", "Elif",  "Farid",  "Greta", "Hugo",   "Inés",
    "Jonas", "Kaito", "Lena",   "Mateo",  "Noor",  "Olga",   "Pavel", "Quinn",  "Rosa",
    "Sven",  "Tariq", "Uma",    "Viktor", "Wanda", "Ximena", "Yara",  "Zoltan",
};
inline constexpr std::array<std::string_view, 26> kFamilyNames{
    "Almeida", "Berg",    "Castillo", "Dubois",   "Eriksen",  "Fischer", "Gupta",
    "Haddad",  "Ivanova", "Jensen",   "Kowalski", "Lindgren", "Moreau",  "Nakamura",
    "Okafor",  "Petrov",  "Quiroga",  "Rossi",    "Santos",   "Tanaka",  "Ueda",
    "Varga",   "Weber",   "Xu",       "Yilmaz",   "Zhang",
};

}  // namespace stave::generator
