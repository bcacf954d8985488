// Parts of expressions that the partition day alone determines: computed once for each day rather
// than for each row, without reading the time that they are of. They are columns behind those of
// the source. Invariant: a value that cannot be computed stops the query at its row only, so there
// are no constants at all where a day has such a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/expression.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/scan/source.h"
#include "stave/result.h"

namespace stave {

class DayConstants {
 public:
  explicit DayConstants(const PipelineSource& source) : source_(source) {}

  // The expression with such parts replaced by columns.
  Expression over_days(const Expression& expression);
  // To be called once all expressions are known: the values for the segments of these spans. On
  // failure there are no constants, and the expressions are to be used as they were.
  Result<void> compute(const std::vector<RowSpan>& spans, ExecutionContext& context);

  const std::vector<ColumnShape>& shapes() const { return shapes_; }
  // The value of a column for a segment, in each of so many rows.
  Vector repeated(std::size_t column, std::uint32_t segment, std::uint32_t rows) const;

 private:
  const PipelineSource& source_;
  std::vector<Expression> parts_;      // over the source
  std::vector<Expression> over_days_;  // the same over the values of scopes
  std::vector<ColumnShape> shapes_;
  std::vector<Vector> values_;        // of each part, by `place_`
  std::vector<std::uint32_t> place_;  // by segment
};

}  // namespace stave
