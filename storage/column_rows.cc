// Rows are gathered block by block on their way to the writer: there is no second copy of a column.
#include "storage/column_rows.h"

#include <algorithm>
#include <cstring>

#include "storage/codec/block.h"

namespace stave {
namespace {

template <typename T>
void append_values(const std::vector<T>& from, std::uint32_t count, std::vector<T>& to) {
  to.insert(to.end(), from.begin(), from.begin() + count);
}

template <typename T>
std::span<const T> gather(const std::vector<T>& from, std::span<const std::uint32_t> order,
                          std::vector<T>& block) {
  block.clear();
  for (const std::uint32_t row : order) {
    block.push_back(from[row]);
  }
  return block;
}

// One block on its way to the writer.
struct Gathered {
  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::vector<std::string_view> strings;
  std::vector<std::uint64_t> validity;
};

}  // namespace

void ColumnRows::append(const DecodedBlock& block) {
  switch (physical_) {
    case Physical::kCode:
      append_values(block.codes, block.rows, codes_);
      break;
    case Physical::kInt64:
      append_values(block.int64s, block.rows, int64s_);
      break;
    case Physical::kInt128:
      append_values(block.int128s, block.rows, int128s_);
      break;
    case Physical::kFloat64:
      append_values(block.float64s, block.rows, float64s_);
      break;
    case Physical::kString:
      for (std::uint32_t row = 0; row < block.rows; ++row) {
        const std::string_view text = block.strings[row];
        const std::span<char> copy = text_.take<char>(text.size());
        std::copy(text.begin(), text.end(), copy.begin());
        strings_.emplace_back(copy.data(), copy.size());
      }
      break;
  }
  for (std::uint32_t row = 0; row < block.rows; ++row) {
    if (physical_ == Physical::kCode) {
      has_values_ = has_values_ || block.codes[row] != kNullCode;
    } else {
      valid_.push_back(is_valid(block.validity, row));
      has_values_ = has_values_ || valid_.back();
    }
  }
  rows_ += block.rows;
}

void ColumnRows::append_nulls(std::uint32_t count) {
  rows_ += count;
  switch (physical_) {
    case Physical::kCode:
      codes_.resize(rows_);
      return;
    case Physical::kInt64:
      int64s_.resize(rows_);
      break;
    case Physical::kInt128:
      int128s_.resize(rows_);
      break;
    case Physical::kFloat64:
      float64s_.resize(rows_);
      break;
    case Physical::kString:
      strings_.resize(rows_);
      break;
  }
  valid_.resize(rows_);
}

Result<void> ColumnRows::append(const ColumnFileReader& file, std::uint32_t rows) {
  const std::uint32_t before = rows_;
  DecodedBlock block;
  for (std::uint32_t i = 0; i < file.blocks().size(); ++i) {
    if (auto read = file.read_block(i, block); !read) {
      return read;
    }
    append(block);
  }
  const std::uint32_t appended = rows_ - before;
  append_nulls(rows - std::min(rows, appended));
  return {};
}

Result<void> ColumnRows::write(std::span<const std::uint32_t> order, ColumnFileWriter& writer,
                               const Predict& predict) const {
  Gathered block;
  std::uint32_t first_row = 0;
  while (!order.empty()) {
    const auto part = order.first(std::min<std::size_t>(order.size(), kBlockRows));
    order = order.subspan(part.size());
    ColumnValues values;
    values.physical = physical_;
    values.rows = static_cast<std::uint32_t>(part.size());
    switch (physical_) {
      case Physical::kCode:
        values.codes = gather(codes_, part, block.codes);
        break;
      case Physical::kInt64:
        values.int64s = gather(int64s_, part, block.int64s);
        break;
      case Physical::kInt128:
        values.int128s = gather(int128s_, part, block.int128s);
        break;
      case Physical::kFloat64:
        values.float64s = gather(float64s_, part, block.float64s);
        break;
      case Physical::kString:
        values.strings = gather(strings_, part, block.strings);
        break;
    }
    if (physical_ != Physical::kCode) {
      bool has_nulls = false;
      block.validity.assign((part.size() + 63) / 64, 0);
      for (std::size_t i = 0; i < part.size(); ++i) {
        const bool valid = valid_[part[i]];
        block.validity[i / 64] |= std::uint64_t{valid} << (i % 64);
        has_nulls = has_nulls || !valid;
      }
      if (has_nulls) {
        values.validity = block.validity;
      }
    }
    auto appended =
        predict ? writer.append_block(values, predict(first_row, values)) : writer.append(values);
    if (!appended) {
      return appended;
    }
    first_row += values.rows;
  }
  return {};
}

}  // namespace stave
