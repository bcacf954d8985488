// See top_screen.h.
#include "engine/operators/top_screen.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/operators/group_screen.h"
#include "engine/operators/morsel_reader.h"
#include "engine/operators/reservation.h"
#include "engine/runtime/select_rows.h"
#include "engine/spill/row_collector.h"

namespace stave {
namespace {

constexpr std::uint64_t kMostWanted = std::uint64_t{1} << 16;
// Below so many rows for each that is wanted, nearly all of them stay.
constexpr std::uint64_t kFewRows = 4;

struct Thread {
  std::unique_ptr<GroupScreen> screen;
  BufferRecycler buffers;
  std::vector<std::uint64_t> bits;

  void keep(Batch& batch, std::uint32_t rows) {
    if (rows == batch.rows) return;
    for (Vector& column : batch.columns) {
      column = compress(column, bits.data(), rows, buffers);
    }
    batch.rows = rows;
  }
};

// A batch of those that stay, as far as its thread could tell.
struct Held {
  Batch batch;
  ScreenedRows rows;
  std::size_t thread = 0;
};

// What all threads have met together, where groups have one number in all of them; else null.
const GroupScreen* common_screen(std::span<Thread> threads) {
  GroupScreen* common = nullptr;
  for (Thread& thread : threads) {
    if (!thread.screen) continue;
    if (!thread.screen->has_common_groups()) return nullptr;
    if (common == nullptr) {
      common = thread.screen.get();
    } else {
      common->take(*thread.screen);
    }
  }
  return common;
}

// Batches wait until all was seen, since the first rows of a group were let through for want of
// better ones; where there is no room for them they go on as they are.
class HeldBatches {
 public:
  HeldBatches(std::vector<Field> fields, ExecutionContext& context)
      : context_(context), rows_(std::move(fields), context), memory_(std::in_place, context) {}

  Result<void> add(Held held) {
    if (!memory_ || !held.rows.are_told) return hand_on(std::move(held));
    const std::uint64_t bytes = whole_bytes_of(held.batch) + held.rows.groups.size() * kBytesOfRow;
    if (!memory_->add(bytes)) return hand_on(std::move(held));
    held_.push_back(std::move(held));
    return {};
  }

  Result<Relation> finish(std::vector<Thread>& threads) {
    const GroupScreen* const common = common_screen(threads);
    const auto screened =
        context_.parallel_for(held_.size(), [&](std::size_t item, int worker) -> Result<void> {
          Held& held = held_[item];
          if (!held.rows.are_told) return {};
          Thread& thread = threads[static_cast<std::size_t>(worker)];
          const GroupScreen* screen = common;
          if (screen == nullptr) screen = threads[held.thread].screen.get();
          thread.keep(held.batch, screen->let_through_again(held.rows, thread.bits));
          return {};
        });
    if (!screened) return pass(screened);
    memory_.reset();  // the collector counts them
    for (Held& held : held_) {
      if (auto added = rows_.add(std::move(held.batch)); !added) return pass(added);
    }
    return rows_.finish();
  }

 private:
  static constexpr std::uint64_t kBytesOfRow = sizeof(std::uint32_t) + sizeof(std::uint64_t);

  Result<void> hand_on(Held last) {
    memory_.reset();
    for (Held& held : std::exchange(held_, {})) {
      if (auto added = rows_.add(std::move(held.batch)); !added) return added;
    }
    return rows_.add(std::move(last.batch));
  }

  ExecutionContext& context_;
  RowCollector rows_;
  std::optional<Reservation> memory_;  // none: nothing waits any more
  std::vector<Held> held_;
};

bool is_worth_it(const TopNode& top, const Pipeline& input) {
  return top.count > 0 && top.count <= kMostWanted && !top.keys.empty() &&
         input.rows() / kFewRows >= top.count &&
         std::all_of(top.keys.begin() + 1, top.keys.end(), [](const SortKey& key) {
           return key.expression.kind == ExpressionKind::kColumn;
         });
}

bool is_number(const ColumnShape& shape) {
  switch (shape.representation) {
    case Representation::kInt64:
    case Representation::kFloat64:
    case Representation::kBool:
      return true;
    case Representation::kCode:
      return shape.dictionary != nullptr && shape.dictionary->kind() == DictionaryKind::kInt64;
    default:
      return false;
  }
}

}  // namespace

Result<std::optional<Relation>> screened_rows(const TopNode& top, const Pipeline& input,
                                              ExecutionContext& context) {
  if (!is_worth_it(top, input)) return std::nullopt;
  std::vector<Expression> expressions = top.per;
  for (const SortKey& key : top.keys) expressions.push_back(key.expression);
  auto reader = MorselReader::open(input, expressions, context);
  if (!reader) return pass(std::move(reader));
  const std::size_t fields = input.fields().size();
  const std::span shapes = std::span(reader->shapes()).subspan(fields);
  if (!is_number(shapes[top.per.size()])) return std::nullopt;

  std::vector<Thread> threads(static_cast<std::size_t>(context.threads()));
  std::vector<Held> batches(reader->size());
  const auto read = [&](std::size_t item, int worker) -> Result<void> {
    auto batch = reader->read(item, worker);
    if (!batch) return pass(batch);
    Thread& thread = threads[static_cast<std::size_t>(worker)];
    if (!thread.screen) {
      thread.screen = std::make_unique<GroupScreen>(top, shapes, input.rows(), context);
    }
    Held& held = batches[item];
    auto kept = thread.screen->let_through(std::span(batch->columns).subspan(fields), batch->rows,
                                           thread.bits, held.rows);
    if (!kept) return pass(kept);
    batch->columns.resize(fields);
    thread.keep(*batch, *kept);
    held.batch = *std::move(batch);
    held.thread = static_cast<std::size_t>(worker);
    return {};
  };
  HeldBatches held(input.fields(), context);
  const auto collected = [&](std::size_t item) -> Result<bool> {
    if (auto added = held.add(std::exchange(batches[item], {})); !added) return pass(added);
    return true;
  };
  auto done = context.ordered_for(batches.size(), 4 * threads.size(), read, collected);
  if (!done) return pass(done);
  auto relation = held.finish(threads);
  if (!relation) return pass(std::move(relation));
  return std::optional<Relation>(*std::move(relation));
}

}  // namespace stave
