// What a load means, from the plays and tracks alone.
#include "tests/campaign/support/tiny_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/campaign/support/tiny_row.h"

namespace stave::campaign {

Content after(const Content& before, const Load& load) {
  Content content = before;
  ++content.snapshot;
  for (const Play& play : load.plays) {
    content.plays.push_back(line_of(play));
  }
  std::ranges::sort(content.plays);
  for (const Track& track : load.tracks) {
    content.tracks[track.key] = line_of(track);
  }
  return content;
}

std::string difference(const Content& found, const Content& expected) {
  if (found.snapshot != expected.snapshot) {
    return fmt::format("snapshot {} instead of {}", found.snapshot, expected.snapshot);
  }
  if (found.plays != expected.plays) {
    const auto [at, wanted] = std::ranges::mismatch(found.plays, expected.plays);
    return fmt::format("{} plays instead of {}; first \"{}\" instead of \"{}\"", found.plays.size(),
                       expected.plays.size(), at == found.plays.end() ? "" : *at,
                       wanted == expected.plays.end() ? "" : *wanted);
  }
  if (found.tracks != expected.tracks) {
    return fmt::format("{} tracks instead of {}, or others", found.tracks.size(),
                       expected.tracks.size());
  }
  return "";
}

const Schema& tiny_schema() {
  static const Schema kSchema = schema_from_toml(R"toml(
name = "tiny"
[[table]]
name = "plays"
kind = "fact"
time = "at"
columns = [
  { name = "at", type = "timestamp" },
  { name = "user", type = "key", domain = "users" },
  { name = "track", type = "key", domain = "tracks" },
  { name = "seconds", type = "i64" },
  { name = "price", type = "decimal(30,4)" },
  { name = "share", type = "f64" },
  { name = "note", type = "string" },
]
relations = [{ name = "song", column = "track", table = "tracks" }]
[[table]]
name = "tracks"
kind = "dimension"
key = ["track"]
columns = [
  { name = "track", type = "key", domain = "tracks" },
  { name = "title", type = "string" },
  { name = "genre", type = "string", domain = "genres" },
]
)toml",
                                                 "tiny.toml")
                                    .value();
  return kSchema;
}

}  // namespace stave::campaign
