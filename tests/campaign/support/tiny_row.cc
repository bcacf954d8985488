// Cells are functions of a play's day, user and track, so that a load is a short list.
#include "tests/campaign/support/tiny_row.h"

#include <fmt/format.h>

#include "storage/checksum.h"

namespace stave::campaign {

PlayCells cells_of(const Play& play) {
  constexpr std::int64_t kMicrosecondsOfDay = 86'400'000'000;
  const std::uint64_t mixed =
      checksum_of(std::string_view(fmt::format("{} {} {}", play.day, play.user, play.track)));
  PlayCells cells;
  cells.at = play.day * kMicrosecondsOfDay + static_cast<std::int64_t>(mixed % 86'400'000'000);
  if (mixed % 5 != 0) {
    cells.seconds = static_cast<std::int64_t>(mixed % 400);
  }
  cells.price = Int128{static_cast<std::int64_t>(mixed >> 8)} * Int128{1'000'003};
  cells.share = static_cast<double>(mixed % 1000) / 8;
  cells.note = mixed % 3 == 0 ? std::string() : fmt::format("note {:x}", mixed % 4096);
  return cells;
}

std::string text_of(Int128 value) {
  const bool is_negative = value < 0;
  std::string digits;
  do {
    const auto digit = static_cast<int>(value % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  return is_negative ? "-" + digits : digits;
}

std::string text_of(double value) {
  return fmt::format("{}", value);
}

std::string line_of(const Play& play) {
  const PlayCells cells = cells_of(play);
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", play.day, cells.at, play.user, play.track,
                     cells.seconds ? std::to_string(*cells.seconds) : "-", text_of(cells.price),
                     text_of(cells.share), cells.note.empty() ? "-" : cells.note);
}

std::string line_of(const Track& track) {
  return track.key + "|" + track.title + "|" + track.genre;
}

}  // namespace stave::campaign
