// See delimited_column.h.
#include "tools/output/delimited_column.h"

#include <charconv>
#include <cstring>

#include "query/running/result_view.h"

namespace stave {
namespace {

bool needs_quotes(std::string_view text, char separator) {
  if (text.empty()) return true;
  // All bytes, without a way out: that takes vectors of bytes.
  bool special = false;
  for (const char c : text) {
    special |= (c == separator) | (c == '"') | (c == '\n') | (c == '\r');
  }
  // A reader that skips byte order marks must not take the first cell's for one.
  return special || text.substr(0, 3) == "\xEF\xBB\xBF";
}

// What the engine holds of the column, where the batch is one of the engine's.
const Vector* vector_of(const ResultBatch& batch, std::size_t column) {
  const auto* view = dynamic_cast<const BatchView*>(&batch);
  if (view == nullptr || column >= view->batch().columns.size()) return nullptr;
  const Vector& vector = view->batch().columns[column];
  return vector.data == nullptr || vector.type.kind == TypeKind::kNull ? nullptr : &vector;
}

bool is_coded(const Vector* vector) {
  return vector != nullptr && vector->representation == Representation::kCode &&
         vector->dictionary != nullptr;
}

}  // namespace

void append_delimited(std::string_view text, char separator, GrowingText& out) {
  if (!needs_quotes(text, separator)) {
    out.append(text);
    return;
  }
  out.append('"');
  for (const char c : text) {
    if (c == '"') out.append('"');
    out.append(c);
  }
  out.append('"');
}

DelimitedColumn::DelimitedColumn(const ResultBatch& batch, std::size_t column, Type type,
                                 char separator)
    : batch_(batch), column_(column), separator_(separator) {
  constexpr std::uint32_t kMostCells = 1024;
  vector_ = vector_of(batch, column);
  is_plain_ = vector_ != nullptr && vector_->representation == Representation::kInt64 &&
              vector_->validity == nullptr;
  switch (type.kind) {
    case TypeKind::kString:
    case TypeKind::kList:
      form_ = Form::kText;
      if (is_coded(vector_)) {
        form_ = Form::kCode;
        const std::uint32_t size = vector_->dictionary->size();
        if (size <= kMostCells && size < batch.rows()) cells_.resize(std::size_t{size} + 1);
      }
      return;
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
      form_ = Form::kTime;
      return;
    case TypeKind::kInt64:
      if (is_coded(vector_)) {
        form_ = Form::kNumberCode;
        return;
      }
      form_ = is_plain_ ? Form::kInteger : Form::kOther;
      return;
    default:
      form_ = Form::kOther;
  }
}

void DelimitedColumn::write_cell(std::string_view text) {
  cell_.clear();
  append_delimited(text, separator_, cell_);
}

void DelimitedColumn::take(std::uint32_t first, std::uint32_t rows) {
  first_ = first;
  const bool is_text = form_ == Form::kCode && cells_.empty();
  if (!is_text && form_ != Form::kNumberCode) return;
  const std::uint32_t* codes = vector_->values<std::uint32_t>() + first;
  const Dictionary& values = *vector_->dictionary;
  if (is_text) {
    texts_.resize(kMostRows);
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (row > 0 && codes[row] == codes[row - 1]) {
        texts_[row] = texts_[row - 1];
        continue;
      }
      texts_[row] = values.string_at(codes[row]);
      __builtin_prefetch(texts_[row].data());
    }
  } else {
    numbers_.resize(kMostRows);
    for (std::uint32_t row = 0; row < rows; ++row) numbers_[row] = values.int64_at(codes[row]);
  }
}

void DelimitedColumn::append_code(std::uint32_t row, GrowingText& out) {
  const std::uint32_t code = vector_->values<std::uint32_t>()[row];
  if (code == kNullCode) return;
  if (cells_.empty()) {
    if (code != value_) write_cell(texts_[row - first_]);
    value_ = code;
    out.append(cell_.text());
    return;
  }
  ShortCell& cell = cells_[code];
  if (cell.size > 0) {
    // The bytes of the whole cell, of which the last one is its size.
    out.append_short(reinterpret_cast<const char*>(&cell), cell.size);
    return;
  }
  write_cell(vector_->dictionary->string_at(code));
  const std::string_view text = cell_.text();
  out.append(text);
  if (text.size() <= cell.bytes.size()) {
    std::memcpy(cell.bytes.data(), text.data(), text.size());
    cell.size = static_cast<std::uint8_t>(text.size());
  }
}

void DelimitedColumn::append_integer(std::int64_t value, GrowingText& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  out.append({digits, static_cast<std::size_t>(end - digits)});
}

void DelimitedColumn::append(std::uint32_t row, GrowingText& out) {
  switch (form_) {
    case Form::kCode:
      append_code(row, out);
      return;
    case Form::kNumberCode:
      if (vector_->values<std::uint32_t>()[row] == kNullCode) return;
      append_integer(numbers_[row - first_], out);
      return;
    case Form::kText: {
      const std::string_view text = batch_.string_at(row, column_);
      if (text.empty() && batch_.is_null(row, column_)) return;
      append_delimited(text, separator_, out);
      return;
    }
    case Form::kTime: {
      const std::int64_t time =
          is_plain_ ? vector_->values<std::int64_t>()[row] : batch_.int64_at(row, column_);
      if (time != value_ || time == 0) {
        scratch_.clear();
        batch_.append_text(row, column_, scratch_);
        cell_.clear();
        cell_.append(scratch_);
        value_ = time;
      }
      out.append(cell_.text());
      return;
    }
    case Form::kInteger:
      append_integer(vector_->values<std::int64_t>()[row], out);
      return;
    case Form::kOther:
      scratch_.clear();
      batch_.append_text(row, column_, scratch_);
      out.append(scratch_);
      return;
  }
}

}  // namespace stave
