// Parsing without locale, copies or branches that text decides, as far as that goes.
#include "tools/import/cell_parser.h"

#include <algorithm>
#include <array>

#include "storage/codec/range_kernels.h"
#include "tools/import/blanks.h"
#include "tools/import/cell_fault.h"
#include "tools/import/row_checks.h"
#include "tools/import/text_lines.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr std::uint32_t kTileRows = CellBatch::kCells;
// So many places of a large table are fetched before the first is looked at.
constexpr std::uint32_t kFetchedRows = 32;

bool is_key_kind(CellKind kind) {
  return kind == CellKind::kKey || kind == CellKind::kCodedString || kind == CellKind::kCodedInt64;
}

}  // namespace

CellKind cell_kind_of(const ColumnSchema& column) {
  if (column.is_coded()) {
    if (column.typed_by_domain) return CellKind::kKey;
    return column.type.kind == TypeKind::kInt64 ? CellKind::kCodedInt64 : CellKind::kCodedString;
  }
  switch (column.type.kind) {
    case TypeKind::kBool:
      return CellKind::kBool;
    case TypeKind::kInt64:
      return CellKind::kInt64;
    case TypeKind::kDecimal:
      return column.type.precision <= 18 ? CellKind::kDecimal64 : CellKind::kDecimal128;
    case TypeKind::kFloat64:
      return CellKind::kFloat64;
    case TypeKind::kDate:
      return CellKind::kDate;
    case TypeKind::kTimestamp:
      return CellKind::kTimestamp;
    default:
      return CellKind::kText;
  }
}

CodeCache& CellParser::cache(std::size_t column) {
  if (caches_.size() <= column) caches_.resize(column + 1);
  if (caches_[column] == nullptr) caches_[column] = std::make_unique<CodeCache>();
  return *caches_[column];
}

void CellParser::plan_tasks(const Chunk& chunk) {
  if (planned_ == chunk.plan) return;
  planned_ = chunk.plan;
  tasks_.clear();
  for (std::size_t i = 0; i < planned_->fields.size(); ++i) {
    const FieldPlan& field = planned_->fields[i];
    if (field.column < 0) continue;
    const auto column = static_cast<std::size_t>(field.column);
    CellKind kind = cell_kind_of(planned_->columns[column]);
    if (planned_->is_new(column)) {
      kind = field.column == planned_->time_column ? CellKind::kNewTime : CellKind::kText;
    }
    tasks_.push_back({static_cast<std::uint32_t>(i), column, kind, field.multiply, field.divide,
                      planned_->required[column]});
  }
}

void CellParser::prepare(const Task& task, LoadDomains& domains, ParsedChunk& out) {
  ColumnCells& cells = out.cells[task.column];
  switch (task.kind) {
    case CellKind::kKey:
    case CellKind::kCodedInt64:
    case CellKind::kCodedString: {
      KeyCells& keys = out.keys[task.column];
      keys.unknown.clear();
      keys.looked_up = false;
      const DictionaryKind kind = domains.by_column[task.column]->kind();
      keys.form = task.kind == CellKind::kCodedString || kind == DictionaryKind::kString
                      ? KeyForm::kStrings
                      : KeyForm::kIntegers;
      cells.reset(Physical::kInt64, out.rows);
      cells.change_physical(Physical::kString);
      cells.change_physical(Physical::kCode);
      return;
    }
    case CellKind::kDecimal128:
      return cells.reset(Physical::kInt128, out.rows);
    case CellKind::kFloat64:
      return cells.reset(Physical::kFloat64, out.rows);
    case CellKind::kText:
      return cells.reset(Physical::kString, out.rows);
    case CellKind::kNewTime:
      cells.reset(Physical::kInt64, out.rows);
      return cells.change_physical(Physical::kString);
    default:
      return cells.reset(Physical::kInt64, out.rows);
  }
}

void CellParser::parse_integer_keys(const Task& task, RowRange rows, const FieldReader& reader,
                                    ParsedChunk& out) {
  ColumnCells& cells = out.cells[task.column];
  const FieldReader::Cells texts(reader, task.field);
  std::int64_t* const values = cells.int64s.data();
  const std::uint32_t count = rows.end - rows.begin;
  const bool in_batch = reader.is_usual();
  if (in_batch) {
    reader.take_words(task.field, rows.begin, count, batch_);
    read_integers(batch_, count, true);
    std::copy_n(batch_.values.data(), count, values + rows.begin);
    if (batch_.all_read()) return;
  }
  for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
    if (in_batch && !batch_.is_unread(row - rows.begin)) continue;
    const CellText cell = texts[row];
    values[row] = 0;
    if (without_blanks(cell.view()).empty()) {
      cells.set_null(row);
    } else if (!parse_canonical_int64(cell.begin, cell.end, values[row])) {
      // From here on the chunk's keys are kept as texts; what they mean is decided in order.
      out.keys[task.column].form = KeyForm::kTexts;
      parse_strings(task, {0, row}, reader, out);
      parse_strings(task, {row, rows.end}, reader, out);
      return;
    }
  }
}

void CellParser::parse_strings(const Task& task, RowRange rows, const FieldReader& reader,
                               ParsedChunk& out) {
  ColumnCells& cells = out.cells[task.column];
  const bool check_utf8 = !out.frame.ascii();
  // An empty string is a value, but not as a key; nor are blanks alone one.
  const bool is_key = task.required || task.kind == CellKind::kKey;
  const FieldReader::Cells texts(reader, task.field);
  for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
    const CellText cell = texts[row];
    cells.strings[row] = cell.view();
    if (is_key ? without_blanks(cell.view()).empty() : cell.is_null()) {
      cells.set_null(row);
    } else if (check_utf8 && !is_utf8(cell.view())) {
      const ColumnSchema& column = planned_->columns[task.column];
      out.reject(row, planned_->fields[task.field].header, code_of(ParseFault::kNotUtf8),
                 reason_of(ParseFault::kNotUtf8, column, cell.view()));
      cells.set_null(row);
    }
  }
}

// Texts are kept of rows whose code is not known yet, only these are wanted again.
void CellParser::parse_coded_strings(const Task& task, RowRange rows, const FieldReader& reader,
                                     ParsedChunk& out) {
  if (cache(task.column).is_large()) {
    for (std::uint32_t begin = rows.begin; begin < rows.end; begin += kFetchedRows) {
      find_codes<true>(task, {begin, std::min(rows.end, begin + kFetchedRows)}, reader, out);
    }
  } else {
    find_codes<false>(task, rows, reader, out);
  }
}

// `kFetch`: first all places to look at are fetched, then looked at.
template <bool kFetch>
void CellParser::find_codes(const Task& task, RowRange rows, const FieldReader& reader,
                            ParsedChunk& out) {
  ColumnCells& cells = out.cells[task.column];
  std::uint32_t* const codes = cells.codes.data();
  const CodeCache& known = cache(task.column);
  const FieldReader::Cells texts(reader, task.field);
  const auto is_short = [](std::size_t size) { return size - 1 < CodeCache::kMaxBytes; };
  std::array<CodeCache::Key, kFetch ? kFetchedRows : 1> keys;  // of no bytes where a text has none
  for (std::uint32_t row = rows.begin; kFetch && row < rows.end; ++row) {
    CodeCache::Key& key = keys[row - rows.begin];
    const CellText cell = texts[row];
    const std::size_t size = cell.view().size();
    key.size = 0;
    if (!is_short(size)) continue;
    key = CodeCache::key_of(cell.begin, size);
    known.prefetch(key);
  }
  for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
    if (kFetch && keys[row - rows.begin].size != 0) [[likely]] {
      codes[row] = known.find(keys[row - rows.begin]);
      if (codes[row] != kNullCode) [[likely]] {
        continue;
      }
    }
    const CellText cell = texts[row];
    const std::size_t size = cell.view().size();
    codes[row] = kNullCode;
    if (!kFetch && is_short(size)) [[likely]] {
      const std::uint32_t code = known.find(CodeCache::key_of(cell.begin, size));
      codes[row] = code;
      if (code != kNullCode) [[likely]] {
        continue;
      }
    } else if (size == 0 && !cell.quoted) {
      cells.set_null(row);
      continue;
    }
    parse_strings(task, {row, row + 1}, reader, out);
    if (cells.validity.empty() || (cells.validity[row / 64] >> (row % 64) & 1) != 0) {
      out.keys[task.column].unknown.push_back(row);
    }
  }
}

void CellParser::look_up(const Task& task, LoadDomains& domains, ParsedChunk& out) {
  ColumnCells& cells = out.cells[task.column];
  KeyCells& keys = out.keys[task.column];
  const DomainWriter& domain = *domains.by_column[task.column];
  const std::shared_lock<std::shared_mutex> lock(domains.kinds);
  if (keys.form == KeyForm::kIntegers && domain.kind() != DictionaryKind::kString) {
    keys.looked_up = true;
    domain.find_int64s({cells.int64s.data(), out.rows}, {cells.codes.data(), out.rows});
    const bool no_nulls = cells.validity.empty();
    const auto codes = std::span<const std::uint32_t>(cells.codes).first(out.rows);
    if (no_nulls && count_equal(codes, kNullCode) == 0) return;
    for (std::uint32_t row = 0; row < out.rows; ++row) {
      if (!no_nulls && (cells.validity[row / 64] >> (row % 64) & 1) == 0) {
        cells.codes[row] = kNullCode;
      } else if (cells.codes[row] == kNullCode) {
        keys.unknown.push_back(row);
      }
    }
  } else if (keys.form == KeyForm::kStrings && domain.kind() != DictionaryKind::kInt64) {
    keys.looked_up = true;
    found_strings_.clear();
    for (const std::uint32_t row : keys.unknown) found_strings_.push_back(cells.strings[row]);
    found_codes_.resize(found_strings_.size());
    domain.find_strings(found_strings_, found_codes_);
    CodeCache& known = cache(task.column);
    const std::size_t missed = keys.unknown.size();
    std::size_t still_unknown = 0;
    for (std::size_t i = 0; i < missed; ++i) {
      const std::uint32_t row = keys.unknown[i];
      const std::string_view text = found_strings_[i];
      cells.codes[row] = found_codes_[i];
      if (found_codes_[i] == kNullCode) {
        keys.unknown[still_unknown++] = row;
      } else if (!text.empty() && text.size() <= CodeCache::kMaxBytes) {
        known.remember(CodeCache::key_of(text.data(), text.size()), found_codes_[i]);
      }
    }
    keys.unknown.resize(still_unknown);
    known.note_lookups(out.rows, missed - still_unknown, domain.size());
  }
}

void CellParser::convert_ahead(Chunk& chunk) {
  if (chunk.block.size == 0 || chunk.block.json_plan == nullptr) return;
  if (json_ == nullptr) json_ = std::make_unique<JsonText>();
  json_->write_ahead(chunk);
}

void CellParser::find_rows(const Chunk& chunk, ParsedChunk& out) {
  const auto fields = static_cast<std::uint32_t>(planned_->fields.size());
  if (planned_->json != JsonLayout::kNone) {
    if (json_ == nullptr) json_ = std::make_unique<JsonText>();
    json_->write(chunk, out);
    out.frame.find(out.json.text.data(), out.json.size, planned_->dialect,
                   {fields, 0, false, true, {}, false});
    out.line_ends = count_line_ends({chunk.text(), chunk.size});
    return;
  }
  out.json.rows.clear();
  // With one column a blank line is an empty cell, but never a key.
  const bool keep_blank = fields == 1 && !tasks_.empty() && !tasks_.front().required;
  const bool fill = planned_->ragged == RaggedRows::kFill;
  out.frame.find(chunk.text(), chunk.size, planned_->dialect,
                 {fields, planned_->spare_fields, fill, keep_blank, planned_->header_line,
                  planned_->stray_quotes == StrayQuotes::kText});
  out.line_ends = out.frame.line_ends();
}

void CellParser::parse(const Chunk& chunk, LoadDomains& domains, ParsedChunk& out) {
  plan_tasks(chunk);
  out.rejects.clear();
  find_rows(chunk, out);
  out.arena.clear();
  out.rows = out.frame.rows();
  out.cells.resize(planned_->columns.size());
  out.keys.resize(planned_->columns.size());
  out.rejected.assign(out.rows, 0);
  report_bad_rows(*planned_, out);
  {
    const std::shared_lock<std::shared_mutex> lock(domains.kinds);
    for (const Task& task : tasks_) prepare(task, domains, out);
  }
  const FieldReader reader(out.frame, planned_->dialect, values_.nulls, out.arena);
  for (std::uint32_t begin = 0; begin < out.rows; begin += kTileRows) {
    const RowRange tile{begin, std::min(out.rows, begin + kTileRows)};
    for (const Task& task : tasks_) parse_range(task, tile, reader, out);
  }
  fill_defaults(*planned_, out);
  reject_empty_keys(*planned_, out);
  for (const Task& task : tasks_) {
    if (is_key_kind(task.kind)) look_up(task, domains, out);
  }
}

void CellParser::read_texts(std::size_t column, ParsedChunk& out) {
  const FieldReader reader(out.frame, planned_->dialect, values_.nulls, out.arena);
  for (const Task& task : tasks_) {
    if (task.column == column) parse_strings(task, {0, out.rows}, reader, out);
  }
}

}  // namespace stave::loading
