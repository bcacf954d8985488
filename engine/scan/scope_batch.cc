// The constants of scopes as rows: see scope_batch.h.
#include "engine/scan/scope_batch.h"

#include "engine/evaluate/functions.h"

namespace stave {

std::vector<ColumnShape> scope_shapes_of(const TableSource& source) {
  std::vector<ColumnShape> shapes{plain_shape(kDateType), plain_shape(source.cluster_type())};
  if (source.is_clustered()) {
    shapes[1].representation = Representation::kCode;
    shapes[1].dictionary = source.cluster_dictionary();
  }
  return shapes;
}

Batch scope_batch(const std::vector<ScopeKey>& keys, const TableSource& source) {
  const std::vector<ColumnShape> shapes = scope_shapes_of(source);
  const auto rows = static_cast<std::uint32_t>(keys.size());
  auto days = std::make_shared<VectorBuffer>();
  auto* day = days->room<std::int64_t>(rows);
  std::uint64_t* validity = days->validity(rows, true);
  auto codes = std::make_shared<VectorBuffer>();
  for (std::uint32_t row = 0; row < rows; ++row) {
    day[row] = keys[row].day == kNoDay ? 0 : keys[row].day;
    if (keys[row].day == kNoDay) clear_bit(validity, row);
  }
  Batch batch;
  batch.rows = rows;
  batch.columns.push_back(vector_of(shapes[0], rows, day, validity, std::move(days)));
  if (source.is_clustered()) {
    auto* code = codes->room<std::uint32_t>(rows);
    for (std::uint32_t row = 0; row < rows; ++row) code[row] = keys[row].code;
    batch.columns.push_back(vector_of(shapes[1], rows, code, nullptr, std::move(codes)));
  } else {
    BufferRecycler buffers;
    batch.columns.push_back(
        nulls_of(shapes[1].type, shapes[1].representation, nullptr, rows, buffers));
  }
  return batch;
}

}  // namespace stave
