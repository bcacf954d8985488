// See line_text.h.
#include "tools/royalty/line_text.h"

#include "query/running/result_view.h"
#include "tools/royalty/fields.h"

namespace stave::royalty {

const Vector* coded_column(const ResultBatch& batch, std::size_t column) {
  const auto* view = dynamic_cast<const BatchView*>(&batch);
  if (view == nullptr || column >= view->batch().columns.size()) return nullptr;
  const Vector& vector = view->batch().columns[column];
  return vector.representation == Representation::kCode ? &vector : nullptr;
}

RepeatedCells::RepeatedCells(const ResultBatch& batch, std::size_t column)
    : batch_(batch), column_(column) {
  const Vector* const coded = coded_column(batch, column);
  if (coded != nullptr) codes_ = coded->values<std::uint32_t>();
}

bool RepeatedCells::move_to(std::uint32_t row) {
  if (codes_ != nullptr && codes_[row] == code_) return false;
  if (codes_ != nullptr) code_ = codes_[row];
  std::string& text = codes_ != nullptr ? text_ : other_;
  text.clear();
  batch_.append_text(row, column_, text);
  const bool is_null = batch_.is_null(row, column_);
  if (codes_ == nullptr) {
    if (is_null == is_null_ && other_ == text_) return false;
    text_.swap(other_);
  }
  is_null_ = is_null;
  field_.clear();
  if (!is_null_) append_text_field(text_, field_);
  return true;
}

void RepeatedCells::append_field(std::uint32_t row, std::string& out) {
  if (codes_ != nullptr) {
    move_to(row);
    out += field_;
    return;
  }
  if (batch_.is_null(row, column_)) return;
  const std::size_t begin = out.size();
  batch_.append_text(row, column_, out);
  escape_from(begin, out);
}

std::string text_of_lines(const ResultBatch& batch, std::uint32_t begin, std::uint32_t end) {
  constexpr std::size_t kUsualLine = 80;
  RepeatedCells cells[] = {{batch, kPool}, {batch, kHolder}, {batch, kArtist},  {batch, kTrack},
                           {batch, kKind}, {batch, kPlays},  {batch, kPercent}, {batch, kAmount}};
  std::string out;
  out.reserve(std::size_t{end - begin} * kUsualLine);
  for (std::uint32_t row = begin; row < end; ++row) {
    for (RepeatedCells& cell : cells) {
      cell.append_field(row, out);
      out += '\t';
    }
    out.back() = '\n';
  }
  return out;
}

}  // namespace stave::royalty
