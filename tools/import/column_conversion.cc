// Strings of few values get a domain, and so do the keys of a table that the load makes: those are
// integers or strings as in every other domain of keys.
#include "tools/import/column_conversion.h"

#include <algorithm>
#include <string>

#include "storage/snapshot.h"
#include "tools/import/blanks.h"

namespace stave::loading {

namespace {

// A text as a value of an inferred type; it fits, since inference saw it. Empty text is null.
void convert_text(std::string_view text, Type type, ValueParser& values, std::uint32_t row,
                  ColumnCells& out) {
  if (type.kind == TypeKind::kString) {
    out.strings[row] = text;
    return;
  }
  const bool is_number = type.kind == TypeKind::kInt64 || type.kind == TypeKind::kDecimal ||
                         type.kind == TypeKind::kFloat64;
  std::string_view value = without_blanks(text);
  if (is_number) value = values.numbers.plain(value);
  const char* begin = value.data();
  const char* end = begin + value.size();
  ParseFault fault = ParseFault::kNotNumber;
  if (!value.empty()) {
    switch (type.kind) {
      case TypeKind::kInt64:
        fault = parse_int64(begin, end, out.int64s[row]);
        break;
      case TypeKind::kDecimal:
        fault = out.physical() == Physical::kInt128
                    ? parse_decimal(begin, end, type.precision, type.scale, out.int128s[row])
                    : parse_decimal64(begin, end, type.precision, type.scale, out.int64s[row]);
        break;
      case TypeKind::kFloat64:
        fault = parse_float64(begin, end, out.float64s[row]);
        break;
      case TypeKind::kBool: {
        bool truth = false;
        fault = parse_bool(begin, end, truth);
        out.int64s[row] = truth ? 1 : 0;
        break;
      }
      case TypeKind::kDate:
        fault = values.times.parse_date(begin, end, false, out.int64s[row]);
        break;
      case TypeKind::kTimestamp:
        fault = values.times.parse_timestamp(begin, end, out.int64s[row]);
        break;
      default:
        break;
    }
  }
  if (fault != ParseFault::kNone) out.set_null(row);
}

// Domains have plainer names than columns, which are as their files call them. The position keeps
// two columns apart whose names differ only in what is left out.
std::string domain_name(const TableSchema& table, std::size_t position) {
  std::string name = table.name + "_" + std::to_string(position) + "_";
  for (const char byte : table.columns[position].name.substr(0, 40)) {
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9');
    name.push_back(plain ? byte : '_');
  }
  return name;
}

Result<std::uint32_t> add_key(DomainWriter& domain, std::string_view text, bool integers) {
  std::int64_t value = 0;
  if (integers && parse_canonical_int64(text.data(), text.data() + text.size(), value)) {
    return domain.add_int64(value);
  }
  return domain.add_string(text);
}

// The keys that came after the list of distinct ones was given up.
Result<void> add_unlisted_keys(const Load& load, std::size_t column, DomainWriter& domain,
                               bool integers) {
  PieceColumn keys;
  std::string room;
  for (const auto& [day, pieces] : load.pieces.days()) {
    for (const Piece& piece : pieces) {
      Result<std::string_view> bytes = load.pieces.column_bytes(piece, column, room);
      if (!bytes) return pass(bytes);
      read_piece_column(piece.rows, *bytes, keys);
      if (keys.cells.physical() != Physical::kString) continue;
      for (std::uint32_t row = 0; row < piece.rows; ++row) {
        if (keys.cells.is_null(row)) continue;
        Result<std::uint32_t> code = add_key(domain, keys.cells.strings[row], integers);
        if (!code) return pass(code);
      }
    }
  }
  return {};
}

// Types of keys that their tables can find rows by without a domain.
bool needs_domain(const Type& key) {
  return key.kind == TypeKind::kString || key.kind == TypeKind::kFloat64;
}

// What a new column is stored as.
void settle_type(Load& load, std::size_t position, NewColumn& source, ValueParser& values) {
  ColumnSchema& column = load.table.new_column(position);
  const Type guess = source.guess_type(values);
  if (load.table.is_new_time(position)) {
    column.type = source.holds_dates() ? kDateType : kTimestampType;
    return;
  }
  column.type = guess;
  if (load.table.is_new_key(position)) {
    column.type = source.key_type();
    if (source.holds_integer_keys() || needs_domain(column.type)) {
      column.typed_by_domain = true;
      column.type = source.holds_integer_keys() ? kInt64Type : kStringType;
      column.domain = domain_name(load.table.schema(), position);
    }
  } else if (guess.kind == TypeKind::kString && source.should_be_coded()) {
    column.domain = domain_name(load.table.schema(), position);
  }
}

Result<void> settle_codes(Load& load, std::size_t position, const NewColumn& source,
                          ColumnConversion& conversion) {
  const ColumnSchema& column = load.table.column(position);
  Result<DomainWriter*> domain = load.transaction.domain(column.domain);
  if (!domain) return pass(domain);
  load.domains.by_column[position] = *domain;
  conversion.domain = *domain;
  const bool integers = column.type == kInt64Type;
  const std::vector<std::string_view>& listed = source.listed();
  for (std::size_t at = 0; at < listed.size(); ++at) {
    Result<std::uint32_t> code = add_key(**domain, listed[at], integers);
    if (!code) return pass(code);
    conversion.listed.codes[at] = *code;
  }
  if (source.is_listed()) return {};
  return add_unlisted_keys(load, position, **domain, integers);
}

}  // namespace

Result<std::vector<ColumnConversion>> settle_columns(Load& load) {
  std::vector<ColumnConversion> conversions(load.table.columns());
  ValueParser values = load.values;
  load.new_columns.resize(load.table.columns());
  load.domains.by_column.resize(load.table.columns(), nullptr);
  for (std::size_t i = 0; i < conversions.size(); ++i) {
    ColumnConversion& conversion = conversions[i];
    if (!load.table.is_new(i)) {
      conversion.physical = physical_of(load.table.column(i));
      continue;
    }
    if (load.new_columns[i] == nullptr) load.new_columns[i] = std::make_unique<NewColumn>();
    NewColumn& source = *load.new_columns[i];
    settle_type(load, i, source, values);
    const ColumnSchema& column = load.table.column(i);
    conversion.as_is = false;
    conversion.type = column.type;
    conversion.physical = physical_of(column);
    const std::vector<std::string_view>& listed = source.listed();
    conversion.listed.reset(conversion.physical, static_cast<std::uint32_t>(listed.size()));
    if (column.is_coded()) {
      if (Result<void> coded = settle_codes(load, i, source, conversion); !coded) {
        return pass(coded);
      }
      continue;
    }
    for (std::size_t at = 0; at < listed.size(); ++at) {
      convert_text(listed[at], column.type, values, static_cast<std::uint32_t>(at),
                   conversion.listed);
    }
  }
  return conversions;
}

void convert_texts(const ColumnConversion& conversion, const ColumnCells& texts,
                   std::uint32_t count, ValueParser& values, ColumnCells& out) {
  for (std::uint32_t row = 0; row < count; ++row) {
    if (texts.is_null(row)) {
      if (conversion.physical == Physical::kCode) {
        out.codes[row] = kNullCode;
      } else {
        out.set_null(row);
      }
    } else if (conversion.physical != Physical::kCode) {
      convert_text(texts.strings[row], conversion.type, values, row, out);
    } else if (std::int64_t value = 0; conversion.type == kInt64Type) {
      const std::string_view text = texts.strings[row];
      parse_canonical_int64(text.data(), text.data() + text.size(), value);
      conversion.domain->find_int64s({&value, 1}, {&out.codes[row], 1});
    } else {
      conversion.domain->find_strings({&texts.strings[row], 1}, {&out.codes[row], 1});
    }
  }
}

}  // namespace stave::loading
