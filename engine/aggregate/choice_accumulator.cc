// first_by and last_by: the value of the row that comes first (or last) by the order keys; ties by
// the remaining keys, then by the value, ascending. Rows with a null among the arguments do not
// take part. Most rows lose by the first key, which is all that is looked at then.
#include <algorithm>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/value_words.h"

namespace stave {
namespace {

class OrderedChoice : public Accumulator {
 public:
  OrderedChoice(const AggregateCall& call, std::span<const ColumnShape> shapes)
      : is_last_(call.function == AggregateFunction::kLastBy), others_(shapes.size() - 1) {
    for (const ColumnShape& shape : shapes) columns_.emplace_back(shape);
  }

  void resize(std::uint32_t groups) override {
    keys_.resize(groups);
    is_there_.resize(groups);
    best_.resize(std::size_t{groups} * others_);
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    bool may_have_nulls = false;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (auto read = columns_[column].read(arguments[column]); !read) return read;
      may_have_nulls |= columns_[column].may_have_nulls();
    }
    const auto offer_row = [&](std::uint32_t group, std::uint32_t row) {
      if (loses_by_key(group, columns_[1].word(row))) return;
      if (may_have_nulls && has_null(row)) return;
      offer(group, [&](std::size_t column) { return columns_[column].word(row); });
    };
    // Every row is looked at: which of them hold nulls matters for those alone that may win.
    for_each_value(rows, Vector(), std::span<std::uint64_t>(keys_), offer_row);
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const OrderedChoice&>(other);
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (auto adopted = columns_[column].adopt(from.columns_[column]); !adopted) return adopted;
    }
    for (std::size_t group = 0; group < targets.size(); ++group) {
      if (from.is_there_[group] == 0) continue;
      offer(targets[group],
            [&](std::size_t column) { return columns_[column].adopted(from.word(group, column)); });
    }
    return {};
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (kept[i] == first + i) continue;
      std::copy_n(best_.begin() + static_cast<std::ptrdiff_t>(kept[i] * others_), others_,
                  best_.begin() + static_cast<std::ptrdiff_t>((first + i) * others_));
    }
    best_.resize((first + kept.size()) * others_);
    retain_states(keys_, first, kept);
    retain_states(is_there_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<std::uint64_t> words(order.size());
    std::vector<std::uint8_t> is_there(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      words[row] = word(order[row], 0);
      is_there[row] = is_there_[order[row]];
    }
    return columns_[0].decode(words, is_there);
  }

  std::size_t memory_bytes() const override {
    std::size_t bytes =
        (keys_.capacity() + best_.capacity()) * sizeof(std::uint64_t) + is_there_.capacity();
    for (const ValueWords& column : columns_) bytes += column.memory_bytes();
    return bytes;
  }

 private:
  // The word that a group holds of a column. The first key stands by itself.
  std::uint64_t word(std::size_t group, std::size_t column) const {
    return column == 1 ? keys_[group] : best_[place(group, column)];
  }
  std::size_t place(std::size_t group, std::size_t column) const {
    return group * others_ + (column == 0 ? 0 : column - 1);
  }

  bool has_null(std::uint32_t row) const {
    return std::any_of(columns_.begin(), columns_.end(),
                       [row](const ValueWords& column) { return column.is_null(row); });
  }

  // Cheap, and sure only where it says yes.
  bool loses_by_key(std::uint32_t group, std::uint64_t key) const {
    if (!columns_[1].are_ordered() || is_there_[group] == 0) return false;
    return is_last_ ? key < keys_[group] : key > keys_[group];
  }

  template <typename WordOf>
  void offer(std::uint32_t group, const WordOf& word_of) {
    if (is_there_[group] != 0 && !wins(group, word_of)) return;
    is_there_[group] = 1;
    keys_[group] = word_of(1);
    best_[place(group, 0)] = word_of(0);
    for (std::size_t column = 2; column < columns_.size(); ++column) {
      best_[place(group, column)] = word_of(column);
    }
  }

  template <typename WordOf>
  bool wins(std::uint32_t group, const WordOf& word_of) const {
    for (std::size_t column = 1; column < columns_.size(); ++column) {
      const int order = columns_[column].compare(word_of(column), word(group, column));
      // Only the first key is reversed by last_by: ties are ascending either way.
      if (order != 0) return (order < 0) != (is_last_ && column == 1);
    }
    return columns_[0].compare(word_of(0), word(group, 0)) < 0;
  }

  bool is_last_;
  std::size_t others_;  // columns but the first key
  std::vector<ValueWords> columns_;
  std::vector<std::uint64_t> keys_;     // the word of the first key, by group
  std::vector<std::uint8_t> is_there_;  // whether the group has a row yet
  std::vector<std::uint64_t> best_;     // `others_` words for each group
};

}  // namespace

std::unique_ptr<Accumulator> make_ordered_choice(const AggregateCall& call,
                                                 std::span<const ColumnShape> shapes) {
  return std::make_unique<OrderedChoice>(call, shapes);
}

}  // namespace stave
