// See row_gather.h. Places are looked up once for each batch made, then each column is one loop.
#include "engine/operators/row_gather.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "engine/operators/vector_writer.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

constexpr std::uint32_t kDefaultBatchRows = 16384;
constexpr std::uint32_t kNoBatch = kNoRow;

using Places = std::vector<RowLocator::Place>;

template <typename T>
std::vector<const T*> values_of(std::span<const Batch> batches, std::size_t column) {
  std::vector<const T*> values;
  values.reserve(batches.size());
  for (const Batch& batch : batches) {
    values.push_back(batch.columns[column].values<T>());
  }
  return values;
}

template <typename T>
void copy_values(std::span<const Batch> batches, std::size_t column, const Places& places, T* out) {
  const std::vector<const T*> values = values_of<T>(batches, column);
  for (std::size_t row = 0; row < places.size(); ++row) {
    const RowLocator::Place place = places[row];
    out[row] = place.batch == kNoBatch ? T{} : values[place.batch][place.row];
  }
}

void own_text(std::string_view* values, std::size_t rows, VectorWriter& writer) {
  std::size_t bytes = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    bytes += values[row].size();
  }
  char* text = writer.text(bytes);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t size = values[row].size();
    if (size != 0) {
      std::memcpy(text, values[row].data(), size);
    }
    values[row] = {text, size};
    text += size;
  }
}

Vector gather_column(std::span<const Batch> batches, std::size_t column, const ColumnShape& shape,
                     const Places& places) {
  const auto rows = static_cast<std::uint32_t>(places.size());
  VectorWriter writer(shape, rows);
  switch (shape.representation) {
    case Representation::kCode:  // null is a code: nothing else to do
      copy_values(batches, column, places, writer.values<std::uint32_t>());
      return writer.finish();
    case Representation::kInt64:
      copy_values(batches, column, places, writer.values<std::int64_t>());
      break;
    case Representation::kInt128:
      copy_values(batches, column, places, writer.values<Int128>());
      break;
    case Representation::kFloat64:
      copy_values(batches, column, places, writer.values<double>());
      break;
    case Representation::kBool:
      copy_values(batches, column, places, writer.values<std::uint8_t>());
      break;
    case Representation::kString:
      copy_values(batches, column, places, writer.values<std::string_view>());
      break;
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    const RowLocator::Place place = places[row];
    if (place.batch == kNoBatch || is_null_at(batches[place.batch].columns[column], place.row)) {
      writer.set_null(row);
    }
  }
  if (shape.representation == Representation::kString) {
    own_text(writer.values<std::string_view>(), rows, writer);
  }
  return writer.finish();
}

}  // namespace

std::uint32_t output_batch_rows(const ExecutionContext& context) {
  const std::uint32_t asked = context.options().batch_rows;
  return asked == 0 ? kDefaultBatchRows : asked;
}

RowGatherer::RowGatherer(std::span<const Batch> batches, std::vector<ColumnShape> shapes)
    : batches_(batches), shapes_(std::move(shapes)), locator_(batches) {}

RowGatherer::RowGatherer(const Relation& relation)
    : RowGatherer(relation.batches, shapes_of(relation)) {}

Batch RowGatherer::gather(std::span<const RowNumber> rows) const {
  return gather(rows, std::vector<bool>(shapes_.size(), true));
}

Batch RowGatherer::gather(std::span<const RowNumber> rows, const std::vector<bool>& wanted) const {
  Places places(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    places[row] = rows[row] == kNoRow ? RowLocator::Place{kNoBatch, 0} : locator_(rows[row]);
  }
  Batch batch;
  batch.rows = static_cast<std::uint32_t>(rows.size());
  batch.columns.resize(shapes_.size());
  for (std::size_t column = 0; column < shapes_.size(); ++column) {
    if (wanted[column]) {
      batch.columns[column] = gather_column(batches_, column, shapes_[column], places);
    }
  }
  return batch;
}

Result<Relation> gather_rows(const Relation& input, const std::vector<Field>& fields,
                             std::span<const RowNumber> rows, ExecutionContext& context) {
  const RowGatherer gatherer(input);
  const std::size_t step = output_batch_rows(context);
  Relation output;
  output.fields = fields;
  output.rows = rows.size();
  output.batches.resize((rows.size() + step - 1) / step);
  const auto gathered =
      context.parallel_for(output.batches.size(), [&](std::size_t item, int) -> Result<void> {
        const std::size_t first = item * step;
        const std::size_t count = std::min(step, rows.size() - first);
        output.batches[item] = gatherer.gather(rows.subspan(first, count));
        return {};
      });
  if (!gathered) {
    return pass(gathered);
  }
  return output;
}

}  // namespace stave
