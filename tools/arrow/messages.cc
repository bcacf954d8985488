// Field ids stand beside what is added; a table's fields are addressed by 4 + 2 * id.
#include "tools/arrow/messages.h"

#include <flatbuffers/flatbuffers.h>

namespace stave::arrow {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::uoffset_t;
using flatbuffers::voffset_t;
using Table = Offset<void>;

constexpr std::int16_t kVersion5 = 4;
// Members of the union MessageHeader.
constexpr std::uint8_t kSchemaHeader = 1, kRecordBatchHeader = 3;
// Members of the union Type.
constexpr std::uint8_t kInt = 2, kFloatingPoint = 3, kUtf8 = 5, kBool = 6, kDecimal = 7, kDate = 8,
                       kTimestamp = 10;
constexpr std::int16_t kDoublePrecision = 2, kDays = 0, kMilliseconds = 1, kMicroseconds = 2;

constexpr voffset_t id(int field) {
  return static_cast<voffset_t>(4 + 2 * field);
}

// A table whose fields `add` adds.
template <typename Add>
Table table(FlatBufferBuilder& builder, Add add) {
  const uoffset_t begin = builder.StartTable();
  add();
  return Table(builder.EndTable(begin));
}

struct ArrowType {
  std::uint8_t member = kUtf8;
  Table table;
};

ArrowType type_of(FlatBufferBuilder& builder, Type type) {
  switch (type.kind) {
    case TypeKind::kBool:
      return {kBool, table(builder, [] {})};
    case TypeKind::kInt64:
      return {kInt, table(builder, [&] {
                builder.AddElement<std::int32_t>(id(0), 64, 0);  // bitWidth
                builder.AddElement<std::uint8_t>(id(1), 1, 0);   // is_signed
              })};
    case TypeKind::kFloat64:
      return {kFloatingPoint, table(builder, [&] {
                builder.AddElement<std::int16_t>(id(0), kDoublePrecision, 0);  // precision
              })};
    case TypeKind::kDecimal:
      return {kDecimal, table(builder, [&] {
                builder.AddElement<std::int32_t>(id(0), type.precision, 0);  // precision
                builder.AddElement<std::int32_t>(id(1), type.scale, 0);      // scale
                builder.AddElement<std::int32_t>(id(2), 128, 0);             // bitWidth
              })};
    case TypeKind::kDate:
      return {kDate, table(builder, [&] {
                builder.AddElement<std::int16_t>(id(0), kDays, kMilliseconds);  // unit
              })};
    case TypeKind::kTimestamp: {
      const auto zone = builder.CreateString("UTC");
      return {kTimestamp, table(builder, [&] {
                builder.AddElement<std::int16_t>(id(0), kMicroseconds, 0);  // unit
                builder.AddOffset(id(1), zone);                             // timezone
              })};
    }
    default:
      return {kUtf8, table(builder, [] {})};
  }
}

Table field_table(FlatBufferBuilder& builder, const Field& field) {
  const auto name = builder.CreateString(field.name);
  const ArrowType type = type_of(builder, field.type);
  const auto children = builder.CreateVector(std::vector<Table>());
  return table(builder, [&] {
    builder.AddOffset(id(0), name);
    builder.AddElement<std::uint8_t>(id(1), 1, 0);  // nullable
    builder.AddElement<std::uint8_t>(id(2), type.member, 0);
    builder.AddOffset(id(3), type.table);
    builder.AddOffset(id(5), children);
  });
}

Table schema_table(FlatBufferBuilder& builder, const std::vector<Field>& fields) {
  std::vector<Table> tables;
  tables.reserve(fields.size());
  for (const Field& field : fields) tables.push_back(field_table(builder, field));
  const auto all = builder.CreateVector(tables);
  return table(builder, [&] { builder.AddOffset(id(1), all); });
}

std::string message(FlatBufferBuilder& builder, std::uint8_t member, Table header,
                    std::int64_t body_bytes) {
  builder.Finish(table(builder, [&] {
    builder.AddElement<std::int16_t>(id(0), kVersion5, 0);
    builder.AddElement<std::uint8_t>(id(1), member, 0);
    builder.AddOffset(id(2), header);
    builder.AddElement<std::int64_t>(id(3), body_bytes, 0);
  }));
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

}  // namespace

std::string schema_message(const std::vector<Field>& fields) {
  FlatBufferBuilder builder;
  const Table schema = schema_table(builder, fields);
  return message(builder, kSchemaHeader, schema, 0);
}

std::string batch_message(std::int64_t rows, const std::vector<FieldNode>& nodes,
                          const std::vector<BufferPlace>& buffers, std::int64_t body_bytes) {
  FlatBufferBuilder builder;
  const auto all_nodes = builder.CreateVectorOfStructs(nodes);
  const auto all_buffers = builder.CreateVectorOfStructs(buffers);
  const Table batch = table(builder, [&] {
    builder.AddElement<std::int64_t>(id(0), rows, 0);
    builder.AddOffset(id(1), all_nodes);
    builder.AddOffset(id(2), all_buffers);
  });
  return message(builder, kRecordBatchHeader, batch, body_bytes);
}

std::string footer(const std::vector<Field>& fields, const std::vector<Block>& batches) {
  FlatBufferBuilder builder;
  const Table schema = schema_table(builder, fields);
  const auto dictionaries = builder.CreateVectorOfStructs(std::vector<Block>());
  const auto all_batches = builder.CreateVectorOfStructs(batches);
  builder.Finish(table(builder, [&] {
    builder.AddElement<std::int16_t>(id(0), kVersion5, 0);
    builder.AddOffset(id(1), schema);
    builder.AddOffset(id(2), dictionaries);
    builder.AddOffset(id(3), all_batches);
  }));
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

}  // namespace stave::arrow
