// See top_screen.h.
#include "engine/operators/top_screen.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/aggregate/group_index.h"
#include "engine/aggregate/value_encoder.h"
#include "engine/operators/morsel_reader.h"
#include "engine/operators/ordered_bits.h"
#include "engine/operators/reservation.h"
#include "engine/runtime/select_rows.h"
#include "engine/spill/row_collector.h"

namespace stave {
namespace {

constexpr std::uint64_t kMostWanted = 64;
constexpr std::uint64_t kFewRows = 256;
constexpr std::uint64_t kMostSlots = std::uint64_t{1} << 24;
// A thread that has seen so many rows and let half of them pass screens no more.
constexpr std::uint64_t kTrialRows = std::uint64_t{1} << 20;

constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();

// Of one thread.
class Screen {
 public:
  Screen(const TopNode& top, std::span<const ColumnShape> per, std::uint64_t rows,
         ExecutionContext& context)
      : wanted_(static_cast<std::size_t>(top.count)),
        descending_(top.keys[0].descending),
        memory_(context) {
    std::vector<std::uint32_t> sizes;
    for (const ColumnShape& shape : per) {
      encoders_.emplace_back(shape);
      sizes.push_back(encoders_.back().is_fixed() ? encoders_.back().size() : 0);
    }
    if (!per.empty()) {
      const std::uint64_t slots = std::min(rows * 2, kMostSlots);
      groups_.emplace(std::move(sizes), slots, GroupStrategy::kAutomatic);
    }
  }

  // `columns`: what `per` is, then the first key. Gives how many rows stay and, where these are
  // not all, sets their bits.
  Result<std::uint32_t> let_through(std::span<const Vector> columns, std::uint32_t rows,
                                    std::vector<std::uint64_t>& bits) {
    bits.assign((rows + 63) / 64, 0);
    if (is_over_) return rows;
    const std::uint32_t* groups = nullptr;
    if (groups_) {
      codes_.clear();
      for (std::size_t key = 0; key < encoders_.size(); ++key) {
        auto codes = encoders_[key].encode(columns[key]);
        if (!codes) return pass(codes);
        codes_.push_back(*codes);
      }
      groups = groups_->find(codes_, rows);
    }
    if (!make_room(groups_ ? groups_->groups() : 1)) return rows;
    const Vector& key = columns.back();
    std::uint32_t kept = 0;
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (!stays(groups == nullptr ? 0 : groups[row], place_of(key, row))) continue;
      bits[row / 64] |= std::uint64_t{1} << row % 64;
      ++kept;
    }
    seen_ += rows;
    passed_ += kept;
    is_over_ = is_over_ || (seen_ >= kTrialRows && passed_ > seen_ / 2);
    return kept;
  }

 private:
  // Without room nothing is screened any more.
  bool make_room(std::size_t groups) {
    if (best_.size() >= groups * wanted_) return true;
    const std::size_t size = std::max(groups * wanted_, best_.size() * 2);
    if (!memory_.add((size - best_.size()) * sizeof(std::uint64_t))) {
      is_over_ = true;
      return false;
    }
    best_.resize(size, kLast);
    return true;
  }

  // Smaller comes first.
  std::uint64_t place_of(const Vector& key, std::uint32_t row) const {
    if (key.validity != nullptr && (key.validity[row / 64] >> row % 64 & 1) == 0) return kLast;
    std::uint64_t place = 0;
    switch (key.representation) {
      case Representation::kFloat64:
        place = ordered_bits(key.values<double>()[row]);
        break;
      case Representation::kBool:
        place = key.values<std::uint8_t>()[row];
        break;
      default:
        place = ordered_bits(key.values<std::int64_t>()[row]);
    }
    return descending_ ? ~place : place;
  }

  // The best places of a group stand together, the last of them first.
  bool stays(std::uint32_t group, std::uint64_t place) {
    std::uint64_t* best = best_.data() + group * wanted_;
    if (place > best[0]) return false;
    std::size_t at = 0;
    for (; at + 1 < wanted_ && best[at + 1] > place; ++at) best[at] = best[at + 1];
    best[at] = place;
    return true;
  }

  std::size_t wanted_;
  bool descending_;
  std::vector<ValueEncoder> encoders_;
  std::optional<GroupIndex> groups_;
  std::vector<const std::uint32_t*> codes_;
  std::vector<std::uint64_t> best_;  // wanted_ for each group; kLast: not met yet
  Reservation memory_;
  std::uint64_t seen_ = 0;
  std::uint64_t passed_ = 0;
  bool is_over_ = false;
};

struct Thread {
  std::unique_ptr<Screen> screen;
  BufferRecycler buffers;
  std::vector<std::uint64_t> bits;
};

bool is_worth_it(const TopNode& top, const Pipeline& input) {
  return top.count > 0 && top.count <= kMostWanted && !top.keys.empty() &&
         input.rows() >= kFewRows &&
         std::all_of(top.keys.begin() + 1, top.keys.end(), [](const SortKey& key) {
           return key.expression.kind == ExpressionKind::kColumn;
         });
}

bool is_number(Representation representation) {
  return representation == Representation::kInt64 || representation == Representation::kFloat64 ||
         representation == Representation::kBool;
}

}  // namespace

Result<std::optional<Relation>> screened_rows(const TopNode& top, const Pipeline& input,
                                              ExecutionContext& context) {
  if (!is_worth_it(top, input)) return std::nullopt;
  std::vector<Expression> expressions = top.per;
  expressions.push_back(top.keys[0].expression);
  auto reader = MorselReader::open(input, expressions, context);
  if (!reader) return pass(std::move(reader));
  const std::size_t fields = input.fields().size();
  const std::span shapes = std::span(reader->shapes()).subspan(fields);
  if (!is_number(shapes.back().representation)) return std::nullopt;

  std::vector<Thread> threads(static_cast<std::size_t>(context.threads()));
  std::vector<Batch> batches(reader->size());
  const auto read = [&](std::size_t item, int worker) -> Result<void> {
    auto batch = reader->read(item, worker);
    if (!batch) return pass(batch);
    Thread& thread = threads[static_cast<std::size_t>(worker)];
    if (!thread.screen) {
      thread.screen =
          std::make_unique<Screen>(top, shapes.first(top.per.size()), input.rows(), context);
    }
    auto kept = thread.screen->let_through(std::span(batch->columns).subspan(fields), batch->rows,
                                           thread.bits);
    if (!kept) return pass(kept);
    batch->columns.resize(fields);
    if (*kept < batch->rows) {
      for (Vector& column : batch->columns) {
        column = compress(column, thread.bits.data(), *kept, thread.buffers);
      }
      batch->rows = *kept;
    }
    batches[item] = *std::move(batch);
    return {};
  };
  RowCollector rows(input.fields(), context);
  const auto collected = [&](std::size_t item) -> Result<bool> {
    if (auto added = rows.add(std::exchange(batches[item], {})); !added) return pass(added);
    return true;
  };
  auto done = context.ordered_for(batches.size(), 4 * threads.size(), read, collected);
  if (!done) return pass(done);
  auto relation = rows.finish();
  if (!relation) return pass(std::move(relation));
  return std::optional<Relation>(*std::move(relation));
}

}  // namespace stave
