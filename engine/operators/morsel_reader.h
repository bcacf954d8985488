// A pipeline read morsel by morsel, as every operator above one does.
// Invariant: worker numbers are those of ExecutionContext, so that no two threads share memory.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/pipeline.h"
#include "stave/result.h"

namespace stave {

class MorselReader {
 public:
  static Result<MorselReader> open(const Pipeline& pipeline, ExecutionContext& context,
                                   const std::vector<Expression>& outputs);
  // All fields of the pipeline, then these expressions over them.
  static Result<MorselReader> open(const Pipeline& pipeline,
                                   const std::vector<Expression>& expressions,
                                   ExecutionContext& context);

  std::size_t size() const { return morsels_.size(); }
  const std::vector<ColumnShape>& shapes() const { return reader_->shapes(); }
  Result<Batch> read(std::size_t item, int worker);

 private:
  std::shared_ptr<const Pipeline::Reader> reader_;
  std::vector<Morsel> morsels_;
  std::vector<std::unique_ptr<Pipeline::Worker>> workers_;
};

}  // namespace stave
