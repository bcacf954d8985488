// A test of rows that an operator brings into the pipeline below it: whether they have a match on
// the other side of a join.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class RowTest {
 public:
  // Made ready for arguments of given shapes; immutable and shared by threads.
  class Ready {
   public:
    virtual ~Ready() = default;
    // One byte for each row of the arguments: 1 where it passes.
    virtual Result<void> test(const Batch& arguments, std::uint8_t* passes) const = 0;
  };

  virtual ~RowTest() = default;
  virtual Result<std::unique_ptr<const Ready>> prepare(const std::vector<ColumnShape>& arguments,
                                                       std::uint64_t rows,
                                                       ExecutionContext& context) const = 0;
};

}  // namespace stave
