// The buffers of one batch: for each column a bitmap of what is not null, offsets where it is of
// texts, and the values. Invariant: every buffer begins at a multiple of eight bytes.
#pragma once

#include <string>
#include <vector>

#include "stave/result.h"
#include "tools/arrow/messages.h"
#include "tools/parquet/column_buffer.h"

namespace stave::arrow {

class BatchBody {
 public:
  Result<void> add(const parquet::ColumnBuffer& column, const Field& field);

  const std::string& bytes() const { return bytes_; }
  const std::vector<FieldNode>& nodes() const { return nodes_; }
  const std::vector<BufferPlace>& buffers() const { return buffers_; }

 private:
  template <typename List>
  Result<void> add_values(const List& values, const parquet::ColumnBuffer& column,
                          const Field& field);
  void add_bits(const std::vector<std::uint8_t>& bits);
  void add_buffer(std::string_view bytes);

  std::string bytes_;
  std::vector<FieldNode> nodes_;
  std::vector<BufferPlace> buffers_;
};

}  // namespace stave::arrow
