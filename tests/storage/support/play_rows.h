// Loads of plays of several days, and what plays a store has: for tests of what must not matter,
// such as where column files lie.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "storage/file_system.h"
#include "storage/manifest.h"

namespace stave {

struct PlayRow {
  std::int32_t day = 0;
  std::int64_t user = 0;
  std::int64_t seconds = 0;

  auto operator<=>(const PlayRow&) const = default;
};

enum class Placing { kOwnFiles, kPacks };

// Commits one load of `streams`, a segment for each day, and gives its number.
std::uint64_t load_plays(const std::shared_ptr<FileSystem>& files, const std::vector<PlayRow>& rows,
                         Placing placing);

// Of the last snapshot.
std::multiset<PlayRow> plays_in(const std::shared_ptr<FileSystem>& files);

}  // namespace stave
