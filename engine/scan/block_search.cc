// See the header.
#include "engine/scan/block_search.h"

#include <memory>

#include "engine/kernels/bitmap.h"
#include "engine/scan/morsel_shares.h"

namespace stave {
namespace {

// Of fewer blocks the other columns are opened sooner than a search is done.
constexpr std::size_t kFewBlocks = 8;
// A value that one row in so many blocks has is looked for.
constexpr std::uint64_t kBlocksForEach = 4;

constexpr std::size_t kBlocksAtOnce = 16;

struct SearchWorker {
  std::unique_ptr<SourceWorker> source;
  std::vector<std::uint64_t> bits;
};

}  // namespace

void search_blocks(const StoredTest& test, const TableSource& table, std::vector<RowSpan>& spans,
                   ExecutionContext& context) {
  const std::vector<RowSpan> parts = parts_by_block(spans, table.block_rows());
  std::uint64_t rows = 0;
  for (const RowSpan& part : parts) rows += part.rows;
  if (parts.size() <= kFewBlocks) return;
  if (!names_few(test, table, kBlocksForEach * (rows / parts.size()))) return;
  table.open_files({test.column}, spans, context);
  std::vector<Morsel> morsels;
  for (const RowSpan& part : parts) {
    morsels.push_back(
        {part.segment, part.first_row / table.block_rows(), part.first_row, part.rows});
  }
  const auto shares = share_morsels(morsels, kBlocksAtOnce, context.threads());
  std::vector<SearchWorker> workers(static_cast<std::size_t>(context.threads()));
  std::vector<std::uint8_t> may_pass(parts.size(), 1);
  const auto searched = context.parallel_for(shares.size(), [&](std::size_t share, int number) {
    SearchWorker& worker = workers[static_cast<std::size_t>(number)];
    if (worker.source == nullptr) worker.source = table.make_worker();
    for (std::size_t i = shares[share].begin; i < shares[share].end; ++i) {
      worker.bits.assign(words_for(morsels[i].rows) + 1, 0);
      // The reader meets the same fault and tells it.
      const auto tested = table.test(morsels[i], test, 0, *worker.source, worker.bits.data());
      may_pass[i] = !tested || kernels::count_bits(worker.bits.data(), morsels[i].rows) > 0 ? 1 : 0;
    }
    return Result<void>();
  });
  if (!searched) return;
  spans.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (may_pass[i] != 0) append_span(spans, parts[i]);
  }
}

}  // namespace stave
