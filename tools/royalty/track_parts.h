// How much of each track the lines of a pool give away: all of it, or the run does not add up.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "stave/query.h"
#include "storage/dictionary.h"

namespace stave::royalty {

class TrackParts {
 public:
  // Rows are of this batch from now on.
  void begin(const ResultBatch& batch);
  // Adds the percentage, in millionths, of a line of the pool.
  void add(std::uint32_t row, std::int64_t percent);
  // Of the pool, which has no more lines.
  Result<void> finish(std::uint64_t pool);

 private:
  void name_codes();
  std::string text_of(std::uint32_t code) const;

  const ResultBatch* batch_ = nullptr;
  const std::uint32_t* codes_ = nullptr;          // of the batch, where tracks have codes
  std::shared_ptr<const Dictionary> dictionary_;  // of codes
  // Sums of the pool: by code of the one dictionary that nearly all runs have, and by text.
  std::vector<std::int64_t> by_code_;
  std::vector<std::uint32_t> codes_of_pool_;
  std::map<std::string, std::int64_t> by_text_;
};

}  // namespace stave::royalty
