// Rows in the order of their keys. Where key and row number fit into 64 bits together, which is
// nearly always, these are sorted as plain integers by radix; the row number makes it stable.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <vector>

#include "engine/operators/order_keys.h"
#include "engine/operators/parallel_sort.h"

namespace stave {

namespace {

constexpr unsigned kDigitBits = 8;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
constexpr std::ptrdiff_t kSmallForRadix = 4096;

// A row whose key does not leave room for its number.
struct WideEntry {
  std::uint64_t first_word = 0;
  RowNumber row = 0;
};

std::uint64_t word_of(std::uint64_t entry) {
  return entry;
}
std::uint64_t word_of(const WideEntry& entry) {
  return entry.first_word;
}

// Sorts by the bits of words from `low_bit` up; entries equal in these are in order already.
template <typename Iterator, typename Less>
void radix_sort(Iterator begin, Iterator end, unsigned low_bit, unsigned high_bit,
                const Less& less) {
  if (end - begin < kSmallForRadix) {
    std::sort(begin, end, less);
    return;
  }
  std::vector<typename std::iterator_traits<Iterator>::value_type> other(
      static_cast<std::size_t>(end - begin));
  auto from = begin;
  auto to = other.begin();
  const auto count = end - begin;
  for (unsigned shift = low_bit; shift < high_bit; shift += kDigitBits) {
    std::array<std::ptrdiff_t, kDigits + 1> starts{};
    const auto digit_of = [shift](const auto& entry) {
      return word_of(entry) >> shift & (kDigits - 1);
    };
    for (std::ptrdiff_t place = 0; place < count; ++place) {
      ++starts[digit_of(from[place]) + 1];
    }
    if (std::find(starts.begin(), starts.end(), count) != starts.end()) {
      continue;  // all rows have the same digit
    }
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (std::ptrdiff_t place = 0; place < count; ++place) {
      to[starts[digit_of(from[place])]++] = from[place];
    }
    std::swap(from, to);
  }
  if (from != begin) {
    std::copy(from, from + count, begin);
  }
}

Result<std::vector<RowNumber>> sort_wide(const OrderKeys& keys, ExecutionContext& context) {
  std::vector<WideEntry> entries(keys.rows());
  for (RowNumber row = 0; row < keys.rows(); ++row) {
    entries[row] = {keys.words(row)[0], row};
  }
  const auto less = [&keys](const WideEntry& left, const WideEntry& right) {
    if (left.first_word != right.first_word) {
      return left.first_word < right.first_word;
    }
    const int rest = keys.words_per_row() == 1 ? 0 : keys.compare(left.row, right.row);
    return rest != 0 ? rest < 0 : left.row < right.row;
  };
  if (std::is_sorted(entries.begin(), entries.end(), less)) {
    std::vector<RowNumber> rows(entries.size());
    std::iota(rows.begin(), rows.end(), RowNumber{0});
    return rows;
  }
  // Keys of one word are sorted by their bits as well.
  const auto sorted =
      keys.words_per_row() > 1
          ? parallel_sort(entries, less, context)
          : parallel_sort(
                entries,
                [&](auto begin, auto end) { radix_sort(begin, end, 64 - keys.bits(), 64, less); },
                less, context);
  if (!sorted) {
    return pass(sorted);
  }
  std::vector<RowNumber> rows(entries.size());
  std::transform(entries.begin(), entries.end(), rows.begin(),
                 [](const WideEntry& entry) { return entry.row; });
  return rows;
}

}  // namespace

Result<std::vector<RowNumber>> sorted_rows(const OrderKeys& keys, ExecutionContext& context) {
  std::vector<RowNumber> rows(keys.rows());
  const auto row_bits = static_cast<unsigned>(std::bit_width(keys.rows()));
  if (keys.bits() == 0) {
    std::iota(rows.begin(), rows.end(), RowNumber{0});
    return rows;
  }
  if (keys.bits() + row_bits > 64) {
    return sort_wide(keys, context);
  }
  std::vector<std::uint64_t> entries(keys.rows());
  for (RowNumber row = 0; row < keys.rows(); ++row) {
    entries[row] = keys.words(row)[0] >> (64 - keys.bits()) << row_bits | row;
  }
  // What comes from grouping is often in order already.
  if (std::is_sorted(entries.begin(), entries.end())) {
    std::iota(rows.begin(), rows.end(), RowNumber{0});
    return rows;
  }
  const auto sorted = parallel_sort(
      entries,
      [&](auto begin, auto end) {
        radix_sort(begin, end, row_bits, row_bits + keys.bits(), std::less<>());
      },
      std::less<>(), context);
  if (!sorted) {
    return pass(sorted);
  }
  const std::uint64_t row_mask = (std::uint64_t{1} << row_bits) - 1;
  std::transform(entries.begin(), entries.end(), rows.begin(), [row_mask](std::uint64_t entry) {
    return static_cast<RowNumber>(entry & row_mask);
  });
  return rows;
}

}  // namespace stave
