// See cell_order.h.
#include "engine/operators/cell_order.h"

#include <cmath>
#include <string_view>

#include "engine/runtime/vector_buffer.h"
#include "storage/dictionary.h"
#include "storage/int128.h"

namespace stave {

namespace {

template <typename T>
int compare_values(const T& left, const T& right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}

int compare_floats(double left, double right) {
  const bool left_is_number = !std::isnan(left);
  const bool right_is_number = !std::isnan(right);
  if (!left_is_number || !right_is_number) {
    return static_cast<int>(left_is_number) == static_cast<int>(right_is_number)
               ? 0
               : (left_is_number ? -1 : 1);
  }
  return compare_values(left, right);
}

int compare_codes(const Dictionary& dictionary, std::uint32_t left, std::uint32_t right) {
  if (left == right) {
    return 0;
  }
  return dictionary.kind() == DictionaryKind::kInt64
             ? compare_values(dictionary.int64_at(left), dictionary.int64_at(right))
             : compare_values(dictionary.string_at(left), dictionary.string_at(right));
}

template <typename T>
int compare_at(const Vector& left, std::uint32_t left_row, const Vector& right,
               std::uint32_t right_row) {
  return compare_values(left.values<T>()[left_row], right.values<T>()[right_row]);
}

}  // namespace

int compare_cells(const Vector& left, std::uint32_t left_row, const Vector& right,
                  std::uint32_t right_row) {
  const bool left_null = is_null_at(left, left_row);
  const bool right_null = is_null_at(right, right_row);
  if (left_null || right_null) {
    return static_cast<int>(left_null) - static_cast<int>(right_null);
  }
  switch (left.representation) {
    case Representation::kCode:
      return compare_codes(*left.dictionary, left.values<std::uint32_t>()[left_row],
                           right.values<std::uint32_t>()[right_row]);
    case Representation::kInt64:
      return compare_at<std::int64_t>(left, left_row, right, right_row);
    case Representation::kInt128:
      return compare_at<Int128>(left, left_row, right, right_row);
    case Representation::kFloat64:
      return compare_floats(left.values<double>()[left_row], right.values<double>()[right_row]);
    case Representation::kBool:
      return compare_at<std::uint8_t>(left, left_row, right, right_row);
    case Representation::kString:
      return compare_at<std::string_view>(left, left_row, right, right_row);
  }
  return 0;
}

int RowOrder::compare(RowNumber left, RowNumber right) const {
  const RowLocator::Place left_place = (*locator_)(left);
  const RowLocator::Place right_place = (*locator_)(right);
  const std::vector<Vector>& left_columns = batches_[left_place.batch].columns;
  const std::vector<Vector>& right_columns = batches_[right_place.batch].columns;
  for (std::size_t column = 0; column < left_columns.size(); ++column) {
    const int order =
        compare_cells(left_columns[column], left_place.row, right_columns[column], right_place.row);
    if (order != 0) {
      return order;
    }
  }
  return 0;
}

}  // namespace stave
