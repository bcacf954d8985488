// Threads read morsels, and one of them takes what was read in the order of the morsels.
#include "engine/pipeline_rows.h"

#include <array>
#include <utility>
#include <vector>

#include "engine/scan/morsel_shares.h"
#include "engine/spill/row_collector.h"

namespace stave {
namespace {

// What a thread reads before its rows are taken.
constexpr std::size_t kMorselsAtOnce = 4;

std::vector<std::unique_ptr<Pipeline::Worker>> workers_of(const Pipeline::Reader& reader,
                                                          const ExecutionContext& context) {
  std::vector<std::unique_ptr<Pipeline::Worker>> workers;
  workers.reserve(static_cast<std::size_t>(context.threads()));
  for (int worker = 0; worker < context.threads(); ++worker) {
    workers.push_back(reader.make_worker());
  }
  return workers;
}

// Calls `take(batch)` with each morsel's rows.
template <typename Take>
Result<void> read_in_order(const Pipeline& pipeline, ExecutionContext& context, Take take) {
  auto reader = pipeline.read_all(context);
  if (!reader) return pass(reader);
  std::vector<Morsel> morsels = pipeline.morsels(MorselCut::kBlocks);
  const auto shares = share_morsels(morsels, kMorselsAtOnce, context.threads());
  const std::size_t window = 2 * static_cast<std::size_t>(context.threads());
  std::vector<std::array<Batch, kMorselsAtOnce>> batches(window + 1);
  auto workers = workers_of(**reader, context);
  const auto read = [&](std::size_t share, int worker) -> Result<void> {
    Batch* batch = batches[share % batches.size()].data();
    for (std::size_t i = shares[share].begin; i < shares[share].end; ++i, ++batch) {
      auto done = (*reader)->read(morsels[i], *workers[static_cast<std::size_t>(worker)], *batch);
      if (!done) return done;
    }
    return {};
  };
  const auto consume = [&](std::size_t share) -> Result<bool> {
    Batch* batch = batches[share % batches.size()].data();
    for (std::size_t i = shares[share].begin; i < shares[share].end; ++i, ++batch) {
      if (auto taken = take(*batch); !taken) return pass(taken);
    }
    return true;
  };
  return context.ordered_for(shares.size(), window, read, consume);
}

}  // namespace

Result<void> stream_rows(const Pipeline& pipeline, ExecutionContext& context,
                         const std::function<Result<void>(const Batch&)>& sink) {
  return read_in_order(pipeline, context, [&](const Batch& batch) {
    return batch.rows == 0 ? Result<void>() : sink(batch);
  });
}

Result<SharedRelation> collect(const Pipeline& pipeline, ExecutionContext& context) {
  RowCollector rows(pipeline.fields(), context);
  auto done = read_in_order(pipeline, context,
                            [&](Batch& batch) { return rows.add(std::exchange(batch, {})); });
  if (!done) return pass(done);
  auto relation = rows.finish();
  if (!relation) return pass(std::move(relation));
  return std::make_shared<const Relation>(*std::move(relation));
}

}  // namespace stave
