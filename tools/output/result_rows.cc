// Cell by cell: results are small beside what they are computed from.
#include "tools/output/result_rows.h"

#include "engine/evaluator.h"
#include "storage/int128.h"

namespace stave {

struct ResultRows::Column {
  Type type;
  Representation representation = Representation::kInt64;
  std::vector<std::uint8_t> bools;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::vector<std::string_view> strings;
  std::vector<std::uint64_t> validity;
};

namespace {

Int128 decimal_of(std::pair<std::int64_t, std::uint64_t> halves) {
  const auto high = static_cast<UInt128>(static_cast<std::uint64_t>(halves.first));
  return static_cast<Int128>(high << 64 | halves.second);
}

}  // namespace

ResultRows::ResultRows(const std::vector<ResultColumn>& columns) {
  for (const ResultColumn& column : columns) {
    columns_.emplace_back();
    columns_.back().type = column.type;
    columns_.back().representation = representation_of(column.type);
    batch_.columns.push_back(
        {column.type, columns_.back().representation, 0, nullptr, nullptr, {}, {}});
  }
}
ResultRows::~ResultRows() = default;

const Batch& ResultRows::of(const ResultBatch& batch) {
  batch_.rows = batch.rows();
  for (std::size_t position = 0; position < columns_.size(); ++position) fill(batch, position);
  return batch_;
}

void ResultRows::fill(const ResultBatch& batch, std::size_t position) {
  Column& column = columns_[position];
  Vector& vector = batch_.columns[position];
  const std::uint32_t rows = batch.rows();
  const auto take = [&](auto& values, auto value_at) {
    values.resize(rows);
    for (std::uint32_t row = 0; row < rows; ++row) values[row] = value_at(row);
    vector.data = values.data();
  };
  switch (column.representation) {
    case Representation::kBool:
      take(column.bools, [&](std::uint32_t row) {
        return static_cast<std::uint8_t>(batch.bool_at(row, position));
      });
      break;
    case Representation::kInt128:
      take(column.int128s,
           [&](std::uint32_t row) { return decimal_of(batch.decimal_at(row, position)); });
      break;
    case Representation::kFloat64:
      take(column.float64s, [&](std::uint32_t row) { return batch.float64_at(row, position); });
      break;
    case Representation::kString:
      take(column.strings, [&](std::uint32_t row) { return batch.string_at(row, position); });
      break;
    default:
      take(column.int64s, [&](std::uint32_t row) {
        return column.type.kind == TypeKind::kDecimal
                   ? static_cast<std::int64_t>(decimal_of(batch.decimal_at(row, position)))
                   : batch.int64_at(row, position);
      });
      break;
  }
  column.validity.assign((rows + 63) / 64, 0);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint64_t bit = batch.is_null(row, position) ? 0 : 1;
    column.validity[row / 64] |= bit << row % 64;
  }
  vector.validity = column.validity.data();
  vector.size = rows;
}

}  // namespace stave
