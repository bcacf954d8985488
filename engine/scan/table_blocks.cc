// Reading the blocks of a table: see table_source.h.
#include <algorithm>

#include "engine/kernels/bitmap.h"
#include "engine/runtime/select_rows.h"
#include "engine/scan/stored_test.h"
#include "engine/scan/table_source.h"
#include "storage/block_stretch.h"

namespace stave {

namespace {

// The last blocks decoded, so that neighbouring morsels of one block decode it once, also where
// several segments of a day are read in turns.
struct TableWorker final : SourceWorker {
  struct Entry {
    std::uint32_t segment = 0;
    std::uint32_t block = 0;
    std::int32_t day = kNoDay;
    std::uint64_t used = 0;
    Vector values;
  };
  static constexpr std::size_t kEntries = 16;  // for each column

  // What a block said to a test, for the next morsel of the block.
  struct Tested {
    std::uint32_t segment = ~std::uint32_t{0};
    std::uint32_t block = 0;
    std::vector<std::uint64_t> bits;
  };

  explicit TableWorker(std::size_t columns) : entries(columns), stretches(columns) {}

  std::vector<std::vector<Entry>> entries;
  std::vector<BlockStretch> stretches;  // by column
  std::vector<Tested> tested;           // by number of the test
  DecodedBlock test_room;
  std::vector<std::uint64_t> kept_bits;
  std::uint64_t clock = 0;
  BlockDecoder decoder;
  BufferRecycler buffers;

  // Of what follows a filter blocks may be left out.
  BlockStretch* stretch(std::size_t column, const Morsel& morsel, bool all = false) {
    stretches[column].expect(morsel.blocks_ahead, all);
    return &stretches[column];
  }

  Entry* find(std::size_t column, std::uint32_t segment, std::uint32_t block) {
    for (Entry& entry : entries[column]) {
      if (entry.segment == segment && entry.block == block) {
        entry.used = ++clock;
        return &entry;
      }
    }
    return nullptr;
  }
  // The entry to fill: an older block of the same segment first, as blocks are read in order, and
  // so are days: memory used before is in the nearer caches.
  Entry& replace(std::size_t column, std::uint32_t segment, std::int32_t day) {
    std::vector<Entry>& known = entries[column];
    for (Entry& entry : known) {
      if (entry.segment == segment) return entry;
    }
    for (Entry& entry : known) {
      if (entry.day != day) return entry;
    }
    if (known.size() < kEntries) return known.emplace_back();
    return *std::min_element(known.begin(), known.end(),
                             [](const Entry& a, const Entry& b) { return a.used < b.used; });
  }
};

// Up to one row in so many is decoded alone: finding it takes as long as so many rows together.
constexpr std::uint32_t kFewTimes = 64;

Vector repeated_day(std::int32_t day, std::uint32_t rows, BufferRecycler& buffers) {
  if (day == kNoDay) return nulls_of(kDateType, Representation::kInt64, nullptr, rows, buffers);
  std::shared_ptr<VectorBuffer> buffer = take_clear(buffers);
  auto* out = buffer->room<std::int64_t>(rows);
  std::fill_n(out, rows, std::int64_t{day});
  Vector vector;
  vector.type = kDateType;
  vector.size = rows;
  vector.data = out;
  vector.owner = std::move(buffer);
  return vector;
}

}  // namespace

int TableSource::key_of(std::uint32_t segment, int column) const {
  if (!is_fact_) return -1;
  const std::vector<std::uint32_t>& predictors = segments_[segment]->predictors;
  const auto position =
      static_cast<std::size_t>(columns_[static_cast<std::size_t>(column)].position);
  if (position >= predictors.size() || predictors[position] == 0) return -1;
  const PredictorState& predictor = state_->predictors[predictors[position] - 1];
  if (predictor.kind != PredictorKind::kValue) return -1;
  const auto found =
      std::ranges::find(columns_, static_cast<int>(predictor.key), &Column::position);
  return found == columns_.end() ? -1 : static_cast<int>(found - columns_.begin());
}

std::unique_ptr<SourceWorker> TableSource::make_worker() const {
  return std::make_unique<TableWorker>(columns_.size() + 1);
}

Result<Vector> TableSource::read(const Morsel& morsel, int column, SourceWorker& worker) const {
  auto& own = static_cast<TableWorker&>(worker);
  const Column& wanted = columns_[static_cast<std::size_t>(column)];
  if (wanted.position == kDayColumn) {
    return repeated_day(is_partitioned_ ? segments_[morsel.segment]->day : kNoDay, morsel.rows,
                        own.buffers);
  }
  const auto slot = static_cast<std::size_t>(column);
  const std::int32_t day = is_fact_ ? segments_[morsel.segment]->day : kNoDay;
  const std::uint32_t first = morsel.first_row - morsel.block * kBlockRows;
  TableWorker::Entry* entry = own.find(slot, morsel.segment, morsel.block);
  if (entry == nullptr) {
    Result<const ColumnFileReader*> opened = file(morsel.segment, column);
    if (!opened) return pass(opened);
    Vector values;
    if (*opened != nullptr && morsel.block < (*opened)->blocks().size()) {
      // Given back before the next one is decoded, so that its memory is used again.
      entry = &own.replace(slot, morsel.segment, day);
      entry->values = Vector();
      entry->segment = ~std::uint32_t{0};
      BlockStretch* const stretch = own.stretch(slot, morsel);
      const std::uint32_t rows = (*opened)->blocks()[morsel.block].rows;
      const int key = key_of(morsel.segment, column);
      const TableWorker::Entry* keys =
          key < 0 ? nullptr : own.find(static_cast<std::size_t>(key), morsel.segment, morsel.block);
      if (keys != nullptr && keys->values.size >= rows) {
        stretch->know_keys({keys->values.values<std::uint32_t>(), rows});
      }
      Result<Vector> read =
          own.decoder.read(**opened, morsel.block, wanted.type, wanted.dictionary, stretch);
      if (!read) return read;
      values = std::move(*read);
      note_read(slot, (*opened)->blocks()[morsel.block]);
    }
    if (values.size < first + morsel.rows) {
      // The file ends before these rows, or is not there: they are null.
      const Vector nulls =
          nulls_of(wanted.type, wanted.representation, wanted.dictionary, kBlockRows, own.buffers);
      if (values.size == 0) {
        values = nulls;
      } else {
        std::vector<std::uint32_t> rows(kBlockRows, kNoRow);
        for (std::uint32_t row = 0; row < values.size; ++row) rows[row] = row;
        values = take_rows(values, rows.data(), kBlockRows, own.buffers);
      }
    }
    if (entry == nullptr) entry = &own.replace(slot, morsel.segment, day);
    entry->segment = morsel.segment;
    entry->day = day;
    entry->block = morsel.block;
    entry->used = ++own.clock;
    entry->values = std::move(values);
  }
  return slice(entry->values, first, morsel.rows, own.buffers);
}

// Rows of a block are decoded alone, unless other morsels will ask for the rest of it.
Result<Vector> TableSource::read_selected(const Morsel& morsel, int column,
                                          const std::uint64_t* bits, std::uint32_t kept,
                                          SourceWorker& worker) const {
  auto& own = static_cast<TableWorker&>(worker);
  const Column& wanted = columns_[static_cast<std::size_t>(column)];
  const auto slot = static_cast<std::size_t>(column);
  const bool few = kept < morsel.rows / kFewTimes && wanted.position != kDayColumn &&
                   wanted.representation != Representation::kString;
  if ((few || is_testable(column)) && own.find(slot, morsel.segment, morsel.block) == nullptr) {
    Result<const ColumnFileReader*> opened = file(morsel.segment, column);
    if (!opened) return pass(opened);
    const std::uint32_t first = morsel.first_row - morsel.block * kBlockRows;
    const BlockSummary* block = *opened != nullptr && morsel.block < (*opened)->blocks().size()
                                    ? &(*opened)->blocks()[morsel.block]
                                    : nullptr;
    const bool is_whole = block != nullptr && first == 0 && morsel.rows == block->rows;
    if (few && block != nullptr && block->rows >= first + morsel.rows &&
        morsel.rows * 2 > block->rows) {
      std::vector<std::uint32_t> rows;
      rows.reserve(kept);
      kernels::for_each_bit(bits, morsel.rows, [&](std::size_t row) {
        rows.push_back(first + static_cast<std::uint32_t>(row));
      });
      note_read(slot, *block);
      return own.decoder.read_rows(**opened, morsel.block, rows, wanted.type, wanted.dictionary,
                                   own.stretch(slot, morsel));
    }
    if (is_whole && is_testable(column)) {
      own.kept_bits.assign(bits, bits + words_for(morsel.rows));
      own.kept_bits.push_back(0);
      note_read(slot, *block);
      return own.decoder.read_kept(**opened, morsel.block, own.kept_bits.data(), kept, wanted.type,
                                   wanted.dictionary, own.stretch(slot, morsel));
    }
  }
  Result<Vector> all = read(morsel, column, worker);
  if (!all) return all;
  return compress(*all, bits, kept, own.buffers);
}

Result<void> TableSource::test(const Morsel& morsel, const StoredTest& test, std::size_t number,
                               SourceWorker& worker, std::uint64_t* bits) const {
  auto& own = static_cast<TableWorker&>(worker);
  Result<const ColumnFileReader*> opened = file(morsel.segment, test.column);
  if (!opened) return pass(opened);
  const std::uint32_t first = morsel.first_row - morsel.block * kBlockRows;
  const bool is_coded = this->is_coded(test.column);
  const BlockSummary* block = *opened != nullptr && morsel.block < (*opened)->blocks().size()
                                  ? &(*opened)->blocks()[morsel.block]
                                  : nullptr;
  const std::uint32_t there =
      block == nullptr || block->rows <= first ? 0 : std::min(block->rows - first, morsel.rows);
  const auto search = [&](std::uint64_t* found) {
    note_read(static_cast<std::size_t>(test.column), *block);
    return (*opened)->test_block(morsel.block, test.value_test(), own.test_room, found,
                                 own.stretch(static_cast<std::size_t>(test.column), morsel, true));
  };
  const std::optional<bool> decided =
      there == 0 ? std::optional(false) : test.decided_by(*block, is_coded);
  if (!decided && there == morsel.rows && there == block->rows) return search(bits);

  std::fill_n(bits, words_for(morsel.rows), std::uint64_t{0});
  if (decided) {
    if (*decided) kernels::fill_bits(bits, there);
  } else {
    if (own.tested.size() <= number) own.tested.resize(number + 1);
    TableWorker::Tested& tested = own.tested[number];
    if (tested.segment != morsel.segment || tested.block != morsel.block) {
      tested.segment = ~std::uint32_t{0};
      tested.bits.resize(words_for(block->rows) + 1);
      if (auto done = search(tested.bits.data()); !done) return done;
      tested.segment = morsel.segment;
      tested.block = morsel.block;
    }
    kernels::copy_bits(tested.bits.data(), first, there, bits);
  }
  // The file ends before the other rows, or is not there: they are null.
  if (there < morsel.rows && test.passes_null(is_coded)) {
    for (std::uint32_t row = there; row < morsel.rows; ++row) set_bit(bits, row);
  }
  return {};
}

void TableSource::note_read(std::size_t column, const BlockSummary& block) const {
  counters().bytes_read.fetch_add(block.size, std::memory_order_relaxed);
  counters().columns_read.fetch_or(std::uint64_t{1} << std::min<std::size_t>(column, 63),
                                   std::memory_order_relaxed);
}

Result<Vector> TableSource::present(const Morsel& morsel, SourceWorker& worker) const {
  auto& own = static_cast<TableWorker&>(worker);
  Result<const ColumnFileReader*> opened = present_file();
  if (!opened) return pass(opened);
  if (morsel.block >= (*opened)->blocks().size()) {
    return nulls_of(kBoolType, Representation::kBool, nullptr, morsel.rows, own.buffers);
  }
  Result<Vector> read = own.decoder.read(**opened, morsel.block, kBoolType, nullptr, nullptr);
  if (!read) return read;
  const std::uint32_t first = morsel.first_row - morsel.block * kBlockRows;
  if (read->size < first + morsel.rows) {
    return fail(ErrorCode::kDamaged,
                "The rows of a table end too early: " + schema_->name + ". Run `stave verify`.");
  }
  return slice(*read, first, morsel.rows, own.buffers);
}

}  // namespace stave
