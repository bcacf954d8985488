// Values are copied as they come; strings by their bytes, and viewed again when asked for.
#include "storage/row_buffer.h"

#include "storage/codec/block.h"

namespace stave {
namespace {

template <typename T>
void copy_rows(std::span<const T> from, std::uint32_t first, std::uint32_t count,
               std::vector<T>& to) {
  const auto part = from.subspan(first, count);
  to.insert(to.end(), part.begin(), part.end());
}

}  // namespace

void RowBuffer::add(const ColumnValues& values, std::uint32_t first, std::uint32_t count) {
  switch (physical_) {
    case Physical::kCode:
      copy_rows(values.codes, first, count, codes_);
      break;
    case Physical::kInt64:
      copy_rows(values.int64s, first, count, int64s_);
      break;
    case Physical::kInt128:
      copy_rows(values.int128s, first, count, int128s_);
      break;
    case Physical::kFloat64:
      copy_rows(values.float64s, first, count, float64s_);
      break;
    case Physical::kString:
      for (std::uint32_t row = first; row < first + count; ++row) {
        const bool valid = is_valid(values.validity, row);
        lengths_.push_back(valid ? values.strings[row].size() : 0);
        text_.append(valid ? values.strings[row] : std::string_view());
      }
      break;
  }
  validity_.resize((rows_ + count + 63) / 64);
  for (std::uint32_t i = 0; i < count; ++i) {
    const bool valid = is_valid(values.validity, first + i);
    const std::uint32_t row = rows_ + i;
    validity_[row / 64] |= std::uint64_t{valid} << (row % 64);
    has_nulls_ |= !valid;
  }
  rows_ += count;
}

ColumnValues RowBuffer::values() {
  strings_.clear();
  std::size_t begin = 0;
  for (const std::size_t length : lengths_) {
    strings_.emplace_back(text_.data() + begin, length);
    begin += length;
  }
  ColumnValues values;
  values.physical = physical_;
  values.rows = rows_;
  values.codes = codes_;
  values.int64s = int64s_;
  values.int128s = int128s_;
  values.float64s = float64s_;
  values.strings = strings_;
  if (has_nulls_) {
    values.validity = validity_;
  }
  return values;
}

void RowBuffer::clear() {
  rows_ = 0;
  has_nulls_ = false;
  codes_.clear();
  int64s_.clear();
  int128s_.clear();
  float64s_.clear();
  lengths_.clear();
  text_.clear();
  validity_.clear();
}

}  // namespace stave
