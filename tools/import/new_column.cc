// The list is given up at kMostListed distinct values, at the first long text, or where nearly
// every value so far was a new one: from then on the column is not worth codes, and texts go
// through as they are. Numbers and times get no codes: their list only saves reading equal ones
// again, and is given up as soon as most are new.
#include "tools/import/new_column.h"

namespace stave::loading {

namespace {

constexpr std::size_t kMostListed = 1'048'576;
// Where a list that is so long has a value for each 20 of 21 rows, there are more than ten times as
// many to come.
constexpr std::size_t kLongList = 65'536;
constexpr std::uint64_t kNewOfEach = 20;
// Of numbers and times.
constexpr std::size_t kLongListOfNumbers = 4096;
constexpr std::size_t kLongestListed = 256;
constexpr std::uint64_t kAlwaysFew = 64;
constexpr std::uint64_t kRowsForEachValue = 4;

}  // namespace

void NewColumn::list_values(std::size_t column, ValueParser& values, ParsedChunk& chunk) {
  ColumnCells& cells = chunk.cells[column];
  if (too_many_) return;
  if (cells.codes.size() < chunk.rows) cells.codes.resize(chunk.rows);
  for (std::uint32_t row = 0; row < chunk.rows; ++row) {
    cells.codes[row] = 0;
    if (chunk.rejected[row] != 0 || cells.is_null(row)) continue;
    const std::string_view text = cells.strings[row];
    ++values_;
    const auto found = positions_.find(text);
    if (found != positions_.end()) {
      cells.codes[row] = found->second;
      continue;
    }
    if (is_full(values) || text.size() > kLongestListed) {
      too_many_ = true;
      return;
    }
    listed_.push_back(texts_.copy(text));
    cells.codes[row] = static_cast<std::uint32_t>(listed_.size());
    positions_.emplace(listed_.back(), cells.codes[row]);
  }
  cells.validity.clear();
  cells.change_physical(Physical::kCode);
}

bool NewColumn::is_full(ValueParser& values) {
  const std::size_t size = listed_.size();
  if (size % kLongListOfNumbers != 0 || size == 0) return false;
  if (size * 2 > values_) {
    observe_listed(values);
    if (guess_.type().kind != TypeKind::kString) return true;
  }
  if (size % kLongList != 0) return false;
  return size == kMostListed || size * (kNewOfEach + 1) > values_ * kNewOfEach;
}

void NewColumn::observe_listed(ValueParser& values) {
  for (; observed_ < listed_.size(); ++observed_) guess_.observe(listed_[observed_], values);
}

Type NewColumn::guess_type(ValueParser& values) {
  observe_listed(values);
  return guess_.type();
}

bool NewColumn::should_be_coded() const {
  // What no value was seen of may hold any text later.
  return is_listed() && !listed_.empty() &&
         (listed_.size() <= kAlwaysFew || listed_.size() * kRowsForEachValue <= values_);
}

}  // namespace stave::loading
