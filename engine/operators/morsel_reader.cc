// See morsel_reader.h.
#include "engine/operators/morsel_reader.h"

#include <utility>

#include "engine/make_expression.h"

namespace stave {

Result<MorselReader> MorselReader::open(const Pipeline& pipeline,
                                        const std::vector<Expression>& expressions,
                                        ExecutionContext& context) {
  std::vector<Expression> outputs;
  for (const Field& field : pipeline.fields()) {
    outputs.push_back(column_expression(outputs.size(), field.type));
  }
  outputs.insert(outputs.end(), expressions.begin(), expressions.end());
  return open(pipeline, context, outputs);
}

Result<MorselReader> MorselReader::open(const Pipeline& pipeline, ExecutionContext& context,
                                        const std::vector<Expression>& outputs) {
  auto reader = pipeline.read(outputs, context);
  if (!reader) {
    return pass(std::move(reader));
  }
  MorselReader morsels;
  morsels.reader_ = std::move(*reader);
  morsels.morsels_ = pipeline.morsels(MorselCut::kBlocks);
  morsels.workers_.resize(static_cast<std::size_t>(context.threads()));
  return morsels;
}

Result<Batch> MorselReader::read(std::size_t item, int worker) {
  std::unique_ptr<Pipeline::Worker>& memory = workers_[static_cast<std::size_t>(worker)];
  if (!memory) {
    memory = reader_->make_worker();
  }
  Batch batch;
  const auto done = reader_->read(morsels_[item], *memory, batch);
  if (!done) {
    return pass(done);
  }
  return batch;
}

}  // namespace stave
