// Integer keys of large domains as the numbers themselves: most of them occur once or twice in a
// file, so that their codes would only be looked up one by one for a dictionary that does not pay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class IntegerKeys {
 public:
  // What one thread decodes into; holds a batch until the next one.
  struct Memory {
    struct Column {
      std::vector<std::int64_t> values;
      std::vector<std::uint64_t> validity;
    };
    std::vector<Column> columns;
  };

  // Of a table of `rows` rows, the columns of these shapes.
  static Result<IntegerKeys> find(const std::vector<ColumnShape>& shapes, std::uint64_t rows,
                                  ExecutionContext& context);
  // Codes in the batch become integers that live as long as `memory` is left alone.
  void decode(Batch& batch, Memory& memory) const;

 private:
  struct Key {
    std::size_t column = 0;
    std::size_t table_size = 0;
    std::shared_ptr<const std::int64_t[]> table;
  };
  std::vector<Key> keys_;
};

}  // namespace stave
