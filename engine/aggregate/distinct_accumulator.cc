// distinct(x): exact. Values become dense codes. A group has a bit for each code where these are
// few; else what is marked or set aside depends on how many groups there are.
#include <algorithm>
#include <bit>

#include "engine/aggregate/collecting_accumulator.h"
#include "engine/aggregate/distinct_method.h"
#include "engine/aggregate/result_vector.h"
#include "engine/kernels/mark.h"

namespace stave {
namespace {

// Codes that a group has bits for: 32 bytes for each group at most.
constexpr std::uint32_t kMostBits = 256;  // a code is a byte then

class DistinctBits : public Accumulator {
 public:
  DistinctBits(const AggregateCall& call, ValueEncoder encoder)
      : type_(call.type), encoder_(std::move(encoder)), words_((encoder_.size() + 63) / 64) {}

  void resize(std::uint32_t groups) override {
    bits_.resize(std::size_t{groups} * words_);
    last_.resize(groups, kNullCode);
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    auto codes = encoder_.encode(arguments[0]);
    if (!codes) return pass(codes);
    if (rows.groups != nullptr && bits_.size() <= kNearWords) {
      kernels::set_marks_by_group(bits_.data(), words_, 0, rows.groups, *codes, rows.rows);
      return {};
    }
    if (batches_to_mark_ > 0) {
      --batches_to_mark_;
      for (std::uint32_t row = 0; row < rows.rows; ++row) mark(group_of(rows, row), (*codes)[row]);
      return {};
    }
    const std::size_t changes = last_.size() <= kNearGroups || rows.groups == nullptr
                                    ? find_changes<false>(rows, *codes)
                                    : find_changes<true>(rows, *codes);
    std::size_t marked = 0;
    for (std::size_t i = 0; i < changes; ++i) {
      const Change change(changes_[i]);
      if (i + kPrefetchAhead < changes) {
        const Change ahead(changes_[i + kPrefetchAhead]);
        // Most groups meet one code only, and their bits are never touched.
        if (ahead.before != kNullCode) __builtin_prefetch(&bits_[ahead.group * words_], 1);
      }
      if (change.before == kNullCode) continue;
      mark(change.group, change.before);
      mark(change.group, change.code);
      ++marked;
    }
    if (marked * kRowsForEachChange > rows.rows) batches_to_mark_ = kBatchesToMark;
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const DistinctBits&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      const std::uint32_t target = targets[group];
      for (std::size_t word = 0; word < words_; ++word) {
        const std::uint64_t bits = from.bits_[group * words_ + word];
        if (bits != 0) bits_[target * words_ + word] |= bits;
      }
      const std::uint8_t last = from.last_[group];
      if (last == kNullCode || last == last_[target]) continue;
      if (last_[target] == kNullCode) {
        last_[target] = last;
      } else {
        mark(target, last);
      }
    }
    return {};
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      std::copy_n(bits_.begin() + static_cast<std::ptrdiff_t>(kept[i] * words_), words_,
                  bits_.begin() + static_cast<std::ptrdiff_t>((first + i) * words_));
    }
    retain_states(last_, first, kept);
    bits_.resize((first + kept.size()) * words_);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<std::int64_t> values(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      const std::uint64_t* bits = bits_.data() + order[row] * words_;
      const std::uint32_t last = last_[order[row]];
      values[row] = -static_cast<std::int64_t>(bits[0] & 1);  // null is code 0
      for (std::size_t word = 0; word < words_; ++word) values[row] += std::popcount(bits[word]);
      const bool is_marked = last == kNullCode || (bits[last / 64] >> (last % 64) & 1) != 0;
      values[row] += is_marked ? 0 : 1;
    }
    return make_vector(type_, Representation::kInt64, std::move(values),
                       ValidityBits(order.size()));
  }

  std::size_t memory_bytes() const override {
    return bits_.capacity() * sizeof(std::uint64_t) + last_.capacity() + encoder_.memory_bytes();
  }

 private:
  // Where more rows than one in so many hold another code than the one before of their group, the
  // last codes are left alone for some batches.
  static constexpr std::uint32_t kRowsForEachChange = 4;
  static constexpr int kBatchesToMark = 16;
  static constexpr std::uint32_t kPrefetchAhead = 16;

  // Bits of so many words stay in a core's cache: to set one takes less than to look at a last
  // code.
  static constexpr std::size_t kNearWords = std::size_t{1} << 15;
  // Last codes of so many groups stay in a core's cache.
  static constexpr std::size_t kNearGroups = std::size_t{1} << 18;

  // Another code than the one before of its group, as one word.
  struct Change {
    explicit Change(std::uint64_t word)
        : group(static_cast<std::uint32_t>(word)),
          before(static_cast<std::uint8_t>(word >> 32)),
          code(static_cast<std::uint8_t>(word >> 40)) {}
    static std::uint64_t word(std::uint32_t group, std::uint32_t before, std::uint32_t code) {
      return std::uint64_t{code} << 40 | std::uint64_t{before} << 32 | group;
    }
    std::size_t group;
    std::uint32_t before;
    std::uint32_t code;
  };

  // Writes `changes_`, and gives how many there are. A row of another code than the one before
  // cannot be foreseen where several take turns: it is written down without a branch.
  template <bool kPrefetches>
  std::size_t find_changes(const GroupRows& rows, const std::uint32_t* codes) {
    if (changes_.size() < rows.rows) changes_.resize(rows.rows);
    std::uint64_t* changes = changes_.data();
    std::uint8_t* last = last_.data();
    const std::uint32_t* groups = rows.groups;
    const std::uint32_t count = rows.rows;
    std::size_t found = 0;
    for (std::uint32_t row = 0; row < count; ++row) {
      if (kPrefetches && row + kPrefetchAhead < count) {
        __builtin_prefetch(last + groups[row + kPrefetchAhead], 1);
      }
      const std::uint32_t group = groups == nullptr ? rows.group : groups[row];
      const std::uint32_t before = last[group];
      const std::uint32_t code = codes[row] == kNullCode ? before : codes[row];
      last[group] = static_cast<std::uint8_t>(code);
      changes[found] = Change::word(group, before, code);
      found += before != code ? 1U : 0U;
    }
    return found;
  }

  static std::uint32_t group_of(const GroupRows& rows, std::uint32_t row) {
    return rows.groups == nullptr ? rows.group : rows.groups[row];
  }
  void mark(std::size_t group, std::uint32_t code) {
    bits_[group * words_ + code / 64] |= std::uint64_t{1} << (code % 64);
  }

  Type type_;
  ValueEncoder encoder_;
  std::size_t words_;
  std::vector<std::uint64_t> bits_;  // words_ for each group
  // A code of each group, or null: most groups see few codes but many rows, and a byte for each
  // stays in a cache where its bits do not. It may be the one code that is not marked.
  std::vector<std::uint8_t> last_;
  int batches_to_mark_ = 0;
  std::vector<std::uint64_t> changes_;  // of the batch, and room for more
};

}  // namespace

std::unique_ptr<Accumulator> make_distinct(const AggregateCall& call, const ColumnShape& shape,
                                           const MarkRoom& room) {
  ValueEncoder encoder(shape);
  if (encoder.is_fixed() && encoder.size() <= kMostBits) {
    return std::make_unique<DistinctBits>(call, std::move(encoder));
  }
  if (encoder.is_fixed()) return make_marked_distinct(call, shape, room);
  return std::make_unique<CollectingAccumulator<DistinctMethod>>(call, shape);
}

}  // namespace stave
