// Dealing pairs of key and others to parts, then splitting and summing part by part: see
// allocated_sums.h.
#include "engine/operators/allocated_sums.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>

#include "engine/operators/allocated_totals.h"
#include "engine/operators/reservation.h"
#include "engine/operators/sum_table.h"
#include "engine/operators/vector_writer.h"
#include "engine/spill/spill_space.h"

namespace stave {
namespace {

constexpr int kPartBits = 8;
constexpr std::size_t kParts = std::size_t{1} << kPartBits;
constexpr std::size_t kChunkPairs = 2048;
constexpr std::uint32_t kResultBatchRows = 16384;

// The pairs of one part that one thread met.
class PairList {
 public:
  // False where a chunk more finds no room.
  bool add(std::uint64_t pair, Reservation& room) {
    if (used_ == kChunkPairs) {
      if (!room.add(kChunkPairs * sizeof(std::uint64_t))) return false;
      chunks_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(kChunkPairs));
      used_ = 0;
    }
    chunks_.back()[used_++] = pair;
    return true;
  }
  void move_to(std::vector<std::uint64_t>& all) {
    for (std::size_t chunk = 0; chunk < chunks_.size(); ++chunk) {
      const std::uint64_t* pairs = chunks_[chunk].get();
      all.insert(all.end(), pairs, pairs + (chunk + 1 < chunks_.size() ? kChunkPairs : used_));
      chunks_[chunk].reset();
    }
    chunks_.clear();
    used_ = kChunkPairs;
  }

 private:
  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;
  std::size_t used_ = kChunkPairs;
};

// Sorts by the lowest `bits`, those above being equal.
void sort_pairs(std::vector<std::uint64_t>& pairs, std::vector<std::uint64_t>& spare, int bits) {
  constexpr int kDigit = 11;
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kDigit) - 1;
  spare.resize(pairs.size());
  for (int shift = 0; shift < bits; shift += kDigit) {
    std::array<std::uint32_t, kMask + 1> places{};
    for (const std::uint64_t pair : pairs) ++places[pair >> shift & kMask];
    std::uint32_t next = 0;
    for (std::uint32_t& place : places) next += std::exchange(place, next);
    for (const std::uint64_t pair : pairs) spare[places[pair >> shift & kMask]++] = pair;
    pairs.swap(spare);
  }
}

// Splits the totals of one key over its counts.
class Splitter {
 public:
  // Parts by place; a total is not negative.
  const std::vector<std::int64_t>& split(std::int64_t total, std::span<const std::uint64_t> weights,
                                         std::uint64_t sum) {
    const auto amount = static_cast<std::uint64_t>(total);
    parts_.resize(weights.size());
    remainders_.resize(weights.size());
    const bool is_narrow = amount <= ~std::uint64_t{0} / sum;
    std::uint64_t left = amount;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      std::uint64_t part = 0;
      if (is_narrow) {
        const std::uint64_t product = amount * weights[i];
        part = product / sum;
        remainders_[i] = product % sum;
      } else {
        const UInt128 product = UInt128{amount} * weights[i];
        part = static_cast<std::uint64_t>(product / sum);
        remainders_[i] = static_cast<std::uint64_t>(product % sum);
      }
      parts_[i] = static_cast<std::int64_t>(part);
      left -= part;
    }
    if (left > 0) give(left, weights);
    return parts_;
  }

 private:
  // A unit each to the largest remainders, then weights, then to who comes first.
  void give(std::uint64_t units, std::span<const std::uint64_t> weights) {
    order_.resize(weights.size());
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::uint32_t>(i);
    const auto border = order_.begin() + static_cast<std::ptrdiff_t>(units);
    std::nth_element(
        order_.begin(), border, order_.end(), [&](std::uint32_t one, std::uint32_t other) {
          if (remainders_[one] != remainders_[other]) {
            return remainders_[one] > remainders_[other];
          }
          return weights[one] != weights[other] ? weights[one] > weights[other] : one < other;
        });
    std::for_each(order_.begin(), border, [&](std::uint32_t place) { ++parts_[place]; });
  }

  std::vector<std::int64_t> parts_;
  std::vector<std::uint64_t> remainders_;
  std::vector<std::uint32_t> order_;
};

class AllocatedSumsRun {
 public:
  AllocatedSumsRun(const AllocatedSums& plan, const std::vector<Field>& fields,
                   const Pipeline& left, ExecutionContext& context)
      : plan_(plan), fields_(fields), left_(left), context_(context), room_(context) {}

  Result<std::optional<Relation>> run(const Relation& right) {
    std::vector<Expression> expressions = {plan_.counts->keys[plan_.key].expression};
    for (const std::size_t other : plan_.others) {
      expressions.push_back(plan_.counts->keys[other].expression);
    }
    auto reader = left_.read(expressions, context_);
    if (!reader) return pass(std::move(reader));
    reader_ = *std::move(reader);
    const std::vector<ColumnShape>& shapes = reader_->shapes();
    auto totals = AllocatedTotals::make(plan_, shapes[0], right, context_);
    if (!totals) return pass(std::move(totals));
    if (!*totals) return std::nullopt;
    totals_ = *std::move(*totals);
    if (!lay_out(shapes)) return std::nullopt;

    const std::vector<Morsel> morsels = left_.morsels(MorselCut::kBlocks);
    threads_ = std::vector<Thread>(static_cast<std::size_t>(context_.threads()));
    auto dealt = context_.parallel_for(morsels.size(), [&](std::size_t item, int worker) {
      return deal(morsels[item], threads_[static_cast<std::size_t>(worker)]);
    });
    if (!dealt) return pass(std::move(dealt));
    if (has_no_room_) return std::nullopt;
    auto split = context_.parallel_for(kParts, [&](std::size_t part, int worker) {
      return split_part(part, threads_[static_cast<std::size_t>(worker)]);
    });
    if (!split) return pass(std::move(split));
    return std::optional(rows());
  }

 private:
  struct Thread {
    std::unique_ptr<Pipeline::Worker> worker;
    Batch batch;
    std::vector<ValueEncoder> encoders;
    std::vector<PairList> parts = std::vector<PairList>(kParts);
    std::vector<std::uint64_t> pairs, spare, places, weights;
    Splitter splitter;
    SumTable sums;
  };

  // Gives each of the others its place in a pair; false where it does not fit.
  bool lay_out(const std::vector<ColumnShape>& shapes) {
    std::uint64_t product = 1;
    others_.resize(plan_.others.size());
    for (std::size_t i = others_.size(); i-- > 0;) {
      const ValueEncoder encoder(shapes[i + 1]);
      if (!encoder.is_fixed() || encoder.size() > std::max<std::uint64_t>(left_.rows(), 4096)) {
        return false;
      }
      others_[i] = RankedCodes(encoder);
      others_[i].stride = product;
      if (__builtin_mul_overflow(product, others_[i].ranks, &product)) return false;
    }
    other_bits_ = static_cast<int>(std::bit_width(product - 1));
    const auto key_bits = static_cast<int>(std::bit_width(totals_.keys()));
    part_shift_ = std::max(0, key_bits - kPartBits);
    std::uint64_t most_sums = 0;
    std::uint64_t most_orders = 0;
    others_product_ = product;
    return other_bits_ + key_bits < 64 &&
           !__builtin_mul_overflow(product, totals_.groups() + 1, &most_sums) &&
           !__builtin_mul_overflow(product, totals_.order_product(), &most_orders);
  }

  Result<void> open(Thread& thread) const {
    thread.worker = reader_->make_worker();
    for (std::size_t i = 0; i < others_.size(); ++i) {
      thread.encoders.emplace_back(reader_->shapes()[i + 1]);
    }
    return {};
  }

  Result<void> deal(const Morsel& morsel, Thread& thread) {
    if (has_no_room_) return {};
    if (!thread.worker) {
      if (auto opened = open(thread); !opened) return opened;
    }
    auto read = reader_->read(morsel, *thread.worker, thread.batch);
    if (!read) return read;
    const Batch& batch = thread.batch;
    std::vector<std::uint64_t>& places = thread.places;
    places.assign(batch.rows, 0);
    for (std::size_t i = 0; i < others_.size(); ++i) {
      const auto codes = thread.encoders[i].encode(batch.columns[i + 1]);
      if (!codes) return pass(codes);
      const std::vector<std::uint32_t>& ranks = others_[i].rank_of_code;
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        places[row] += ranks[(*codes)[row]] * others_[i].stride;
      }
    }
    const auto* keys = batch.columns[0].values<std::uint32_t>();
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      const std::uint32_t key = keys[row];
      if (key == kNullCode || totals_.of(key).empty()) continue;
      const std::uint64_t pair = (std::uint64_t{key} << other_bits_) | places[row];
      if (!thread.parts[key >> part_shift_].add(pair, room_)) {
        has_no_room_ = true;
        return {};
      }
    }
    return {};
  }

  Result<void> split_part(std::size_t part, Thread& thread) {
    std::vector<std::uint64_t>& pairs = thread.pairs;
    pairs.clear();
    for (Thread& from : threads_) from.parts[part].move_to(pairs);
    sort_pairs(pairs, thread.spare, other_bits_ + part_shift_);
    for (auto first = pairs.begin(); first != pairs.end();) {
      const std::uint64_t key = *first >> other_bits_;
      const auto last = std::find_if(
          first, pairs.end(), [&](std::uint64_t pair) { return pair >> other_bits_ != key; });
      split_key(static_cast<std::uint32_t>(key), {first, last}, thread);
      first = last;
    }
    return {};
  }

  void split_key(std::uint32_t key, std::span<const std::uint64_t> pairs, Thread& thread) const {
    const std::uint64_t mask = (std::uint64_t{1} << other_bits_) - 1;
    thread.places.clear();
    thread.weights.clear();
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (i == 0 || pairs[i] != pairs[i - 1]) {
        thread.places.push_back(pairs[i] & mask);
        thread.weights.push_back(0);
      }
      ++thread.weights.back();
    }
    for (const AllocatedTotals::Total& total : totals_.of(key)) {
      const auto& parts = thread.splitter.split(total.amount, thread.weights, pairs.size());
      thread.sums.add(total.group * others_product_, thread.places, parts);
    }
  }

  struct Row {
    std::uint64_t order;
    std::uint64_t place;
    Int128 sum;
  };

  // Of the sums of all threads, by key.
  std::vector<Row> ordered_rows() {
    SumTable all = std::move(threads_.front().sums);
    for (const Thread& thread : std::span(threads_).subspan(1)) all.merge(thread.sums);
    std::vector<Row> rows;
    rows.reserve(all.size());
    for (const SumTable::Slot& slot : all.slots()) {
      if (slot.number == 0) continue;
      std::uint64_t order = 0;
      for (const AllocatedSums::Group& group : plan_.groups) {
        order = order * ranks_of(group) + rank_at(slot.number - 1, group);
      }
      rows.push_back({order, slot.number - 1, slot.sum});
    }
    std::ranges::sort(rows, {}, &Row::order);
    return rows;
  }

  std::uint64_t ranks_of(const AllocatedSums::Group& group) const {
    return group.is_right ? totals_.column(group.at).ranks : others_[group.at].ranks;
  }
  std::uint32_t rank_at(std::uint64_t place, const AllocatedSums::Group& group) const {
    if (group.is_right) return totals_.rank(place / others_product_, group.at);
    const RankedCodes& other = others_[group.at];
    return static_cast<std::uint32_t>(place % others_product_ / other.stride % other.ranks);
  }

  Relation rows() {
    const std::vector<Row> rows = ordered_rows();
    Relation relation;
    relation.fields = fields_;
    relation.rows = rows.size();
    std::vector<ValueEncoder> encoders;
    for (const ColumnShape& shape : reader_->shapes()) encoders.emplace_back(shape);
    std::vector<std::uint32_t> codes;
    for (std::size_t first = 0; first < rows.size(); first += kResultBatchRows) {
      const std::size_t end = std::min<std::size_t>(rows.size(), first + kResultBatchRows);
      Batch batch;
      batch.rows = static_cast<std::uint32_t>(end - first);
      for (const AllocatedSums::Group& group : plan_.groups) {
        const RankedCodes& ranked = group.is_right ? totals_.column(group.at) : others_[group.at];
        codes.clear();
        for (std::size_t row = first; row < end; ++row) {
          codes.push_back(ranked.code_of_rank[rank_at(rows[row].place, group)]);
        }
        batch.columns.push_back(group.is_right ? totals_.encoder(group.at).decode(codes)
                                               : encoders[group.at + 1].decode(codes));
      }
      ColumnShape shape;
      shape.type = fields_.back().type;
      shape.representation = Representation::kInt128;
      VectorWriter writer(shape, batch.rows);
      for (std::size_t row = first; row < end; ++row) {
        writer.values<Int128>()[row - first] = rows[row].sum;
      }
      batch.columns.push_back(writer.finish());
      relation.batches.push_back(std::move(batch));
    }
    return relation;
  }

  const AllocatedSums& plan_;
  const std::vector<Field>& fields_;
  const Pipeline& left_;
  ExecutionContext& context_;
  Reservation room_;
  std::atomic<bool> has_no_room_ = false;
  std::shared_ptr<const Pipeline::Reader> reader_;
  AllocatedTotals totals_;
  std::vector<RankedCodes> others_;
  std::uint64_t others_product_ = 1;
  int other_bits_ = 0;
  int part_shift_ = 0;
  std::vector<Thread> threads_;
};

}  // namespace

Result<std::optional<Relation>> run_allocated_sums(const AllocatedSums& plan,
                                                   const std::vector<Field>& fields,
                                                   const Pipeline& left, const Relation& right,
                                                   ExecutionContext& context) {
  const bool is_wide = representation_of(fields.back().type) == Representation::kInt128;
  if (!is_wide || right.spilled || context.spill().is_too_large(left.rows())) {
    return std::nullopt;
  }
  return AllocatedSumsRun(plan, fields, left, context).run(right);
}

}  // namespace stave
