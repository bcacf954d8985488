// See row_locator.h.
#include "engine/operators/row_locator.h"

#include <fmt/format.h>

#include <algorithm>

namespace stave {

Result<void> check_row_numbers(std::uint64_t rows) {
  if (rows >= kNoRow) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("Too many rows to order or join at once: {}, at most {}. Filter or "
                            "summarize first.",
                            rows, kNoRow - 1));
  }
  return {};
}

RowLocator::RowLocator(std::span<const Batch> batches) {
  starts_.reserve(batches.size() + 1);
  starts_.push_back(0);
  for (const Batch& batch : batches) {
    starts_.push_back(starts_.back() + batch.rows);
  }
  const RowNumber hints = rows() / kRowsPerHint + 2;
  hints_.reserve(hints);
  std::uint32_t batch = 0;
  for (RowNumber hint = 0; hint < hints; ++hint) {
    const std::uint64_t row = std::uint64_t{hint} * kRowsPerHint;
    while (batch + 1 < batches.size() && starts_[batch + 1] <= row) {
      ++batch;
    }
    hints_.push_back(batch);
  }
}

}  // namespace stave
