// The dumps, one function for each; column names are those of the built-in `music` schema.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "stave/generate.h"
#include "tools/generate/block_writer.h"
#include "tools/generate/catalogue.h"

namespace stave::generator {

// Outlives the dumps made from it.
struct World {
  Catalogue catalogue;
  std::uint64_t streams = 0;
  std::int64_t first_day = 0;  // since 1970-01-01
  std::int64_t days = 0;       // at least 1

  std::uint64_t seed() const { return catalogue.seed; }
  std::int64_t last_day() const { return first_day + days - 1; }
};

// Fails for options out of range.
Result<World> draw_world(const GenerateOptions& options);

inline constexpr std::uint64_t kRowsPerBlock = 1U << 14;

inline std::uint64_t blocks_for(std::uint64_t rows) {
  return (rows + kRowsPerBlock - 1) / kRowsPerBlock;
}

// Calls `row(position)` for the positions of a block of `rows` in all.
template <typename Row>
void for_each_row(std::uint64_t block, std::uint64_t rows, Row row) {
  const std::uint64_t first = block * kRowsPerBlock;
  const std::uint64_t end = first + kRowsPerBlock < rows ? first + kRowsPerBlock : rows;
  for (std::uint64_t position = first; position < end; ++position) {
    row(position);
  }
}

// `path` is left for the caller.
Dump tracks_dump(const World& world);
Dump artists_dump(const World& world);
Dump users_dump(const World& world);
Dump subscriptions_dump(const World& world);
Dump royalty_rates_dump(const World& world);
Dump pools_dump(const World& world);
Dump splits_dump(const World& world);
Dump rightsholders_dump(const World& world);
Dump campaigns_dump(const World& world);
Dump sessions_dump(const World& world);
Dump streams_dump(const World& world);

struct Table {
  const char* name;
  Dump (*dump)(const World&);
};
std::span<const Table> all_tables();

}  // namespace stave::generator
