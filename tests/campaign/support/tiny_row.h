// The cells of a row of the tiny store, and the line that stands for it in a `Content`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/int128.h"
#include "tests/campaign/support/tiny_store.h"

namespace stave::campaign {

// Positions of columns.
enum PlayColumn : std::size_t { kAt, kUser, kTrack, kSeconds, kPrice, kShare, kNote, kPlayColumns };
enum TrackColumn : std::size_t { kTrackKey, kTitle, kGenre, kTrackColumns };

struct PlayCells {
  std::int64_t at = 0;
  std::optional<std::int64_t> seconds;
  Int128 price = 0;
  double share = 0;
  std::string note;
};

PlayCells cells_of(const Play& play);
std::string line_of(const Play& play);
std::string line_of(const Track& track);

// As the lines show numbers; nothing is "-".
std::string text_of(Int128 value);
std::string text_of(double value);

}  // namespace stave::campaign
