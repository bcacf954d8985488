// Field by field in the order of the structs; every enum is tested as it is read.
#include "storage/schema_bytes.h"

namespace stave {
namespace {

constexpr std::uint8_t kTypedByDomain = 1;
constexpr std::uint8_t kNullInKey = 2;
constexpr std::uint8_t kFirstOfMonth = 4;
constexpr std::uint8_t kAllFlags = kTypedByDomain | kNullInKey | kFirstOfMonth;

void write_type(Type type, ByteWriter& out) {
  out.write_u8(static_cast<std::uint8_t>(type.kind));
  out.write_u8(type.precision);
  out.write_u8(type.scale);
}

Type read_type(ByteReader& in) {
  const std::uint8_t kind = in.read_u8();
  const std::uint8_t precision = in.read_u8();
  const std::uint8_t scale = in.read_u8();
  const bool is_decimal = kind == static_cast<std::uint8_t>(TypeKind::kDecimal);
  if (kind > static_cast<std::uint8_t>(TypeKind::kTimestamp) ||
      (!is_decimal && (precision != 0 || scale != 0))) {
    in.fail();
    return kNullType;
  }
  return Type{static_cast<TypeKind>(kind), precision, scale};
}

// Of the types that `check_schema` lets have one.
void write_default(const Value& value, ByteWriter& out) {
  if (const bool* flag = std::get_if<bool>(&value.data)) {
    out.write_u8(*flag ? 1 : 0);
  } else if (const std::int64_t* number = std::get_if<std::int64_t>(&value.data)) {
    out.write_signed_varint(*number);
  } else if (const std::string* text = std::get_if<std::string>(&value.data)) {
    out.write_text(*text);
  }
}

Value read_default(Type type, ByteReader& in) {
  switch (type.kind) {
    case TypeKind::kBool: {
      const std::uint8_t flag = in.read_u8();
      if (flag > 1) {
        in.fail();
      }
      return {type, flag == 1};
    }
    case TypeKind::kInt64:
    case TypeKind::kDate:
      return {type, in.read_signed_varint()};
    case TypeKind::kString:
      return {type, std::string(in.read_text())};
    default:
      in.fail();
      return {};
  }
}

void write_column(const ColumnSchema& column, ByteWriter& out) {
  out.write_text(column.name);
  write_type(column.type, out);
  out.write_u8(static_cast<std::uint8_t>((column.typed_by_domain ? kTypedByDomain : 0) |
                                         (column.null_in_key ? kNullInKey : 0) |
                                         (column.first_of_month ? kFirstOfMonth : 0)));
  out.write_text(column.domain);
  out.write_varint(column.aliases.size());
  for (const ColumnAlias& alias : column.aliases) {
    out.write_text(alias.name);
    out.write_signed_varint(alias.multiply);
    out.write_signed_varint(alias.divide);
  }
  out.write_u8(static_cast<std::uint8_t>(column.default_kind));
  if (column.default_kind == DefaultKind::kValue) {
    write_default(column.default_value, out);
  } else if (column.default_kind == DefaultKind::kLastDayOfMonth) {
    out.write_text(column.default_source);
  }
}

ColumnSchema read_column(ByteReader& in) {
  ColumnSchema column;
  column.name = in.read_text();
  column.type = read_type(in);
  const std::uint8_t flags = in.read_u8();
  if ((flags & ~kAllFlags) != 0) {
    in.fail();
  }
  column.typed_by_domain = (flags & kTypedByDomain) != 0;
  column.null_in_key = (flags & kNullInKey) != 0;
  column.first_of_month = (flags & kFirstOfMonth) != 0;
  column.domain = in.read_text();
  column.aliases.resize(read_count(in));
  for (ColumnAlias& alias : column.aliases) {
    alias.name = in.read_text();
    alias.multiply = in.read_signed_varint();
    alias.divide = in.read_signed_varint();
  }
  const std::uint8_t default_kind = in.read_u8();
  if (default_kind > static_cast<std::uint8_t>(DefaultKind::kLastDayOfMonth)) {
    in.fail();
    return column;
  }
  column.default_kind = static_cast<DefaultKind>(default_kind);
  if (column.default_kind == DefaultKind::kValue) {
    column.default_value = read_default(column.type, in);
  } else if (column.default_kind == DefaultKind::kLastDayOfMonth) {
    column.default_source = in.read_text();
  }
  return column;
}

void write_table(const TableSchema& table, ByteWriter& out) {
  out.write_text(table.name);
  write_texts(table.aliases, out);
  out.write_u8(static_cast<std::uint8_t>(table.kind));
  out.write_varint(table.columns.size());
  for (const ColumnSchema& column : table.columns) {
    write_column(column, out);
  }
  write_texts(table.key, out);
  out.write_text(table.time_column);
  out.write_text(table.cluster_relation);
  out.write_text(table.cluster_column);
  out.write_varint(table.relations.size());
  for (const RelationSchema& relation : table.relations) {
    out.write_text(relation.name);
    out.write_text(relation.column);
    out.write_text(relation.table);
  }
}

TableSchema read_table(ByteReader& in) {
  TableSchema table;
  table.name = in.read_text();
  table.aliases = read_texts(in);
  const std::uint8_t kind = in.read_u8();
  if (kind != static_cast<std::uint8_t>(TableKind::kFact) &&
      kind != static_cast<std::uint8_t>(TableKind::kDimension)) {
    in.fail();
    return table;
  }
  table.kind = static_cast<TableKind>(kind);
  const std::uint32_t columns = read_count(in);
  for (std::uint32_t i = 0; i < columns && in.ok(); ++i) {
    table.columns.push_back(read_column(in));
  }
  table.key = read_texts(in);
  table.time_column = in.read_text();
  table.cluster_relation = in.read_text();
  table.cluster_column = in.read_text();
  table.relations.resize(read_count(in));
  for (RelationSchema& relation : table.relations) {
    relation.name = in.read_text();
    relation.column = in.read_text();
    relation.table = in.read_text();
  }
  return table;
}

}  // namespace

void write_schema(const Schema& schema, ByteWriter& out) {
  out.write_text(schema.name);
  out.write_varint(schema.tables.size());
  for (const TableSchema& table : schema.tables) {
    write_table(table, out);
  }
}

Schema read_schema(ByteReader& in) {
  Schema schema;
  schema.name = in.read_text();
  const std::uint32_t tables = read_count(in);
  for (std::uint32_t i = 0; i < tables && in.ok(); ++i) {
    schema.tables.push_back(read_table(in));
  }
  return schema;
}

std::uint32_t read_count(ByteReader& in) {
  const std::uint64_t count = in.read_varint();
  if (count > in.remaining() || count > 0xFFFFFFFFU) {
    in.fail();
    return 0;
  }
  return static_cast<std::uint32_t>(count);
}

std::vector<std::string> read_texts(ByteReader& in) {
  std::vector<std::string> texts;
  const std::uint32_t count = read_count(in);
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    texts.emplace_back(in.read_text());
  }
  return texts;
}

void write_texts(const std::vector<std::string>& texts, ByteWriter& out) {
  out.write_varint(texts.size());
  for (const std::string& text : texts) {
    out.write_text(text);
  }
}

}  // namespace stave
