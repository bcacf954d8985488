// The rows that a search of blocks found, so that whoever reads the blocks need not search them
// again.
// Invariant: of the rows of a part exactly those that were added with it pass the test.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/pipeline.h"
#include "engine/scan/row_span.h"
#include "engine/scan/stored_test.h"

namespace stave {

class FoundRows {
 public:
  explicit FoundRows(StoredTest test) : test_(std::move(test)) {}
  const StoredTest& test() const { return test_; }
  // Parts come in order, each of one block; rows count from the first of the part.
  void add(const RowSpan& part, const std::vector<std::uint32_t>& rows);
  // Sets the bits of the morsel's rows, all others being clear; false where it was not searched.
  bool mark(const Morsel& morsel, std::uint64_t* bits) const;

 private:
  struct Part {
    RowSpan span;
    std::size_t begin = 0;  // in `rows_`
    std::size_t end = 0;
  };

  StoredTest test_;
  std::vector<Part> parts_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace stave
