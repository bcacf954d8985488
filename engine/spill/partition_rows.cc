// See partition_rows.h. Batches are read and dealt in parallel and written in order.
#include "engine/spill/partition_rows.h"

#include <memory>
#include <numeric>
#include <span>
#include <utility>

#include "engine/make_expression.h"
#include "engine/operators/morsel_reader.h"
#include "engine/operators/row_gather.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/spill/row_collector.h"
#include "engine/spill/row_hash.h"
#include "engine/spill/spilled_rows.h"

namespace stave {

namespace {

constexpr std::uint64_t kWrittenAtOnce = std::uint64_t{1} << 15;  // bytes
constexpr unsigned kRowBits = 32;

Vector numbers_of(std::size_t item, std::uint32_t rows) {
  auto numbers = std::make_shared<std::vector<std::int64_t>>(rows);
  std::iota(numbers->begin(), numbers->end(), static_cast<std::int64_t>(item << kRowBits));
  Vector vector;
  vector.type = kInt64Type;
  vector.representation = Representation::kInt64;
  vector.size = rows;
  vector.data = numbers->data();
  vector.owner = std::move(numbers);
  return vector;
}

// Small batches put together before they are written.
class PartitionWriter {
 public:
  PartitionWriter(const std::vector<ColumnShape>& shapes, std::shared_ptr<TemporaryFile> file)
      : shapes_(shapes), rows_(std::make_shared<SpilledRows>(std::move(file), shapes)) {}

  Result<void> add(Batch batch) {
    total_ += batch.rows;
    bytes_ += whole_bytes_of(batch);
    waiting_.push_back(std::move(batch));
    return bytes_ < kWrittenAtOnce ? Result<void>() : flush();
  }

  Result<void> flush() {
    RowNumber rows = 0;
    for (const Batch& batch : waiting_) {
      rows += batch.rows;
    }
    std::vector<RowNumber> numbers(rows);
    std::iota(numbers.begin(), numbers.end(), RowNumber{0});
    auto done =
        rows == 0 ? Result<void>() : rows_->append(RowGatherer(waiting_, shapes_).gather(numbers));
    waiting_.clear();
    bytes_ = 0;
    return done;
  }

  Relation finish(const std::vector<Field>& fields) {
    Relation relation;
    relation.fields = fields;
    relation.rows = total_;
    if (total_ > 0) {
      relation.spilled = std::move(rows_);
    }
    return relation;
  }

 private:
  const std::vector<ColumnShape>& shapes_;
  std::shared_ptr<SpilledRows> rows_;
  std::vector<Batch> waiting_;
  std::uint64_t bytes_ = 0;
  std::uint64_t total_ = 0;
};

// The rows of a batch by partition; partitions without rows have none.
std::vector<Batch> deal(const Batch& batch, std::span<const Vector> keys,
                        const std::vector<ColumnShape>& shapes, const Partitioning& how) {
  std::vector<std::vector<RowNumber>> rows(how.partitions);
  const std::vector<std::uint64_t> hashes = row_hashes(keys, batch.rows, how.seed);
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    rows[(hashes[row] >> 32) * how.partitions >> 32].push_back(row);
  }
  const RowGatherer gatherer(std::span(&batch, 1), shapes);
  std::vector<Batch> parts(how.partitions);
  for (std::uint32_t partition = 0; partition < how.partitions; ++partition) {
    if (!rows[partition].empty()) {
      parts[partition] = gatherer.gather(rows[partition]);
    }
  }
  return parts;
}

}  // namespace

Result<std::vector<Relation>> partition_rows(const Pipeline& input, const Partitioning& how,
                                             ExecutionContext& context) {
  std::vector<Expression> outputs;
  std::vector<Field> fields;
  for (const NamedExpression& column : how.columns) {
    outputs.push_back(column.expression);
    fields.push_back({column.name, column.expression.type});
  }
  outputs.insert(outputs.end(), how.keys.begin(), how.keys.end());
  auto reader = MorselReader::open(input, context, outputs);
  if (!reader) {
    return pass(std::move(reader));
  }
  const auto written = static_cast<std::ptrdiff_t>(how.columns.size());
  std::vector<ColumnShape> shapes(reader->shapes().begin(), reader->shapes().begin() + written);
  if (how.adds_numbers) {
    fields.push_back({"", kInt64Type});
    shapes.emplace_back().type = kInt64Type;
  }
  auto file = context.spill().file();
  if (!file) {
    return pass(std::move(file));
  }
  std::vector<PartitionWriter> writers;
  for (std::uint32_t partition = 0; partition < how.partitions; ++partition) {
    writers.emplace_back(shapes, *file);
  }
  std::vector<std::vector<Batch>> dealt(reader->size());
  const auto body = [&](std::size_t item, int worker) -> Result<void> {
    auto batch = reader->read(item, worker);
    if (!batch) {
      return pass(std::move(batch));
    }
    const std::vector<Vector> keys(batch->columns.begin() + written, batch->columns.end());
    batch->columns.resize(how.columns.size());
    if (how.adds_numbers) {
      batch->columns.push_back(numbers_of(item, batch->rows));
    }
    dealt[item] = deal(*batch, keys, shapes, how);
    return {};
  };
  const auto consume = [&](std::size_t item) -> Result<bool> {
    for (std::size_t partition = 0; partition < writers.size(); ++partition) {
      Batch& batch = dealt[item][partition];
      if (batch.rows == 0) {
        continue;
      }
      if (auto added = writers[partition].add(std::move(batch)); !added) {
        return pass(added);
      }
    }
    dealt[item] = {};
    return true;
  };
  const auto window = static_cast<std::size_t>(context.threads()) * 2;
  auto done = context.ordered_for(reader->size(), window, body, consume);
  std::vector<Relation> partitions;
  for (PartitionWriter& writer : writers) {
    if (done) {
      done = writer.flush();
    }
    partitions.push_back(writer.finish(fields));
  }
  if (!done) {
    return pass(done);
  }
  return partitions;
}

std::vector<NamedExpression> same_columns(const std::vector<Field>& fields) {
  std::vector<NamedExpression> columns;
  for (std::size_t column = 0; column < fields.size(); ++column) {
    columns.push_back({fields[column].name, column_expression(column, fields[column].type)});
  }
  return columns;
}

Result<std::uint64_t> row_bytes_of(const Pipeline& input, const std::vector<Expression>& columns,
                                   ExecutionContext& context) {
  const auto reader = input.read(columns, context);
  if (!reader) {
    return pass(reader);
  }
  std::uint64_t bytes = 0;
  for (const ColumnShape& shape : (*reader)->shapes()) {
    bytes += width_of(shape.representation);
  }
  return bytes;
}

}  // namespace stave
