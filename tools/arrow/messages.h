// The metadata of Arrow IPC files as flatbuffers, written down from the published field ids of
// Arrow's `Message.fbs`, `Schema.fbs` and `File.fbs`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/plan.h"

namespace stave::arrow {

// Rows of one column in a batch.
struct FieldNode {
  std::int64_t length = 0;
  std::int64_t nulls = 0;
};

// A buffer in the body of a batch.
struct BufferPlace {
  std::int64_t offset = 0;
  std::int64_t length = 0;
};

// A message in the file.
struct Block {
  std::int64_t offset = 0;
  std::int32_t metadata_bytes = 0;
  std::int32_t padding = 0;
  std::int64_t body_bytes = 0;
};

// i64 Int(64), f64 FloatingPoint(DOUBLE), bool Bool, date Date(DAY), timestamp
// Timestamp(MICROSECOND, UTC), decimal Decimal(128 bits), others Utf8; all may be null.
std::string schema_message(const std::vector<Field>& fields);
std::string batch_message(std::int64_t rows, const std::vector<FieldNode>& nodes,
                          const std::vector<BufferPlace>& buffers, std::int64_t body_bytes);
std::string footer(const std::vector<Field>& fields, const std::vector<Block>& batches);

}  // namespace stave::arrow
