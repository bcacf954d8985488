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

// Of more rows of a block than one in so many the block is asked again.
constexpr std::uint32_t kRowsForEach = 64;

struct SearchWorker {
  std::unique_ptr<SourceWorker> source;
  std::vector<std::uint64_t> bits;
};

struct Searched {
  bool may_pass = true;
  bool is_listed = false;
  std::vector<std::uint32_t> rows;
};

}  // namespace

std::shared_ptr<const FoundRows> search_blocks(const StoredTest& test, const TableSource& table,
                                               std::vector<RowSpan>& spans,
                                               ExecutionContext& context) {
  const std::vector<RowSpan> parts = parts_by_block(spans, table.block_rows());
  std::uint64_t rows = 0;
  for (const RowSpan& part : parts) rows += part.rows;
  if (parts.size() <= kFewBlocks) return nullptr;
  if (!names_few(test, table, kBlocksForEach * (rows / parts.size()))) return nullptr;
  table.open_files({test.column}, spans, context);
  std::vector<Morsel> morsels;
  morsels.reserve(parts.size());
  for (const RowSpan& part : parts) {
    morsels.push_back(
        {part.segment, part.first_row / table.block_rows(), part.first_row, part.rows});
  }
  const auto shares = share_morsels(morsels, kBlocksAtOnce, context.threads());
  std::vector<SearchWorker> workers(static_cast<std::size_t>(context.threads()));
  std::vector<Searched> results(parts.size());
  const auto searched = context.parallel_for(shares.size(), [&](std::size_t share, int number) {
    SearchWorker& worker = workers[static_cast<std::size_t>(number)];
    if (worker.source == nullptr) worker.source = table.make_worker();
    for (std::size_t i = shares[share].begin; i < shares[share].end; ++i) {
      worker.bits.assign(words_for(morsels[i].rows) + 1, 0);
      // The reader meets the same fault and tells it.
      if (!table.test(morsels[i], test, 0, *worker.source, worker.bits.data())) continue;
      Searched& result = results[i];
      const std::uint64_t found = kernels::count_bits(worker.bits.data(), morsels[i].rows);
      result.may_pass = found > 0;
      result.is_listed = found > 0 && found <= morsels[i].rows / kRowsForEach;
      if (!result.is_listed) continue;
      kernels::for_each_bit(worker.bits.data(), morsels[i].rows, [&](std::size_t row) {
        result.rows.push_back(static_cast<std::uint32_t>(row));
      });
    }
    return Result<void>();
  });
  if (!searched) return nullptr;
  auto found = std::make_shared<FoundRows>(test);
  spans.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!results[i].may_pass) continue;
    append_span(spans, parts[i]);
    if (results[i].is_listed) found->add(parts[i], results[i].rows);
  }
  return found;
}

}  // namespace stave
