// See row_values.h.
#include "engine/operators/row_values.h"

#include <algorithm>

#include "engine/operators/row_gather.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

RowValues::RowValues(Type type, RowNumber rows)
    : type_(type),
      representation_(representation_of(type)),
      values_(new std::byte[width_of(representation_) * rows]()),
      is_set_(rows) {}

void RowValues::set(RowNumber row, Int128 value) {
  is_set_[row] = 1;
  if (representation_ == Representation::kInt128) {
    reinterpret_cast<Int128*>(values_.get())[row] = value;
  } else {
    reinterpret_cast<std::int64_t*>(values_.get())[row] = static_cast<std::int64_t>(value);
  }
}

void RowValues::set(RowNumber row, double value) {
  is_set_[row] = 1;
  reinterpret_cast<double*>(values_.get())[row] = value;
}

std::vector<Vector> RowValues::cut(std::span<const Batch> batches) const {
  struct Owners {
    std::shared_ptr<const void> values;
    std::vector<std::uint64_t> validity;
  };
  std::vector<Vector> vectors;
  std::size_t start = 0;
  for (const Batch& batch : batches) {
    auto owners = std::make_shared<Owners>();
    owners->values = values_;
    const auto begin = is_set_.begin() + static_cast<std::ptrdiff_t>(start);
    if (std::find(begin, begin + batch.rows, 0) != begin + batch.rows) {
      owners->validity.resize(words_for(batch.rows));
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        owners->validity[row / 64] |= std::uint64_t{is_set_[start + row]} << row % 64;
      }
    }
    Vector vector;
    vector.type = type_;
    vector.representation = representation_;
    vector.size = batch.rows;
    vector.data = values_.get() + width_of(representation_) * start;
    vector.validity = owners->validity.empty() ? nullptr : owners->validity.data();
    vector.owner = std::move(owners);
    vectors.push_back(std::move(vector));
    start += batch.rows;
  }
  return vectors;
}

Result<std::vector<Vector>> pick_values(std::span<const Batch> batches,
                                        const EvaluatedColumns& source,
                                        std::span<const RowNumber> picks,
                                        ExecutionContext& context) {
  const RowGatherer gatherer(source.batches, source.shapes);
  const RowLocator locator(batches);
  std::vector<Vector> vectors(batches.size());
  const auto picked =
      context.parallel_for(batches.size(), [&](std::size_t item, int) -> Result<void> {
        const auto part = picks.subspan(locator.start_of(item), batches[item].rows);
        vectors[item] = std::move(gatherer.gather(part).columns[0]);
        return {};
      });
  if (!picked) {
    return pass(picked);
  }
  return vectors;
}

}  // namespace stave
