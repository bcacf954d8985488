#include "tests/campaign/support/mutation_outcome.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "storage/checksum.h"

namespace stave::campaign {

std::uint64_t touch(const DecodedBlock& block) {
  RunningChecksum sum;
  sum.add(std::as_bytes(std::span(block.validity)));
  const auto add = [&](const auto& values) {
    EXPECT_GE(values.size(), block.rows);
    sum.add(std::as_bytes(std::span(values).first(block.rows)));
  };
  switch (block.physical) {
    case Physical::kCode:
      add(block.codes);
      break;
    case Physical::kInt64:
      add(block.int64s);
      break;
    case Physical::kInt128:
      add(block.int128s);
      break;
    case Physical::kFloat64:
      add(block.float64s);
      break;
    case Physical::kString:
      EXPECT_GE(block.strings.size(), block.rows);
      for (std::uint32_t row = 0; row < block.rows; ++row) {
        sum.add(block.strings[row]);
      }
  }
  return sum.value();
}

void MutationOutcome::count_error(const Error& error) {
  ++errors_;
  if (error.code != ErrorCode::kDamaged && error.code != ErrorCode::kNewerFormat &&
      error.code != ErrorCode::kNotFound) {
    ADD_FAILURE() << name_of(error.code) << ": " << error.message;
  }
}

std::string MutationOutcome::outcome() const {
  return fmt::format("{} named errors, {} decoded within bounds", errors_, decoded_);
}

}  // namespace stave::campaign
