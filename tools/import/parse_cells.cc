// From cells to numbers, dates and times: as many at once as are spelt in the usual way, the others
// one by one.
#include <algorithm>

#include "tools/import/blanks.h"
#include "tools/import/cell_fault.h"
#include "tools/import/cell_parser.h"
#include "tools/import/converted_number.h"
#include "tools/import/null_words.h"
#include "tools/import/short_numbers.h"

namespace stave::loading {

namespace {

// Cells are parsed as they stand; only one that does not fit gets a second try without blanks.
template <typename Value, typename Parse>
ParseFault parse_trimmed(const CellText& cell, Value& value, Parse& parse) {
  const char* begin = cell.begin;
  const char* end = cell.end;
  while (begin < end && (*begin == ' ' || *begin == '\t')) ++begin;
  while (begin < end && (end[-1] == ' ' || end[-1] == '\t')) --end;
  if (begin == end || (begin == cell.begin && end == cell.end)) return ParseFault::kNotNumber;
  return parse(begin, end, value);
}

std::int64_t first_of_month(std::int64_t days) {
  const CivilDay civil = civil_from_days(days);
  return days - civil.day + 1;
}

}  // namespace

template <typename Value, typename Parse>
void CellParser::parse_value(const Task& task, std::uint32_t row, const CellText& cell,
                             ParsedChunk& out, Value& value, Parse& parse) {
  const ParseFault fault =
      cell.empty() ? ParseFault::kNotNumber : parse(cell.begin, cell.end, value);
  if (fault == ParseFault::kNone) [[likely]] {
    return;
  }
  if (!cell.empty() && parse_trimmed(cell, value, parse) == ParseFault::kNone) return;
  value = Value{};
  take_no_value(task, row, cell, fault, out);
}

template <typename Value, typename Parse>
void CellParser::parse_values(const Task& task, RowRange rows, const FieldReader& reader,
                              ParsedChunk& out, std::vector<Value>& values, Parse parse) {
  const FieldReader::Cells texts(reader, task.field);
  for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
    parse_value(task, row, texts[row], out, values[row], parse);
  }
}

// A cell without a value: a null, or a reason to reject its row.
void CellParser::take_no_value(const Task& task, std::uint32_t row, const CellText& cell,
                               ParseFault fault, ParsedChunk& out) {
  const bool is_blank = cell.empty() || without_blanks(cell.view()).empty();
  if (is_blank || (!cell.quoted && is_null_word(cell.view()))) {
    out.cells[task.column].set_null(row);
    return;
  }
  out.reject(row, planned_->fields[task.field].header, code_of(fault),
             reason_of(fault, planned_->columns[task.column], cell.view()));
}

template <typename Value, typename Parse>
void CellParser::parse_numbers(const Task& task, RowRange rows, const FieldReader& reader,
                               ParsedChunk& out, std::vector<Value>& values, Parse parse) {
  if (values_.numbers.are_plain()) return parse_values(task, rows, reader, out, values, parse);
  parse_values(task, rows, reader, out, values,
               [this, &parse](const char* begin, const char* end, Value& value) {
                 const std::string_view plain =
                     values_.numbers.plain({begin, static_cast<std::size_t>(end - begin)});
                 return parse(plain.data(), plain.data() + plain.size(), value);
               });
}

// What was read at once, and the others one by one.
template <typename Parse>
void CellParser::parse_unread(const Task& task, RowRange rows, const FieldReader& reader,
                              ParsedChunk& out, Parse parse) {
  std::int64_t* const values = out.cells[task.column].int64s.data() + rows.begin;
  const std::size_t count = rows.end - rows.begin;
  std::copy_n(batch_.values.data(), count, values);
  if (batch_.all_read()) return;
  const FieldReader::Cells texts(reader, task.field);
  batch_.visit_unread(count, [&](std::size_t i) {
    const auto row = static_cast<std::uint32_t>(rows.begin + i);
    parse_value(task, row, texts[row], out, values[i], parse);
  });
}

void CellParser::parse_integers(const Task& task, RowRange rows, const FieldReader& reader,
                                ParsedChunk& out) {
  const auto parse = [](const char* begin, const char* end, std::int64_t& value) {
    return parse_int64(begin, end, value);
  };
  if (!reader.is_usual() || !values_.numbers.are_plain()) {
    return parse_numbers(task, rows, reader, out, out.cells[task.column].int64s, parse);
  }
  reader.take_words(task.field, rows.begin, rows.end - rows.begin, batch_);
  read_integers(batch_, rows.end - rows.begin, false);
  parse_unread(task, rows, reader, out, parse);
}

void CellParser::parse_decimals(const Task& task, RowRange rows, const FieldReader& reader,
                                ParsedChunk& out) {
  const Type& type = planned_->columns[task.column].type;
  const int precision = type.precision;
  const int scale = type.scale;
  const auto parse = [=](const char* begin, const char* end, std::int64_t& value) {
    return read_short_scaled(begin, end, precision, scale, value)
               ? ParseFault::kNone
               : parse_decimal64(begin, end, precision, scale, value);
  };
  if (!reader.is_usual() || !values_.numbers.are_plain() || scale > kMostBatchScale) {
    return parse_numbers(task, rows, reader, out, out.cells[task.column].int64s, parse);
  }
  reader.take_words(task.field, rows.begin, rows.end - rows.begin, batch_);
  read_decimals(batch_, rows.end - rows.begin, precision, scale);
  parse_unread(task, rows, reader, out, parse);
}

void CellParser::parse_dates(const Task& task, RowRange rows, const FieldReader& reader,
                             ParsedChunk& out) {
  const bool to_month = planned_->columns[task.column].first_of_month;
  const auto parse = [this, to_month](const char* begin, const char* end, std::int64_t& value) {
    const ParseFault fault = values_.times.parse_date(begin, end, to_month, value);
    if (fault == ParseFault::kNone && to_month) value = first_of_month(value);
    return fault;
  };
  if (!reader.is_usual() || !values_.times.reads_usual_times() || to_month) {
    return parse_values(task, rows, reader, out, out.cells[task.column].int64s, parse);
  }
  reader.take_long_words(task.field, rows.begin, rows.end - rows.begin, batch_);
  read_dates(batch_, rows.end - rows.begin);
  parse_unread(task, rows, reader, out, parse);
}

void CellParser::parse_times(const Task& task, RowRange rows, const FieldReader& reader,
                             ParsedChunk& out) {
  const auto parse = [this](const char* begin, const char* end, std::int64_t& value) {
    return values_.times.parse_timestamp(begin, end, value);
  };
  if (!reader.is_usual() || !values_.times.reads_usual_times()) {
    return parse_values(task, rows, reader, out, out.cells[task.column].int64s, parse);
  }
  const std::size_t count = rows.end - rows.begin;
  reader.take_long_words(task.field, rows.begin, rows.end - rows.begin, batch_);
  read_times(batch_, count);
  const bool all_read = batch_.all_read();
  for (std::size_t i = 0; i < count; ++i) {
    if (!all_read && batch_.is_unread(i)) continue;
    batch_.values[i] = values_.times.utc_of_local(batch_.values[i]);
  }
  parse_unread(task, rows, reader, out, parse);
}

void CellParser::parse_range(const Task& task, RowRange rows, const FieldReader& reader,
                             ParsedChunk& out) {
  ColumnCells& cells = out.cells[task.column];
  const ColumnSchema& column = planned_->columns[task.column];
  const int precision = column.type.precision;
  const int scale = column.type.scale;
  switch (task.kind) {
    case CellKind::kKey:
    case CellKind::kCodedInt64:
    case CellKind::kCodedString:
      switch (out.keys[task.column].form) {
        case KeyForm::kIntegers:
          return parse_integer_keys(task, rows, reader, out);
        case KeyForm::kStrings:
          return parse_coded_strings(task, rows, reader, out);
        case KeyForm::kTexts:
          return parse_strings(task, rows, reader, out);
      }
      return;
    case CellKind::kInt64:
      if (task.is_converted()) {
        return parse_numbers(
            task, rows, reader, out, cells.int64s,
            [&task](const char* begin, const char* end, std::int64_t& value) {
              return parse_converted(begin, end, {task.multiply, task.divide}, value);
            });
      }
      return parse_integers(task, rows, reader, out);
    case CellKind::kDecimal64:
      if (task.is_converted()) {
        return parse_numbers(task, rows, reader, out, cells.int64s,
                             [&](const char* begin, const char* end, std::int64_t& value) {
                               return parse_converted_decimal(begin, end, column.type,
                                                              {task.multiply, task.divide}, value);
                             });
      }
      return parse_decimals(task, rows, reader, out);
    case CellKind::kDecimal128:
      if (task.is_converted()) {
        return parse_numbers(task, rows, reader, out, cells.int128s,
                             [&](const char* begin, const char* end, Int128& value) {
                               return parse_converted_decimal(begin, end, column.type,
                                                              {task.multiply, task.divide}, value);
                             });
      }
      return parse_numbers(task, rows, reader, out, cells.int128s,
                           [=](const char* begin, const char* end, Int128& value) {
                             return parse_decimal(begin, end, precision, scale, value);
                           });
    case CellKind::kFloat64:
      if (!task.is_converted()) {
        return parse_numbers(task, rows, reader, out, cells.float64s,
                             [](const char* begin, const char* end, double& value) {
                               return read_short_float(begin, end, value)
                                          ? ParseFault::kNone
                                          : parse_float64(begin, end, value);
                             });
      }
      return parse_numbers(task, rows, reader, out, cells.float64s,
                           [&task](const char* begin, const char* end, double& value) {
                             const ParseFault fault = parse_float64(begin, end, value);
                             value *= static_cast<double>(task.multiply);
                             value /= static_cast<double>(task.divide);
                             return fault;
                           });
    case CellKind::kBool:
      return parse_values(task, rows, reader, out, cells.int64s,
                          [](const char* begin, const char* end, std::int64_t& value) {
                            bool truth = false;
                            const ParseFault fault = parse_bool(begin, end, truth);
                            value = truth ? 1 : 0;
                            return fault;
                          });
    case CellKind::kDate:
      return parse_dates(task, rows, reader, out);
    case CellKind::kTimestamp:
      return parse_times(task, rows, reader, out);
    case CellKind::kText:
      return parse_strings(task, rows, reader, out);
    case CellKind::kNewTime:
      parse_strings(task, rows, reader, out);
      return parse_times(task, rows, reader, out);
  }
}

}  // namespace stave::loading
