// Limit: morsels are read ahead in parallel and taken in order, until there are enough rows.
#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/operators/morsel_reader.h"
#include "engine/operators/operators.h"
#include "engine/operators/row_gather.h"

namespace stave {

namespace {

// Rows first .. first + count - 1 of a batch.
Batch slice(const Batch& batch, const std::vector<ColumnShape>& shapes, std::uint64_t first,
            std::uint64_t count) {
  if (first == 0 && count == batch.rows) {
    return batch;
  }
  std::vector<RowNumber> rows(count);
  std::iota(rows.begin(), rows.end(), static_cast<RowNumber>(first));
  return RowGatherer(std::span(&batch, 1), shapes).gather(rows);
}

}  // namespace

Result<Relation> run_limit(const LimitNode& node, const std::vector<Field>& fields,
                           const Pipeline& input, ExecutionContext& context) {
  Relation output;
  output.fields = fields;
  if (node.count == 0) {
    return output;
  }
  auto reader = MorselReader::open(input, {}, context);
  if (!reader) {
    return pass(std::move(reader));
  }
  std::vector<Batch> batches(reader->size());
  std::uint64_t seen = 0;
  const auto body = [&](std::size_t item, int worker) -> Result<void> {
    auto batch = reader->read(item, worker);
    if (!batch) {
      return pass(std::move(batch));
    }
    batches[item] = std::move(*batch);
    return {};
  };
  const auto consume = [&](std::size_t item) -> Result<bool> {
    const Batch batch = std::move(batches[item]);
    batches[item] = {};
    const std::uint64_t begin =
        std::min<std::uint64_t>(batch.rows, node.offset > seen ? node.offset - seen : 0);
    const std::uint64_t count = std::min(batch.rows - begin, node.count - output.rows);
    seen += batch.rows;
    if (count > 0) {
      output.batches.push_back(slice(batch, reader->shapes(), begin, count));
      output.rows += count;
    }
    return output.rows < node.count;
  };
  const auto window = static_cast<std::size_t>(context.threads()) * 2;
  const auto read = context.ordered_for(reader->size(), window, body, consume);
  if (!read) {
    return pass(read);
  }
  return output;
}

}  // namespace stave
