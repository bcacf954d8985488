// Cells of batches; out of place accesses give an empty value.
#include "query/running/result_view.h"

#include "query/values/value_text.h"

namespace stave {
namespace {

bool is_valid(const Vector& vector, std::uint32_t row) {
  if (vector.representation == Representation::kCode) {
    return vector.values<std::uint32_t>()[row] != kNullCode;
  }
  return vector.validity == nullptr || (vector.validity[row / 64] >> (row % 64) & 1) != 0;
}

Int128 decimal_in(const Vector& vector, std::uint32_t row) {
  switch (vector.representation) {
    case Representation::kInt128:
      return vector.values<Int128>()[row];
    case Representation::kInt64:
      return vector.values<std::int64_t>()[row];
    default:
      return 0;
  }
}

}  // namespace

// Null where there is no such cell, or no value in it.
const Vector* BatchView::vector_at(std::uint32_t row, std::size_t column) const {
  if (column >= batch_.columns.size() || row >= batch_.rows) return nullptr;
  const Vector& vector = batch_.columns[column];
  if (vector.type.kind == TypeKind::kNull || vector.data == nullptr) return nullptr;
  return is_valid(vector, row) ? &vector : nullptr;
}

bool BatchView::is_null(std::uint32_t row, std::size_t column) const {
  return vector_at(row, column) == nullptr;
}

bool BatchView::bool_at(std::uint32_t row, std::size_t column) const {
  const Vector* vector = vector_at(row, column);
  if (vector == nullptr) return false;
  if (vector->representation == Representation::kBool)
    return vector->values<std::uint8_t>()[row] != 0;
  return vector->representation == Representation::kInt64 &&
         vector->values<std::int64_t>()[row] != 0;
}

std::int64_t BatchView::int64_at(std::uint32_t row, std::size_t column) const {
  const Vector* vector = vector_at(row, column);
  if (vector == nullptr) return 0;
  if (vector->representation == Representation::kCode && vector->dictionary) {
    return vector->dictionary->int64_at(vector->values<std::uint32_t>()[row]);
  }
  return vector->representation == Representation::kInt64 ? vector->values<std::int64_t>()[row] : 0;
}

double BatchView::float64_at(std::uint32_t row, std::size_t column) const {
  const Vector* vector = vector_at(row, column);
  if (vector == nullptr || vector->representation != Representation::kFloat64) return 0;
  return vector->values<double>()[row];
}

std::string_view BatchView::string_at(std::uint32_t row, std::size_t column) const {
  const Vector* vector = vector_at(row, column);
  if (vector == nullptr) return {};
  if (vector->representation == Representation::kCode && vector->dictionary) {
    return vector->dictionary->string_at(vector->values<std::uint32_t>()[row]);
  }
  if (vector->representation != Representation::kString) return {};
  return vector->values<std::string_view>()[row];
}

std::pair<std::int64_t, std::uint64_t> BatchView::decimal_at(std::uint32_t row,
                                                             std::size_t column) const {
  const Vector* vector = vector_at(row, column);
  if (vector == nullptr) return {0, 0};
  const auto value = static_cast<UInt128>(decimal_in(*vector, row));
  return {static_cast<std::int64_t>(static_cast<std::uint64_t>(value >> 64)),
          static_cast<std::uint64_t>(value)};
}

void BatchView::append_text(std::uint32_t row, std::size_t column, std::string& out) const {
  const Vector* vector = vector_at(row, column);
  if (vector == nullptr) return;
  switch (vector->type.kind) {
    case TypeKind::kBool:
      out += bool_at(row, column) ? "true" : "false";
      return;
    case TypeKind::kInt64:
      append_decimal(int64_at(row, column), 0, out);
      return;
    case TypeKind::kDecimal:
      append_decimal(decimal_in(*vector, row), vector->type.scale, out);
      return;
    case TypeKind::kFloat64:
      append_float64(float64_at(row, column), out);
      return;
    case TypeKind::kDate:
      append_date(int64_at(row, column), out);
      return;
    case TypeKind::kTimestamp:
      append_timestamp(int64_at(row, column), zone_, out);
      return;
    case TypeKind::kString:
    case TypeKind::kList:
      out += string_at(row, column);
      return;
    case TypeKind::kNull:
      return;
  }
}

ColumnsView::ColumnsView(const std::vector<ResultColumn>& described) {
  for (const ResultColumn& column : described) {
    cells_.emplace_back(column.name, to_string(column.type));
  }
}

std::vector<ResultColumn> ColumnsView::columns() {
  return {{"column", kStringType}, {"type", kStringType}};
}

std::string_view ColumnsView::string_at(std::uint32_t row, std::size_t column) const {
  if (row >= cells_.size()) return {};
  return column == 0 ? cells_[row].first : cells_[row].second;
}

void ColumnsView::append_text(std::uint32_t row, std::size_t column, std::string& out) const {
  out += string_at(row, column);
}

}  // namespace stave
