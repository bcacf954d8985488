// Tables of every sort: facts by day and not, dimensions addressed by code and by several keys,
// every type, domains of integers and strings.
#pragma once

#include <string_view>

namespace stave::campaign {

inline constexpr std::string_view kSampleSchema = R"toml(
name = "campaign"
[[table]]
name = "plays"
kind = "fact"
time = "played_at"
cluster = "song.genre"
columns = [
  { name = "song", type = "key", domain = "songs" },
  { name = "listener", type = "key", domain = "listeners" },
  { name = "played_at", type = "timestamp" },
  { name = "seconds", type = "i64" },
  { name = "share", type = "decimal(5,2)" },
  { name = "price", type = "decimal(30,10)" },
  { name = "score", type = "f64" },
  { name = "note", type = "string" },
  { name = "country", type = "string", domain = "countries" },
  { name = "finished", type = "bool" },
]
relations = [ { name = "song", column = "song", table = "songs" } ]
[[table]]
name = "songs"
kind = "dimension"
key = ["song"]
columns = [
  { name = "song", type = "key", domain = "songs" },
  { name = "title", type = "string" },
  { name = "genre", type = "string", domain = "genres" },
  { name = "rating", type = "f64" },
  { name = "released", type = "date" },
]
[[table]]
name = "rates"
kind = "dimension"
key = ["country", "month"]
columns = [
  { name = "country", type = "string", domain = "countries" },
  { name = "month", type = "date" },
  { name = "rate", type = "decimal(9,6)" },
]
[[table]]
name = "visits"
kind = "fact"
columns = [
  { name = "device", type = "key", domain = "devices" },
  { name = "pages", type = "i64" },
]
)toml";

}  // namespace stave::campaign
