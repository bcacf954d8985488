// Rows in the order of their keys. Where key and row number fit into 64 bits together, these are
// sorted as plain integers; the row number makes it stable.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <vector>

#include "engine/operators/bucket_sort.h"
#include "engine/operators/order_keys.h"

namespace stave {

namespace {

constexpr std::size_t kRowsPerItem = 16384;

// Calls body(number) for so many rows or places, by all threads.
template <typename Body>
Result<void> for_each_row(std::size_t rows, const Body& body, ExecutionContext& context) {
  const std::size_t items = (rows + kRowsPerItem - 1) / kRowsPerItem;
  return context.parallel_for(items, [&](std::size_t item, int) -> Result<void> {
    const std::size_t end = std::min(rows, (item + 1) * kRowsPerItem);
    for (std::size_t row = item * kRowsPerItem; row < end; ++row) body(row);
    return {};
  });
}

// Marks where keys change, `differ(left, right, columns)` telling of two entries.
template <typename Entry, typename Differ>
Result<void> mark_borders(const std::vector<Entry>& entries, const Differ& differ,
                          std::span<KeyBorders> borders, ExecutionContext& context) {
  for (KeyBorders& border : borders) {
    border.begins.resize(entries.size());
    const auto mark = [&](std::size_t place) {
      const bool begins = place == 0 || differ(entries[place - 1], entries[place], border.columns);
      border.begins[place] = begins ? 1 : 0;
    };
    if (auto done = for_each_row(entries.size(), mark, context); !done) return done;
  }
  return {};
}

// The rows of sorted entries; `row_of(entry)`.
template <typename Entry, typename RowOf>
Result<std::vector<RowNumber>> rows_of(const std::vector<Entry>& entries, const RowOf& row_of,
                                       ExecutionContext& context) {
  std::vector<RowNumber> rows(entries.size());
  const auto take = [&](std::size_t place) { rows[place] = row_of(entries[place]); };
  if (auto done = for_each_row(entries.size(), take, context); !done) return pass(done);
  return rows;
}

// Fills `entries[row]` with `entry_of(row)`.
template <typename Entry, typename EntryOf>
Result<void> fill(std::vector<Entry>& entries, const EntryOf& entry_of, ExecutionContext& context) {
  const auto put = [&](std::size_t row) { entries[row] = entry_of(static_cast<RowNumber>(row)); };
  return for_each_row(entries.size(), put, context);
}

// Whether the highest `prefix` of so many bits of two words differ.
bool differ_in(std::uint64_t left, std::uint64_t right, unsigned bits, unsigned prefix) {
  return prefix > 0 && (left ^ right) >> (bits - prefix) != 0;
}

Result<std::vector<RowNumber>> sort_wide(const OrderKeys& keys, ExecutionContext& context,
                                         std::span<KeyBorders> borders) {
  std::vector<KeyedRow> entries(keys.rows());
  auto done = fill(
      entries,
      [&](RowNumber row) {
        return KeyedRow{keys.words(row)[0], row};
      },
      context);
  if (!done) return pass(done);
  const bool is_one_word = keys.words_per_row() == 1;
  const auto less = [&keys, is_one_word](const KeyedRow& left, const KeyedRow& right) {
    if (left.word != right.word) return left.word < right.word;
    const int rest = is_one_word ? 0 : keys.compare(left.row, right.row);
    return rest != 0 ? rest < 0 : left.row < right.row;
  };
  if (!std::is_sorted(entries.begin(), entries.end(), less)) {
    const WordBits bits{is_one_word ? 64 - keys.bits() : 0, 64, is_one_word};
    done = bucket_sort(entries, bits, less, context);
    if (!done) return pass(done);
  }
  const auto differ = [&](const KeyedRow& left, const KeyedRow& right, std::size_t columns) {
    const unsigned prefix = keys.bits(columns);
    if (differ_in(left.word, right.word, 64, std::min(prefix, 64U))) return true;
    return prefix > 64 && !keys.equal(left.row, right.row, columns);
  };
  done = mark_borders(entries, differ, borders, context);
  if (!done) return pass(done);
  return rows_of(
      entries, [](const KeyedRow& entry) { return entry.row; }, context);
}

}  // namespace

Result<std::vector<RowNumber>> sorted_rows(const OrderKeys& keys, ExecutionContext& context,
                                           std::span<KeyBorders> borders) {
  const auto row_bits = static_cast<unsigned>(std::bit_width(keys.rows()));
  if (keys.bits() + row_bits > 64) return sort_wide(keys, context, borders);
  std::vector<std::uint64_t> entries(keys.rows());
  auto done = fill(
      entries,
      [&](RowNumber row) {
        const std::uint64_t key = keys.bits() == 0 ? 0 : keys.words(row)[0] >> (64 - keys.bits());
        return key << row_bits | row;
      },
      context);
  if (!done) return pass(done);
  // What comes from grouping is often in order already.
  if (!std::is_sorted(entries.begin(), entries.end())) {
    done = bucket_sort(entries, {row_bits, row_bits + keys.bits(), true}, std::less<>(), context);
    if (!done) return pass(done);
  }
  const auto differ = [&](std::uint64_t left, std::uint64_t right, std::size_t columns) {
    return differ_in(left, right, row_bits + keys.bits(), keys.bits(columns));
  };
  done = mark_borders(entries, differ, borders, context);
  if (!done) return pass(done);
  const std::uint64_t row_mask = (std::uint64_t{1} << row_bits) - 1;
  return rows_of(
      entries, [row_mask](std::uint64_t entry) { return static_cast<RowNumber>(entry & row_mask); },
      context);
}

}  // namespace stave
