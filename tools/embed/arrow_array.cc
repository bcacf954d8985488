// A release callback frees its private data, which owns the array's buffers and its children.
#include "tools/embed/arrow_array.h"

#include <array>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "engine/operators/list_parts.h"
#include "engine/runtime/vector_buffer.h"
#include "tools/arrow/batch_body.h"
#include "tools/parquet/column_buffer.h"

namespace stave::embed {
namespace {

// What an array of the interface owns.
struct Holder {
  std::array<const void*, 3> buffers{};
  std::shared_ptr<const void> owner;  // of buffers that the engine shares
  std::string bytes;                  // of buffers that were made for it
  std::vector<OwnedArray> children;
  std::vector<ArrowArray*> places;  // of the children
};

void release_array(ArrowArray* array) {
  const std::unique_ptr<Holder> holder(static_cast<Holder*>(array->private_data));
  array->release = nullptr;
}

OwnedArray array_of(std::unique_ptr<Holder> holder, std::int64_t rows, std::int64_t nulls,
                    std::int64_t buffers) {
  for (OwnedArray& child : holder->children) holder->places.push_back(child.place());
  ArrowArray array{};
  array.length = rows;
  array.null_count = nulls;
  array.n_buffers = buffers;
  array.n_children = static_cast<std::int64_t>(holder->children.size());
  array.buffers = holder->buffers.data();
  array.children = holder->places.empty() ? nullptr : holder->places.data();
  array.release = release_array;
  array.private_data = holder.release();
  return OwnedArray(array);
}

// Whether the engine holds the values as Arrow does.
bool is_shareable(const Vector& vector) {
  if (vector.data == nullptr || !vector.owner) return false;
  switch (vector.type.kind) {
    case TypeKind::kInt64:
    case TypeKind::kTimestamp:
      return vector.representation == Representation::kInt64;
    case TypeKind::kFloat64:
      return vector.representation == Representation::kFloat64;
    case TypeKind::kDecimal:
      return vector.representation == Representation::kInt128;
    default:
      return false;
  }
}

OwnedArray shared_column(const Vector& vector, std::uint32_t rows) {
  auto holder = std::make_unique<Holder>();
  holder->buffers = {vector.validity, vector.data, nullptr};
  holder->owner = vector.owner;
  constexpr std::int64_t kNotCounted = -1;
  return array_of(std::move(holder), rows, vector.validity == nullptr ? 0 : kNotCounted, 2);
}

// The places within `bytes` become addresses, once that stays where it is.
OwnedArray laid_out(std::unique_ptr<Holder> holder, const arrow::BatchBody& body) {
  holder->bytes = body.bytes();
  const arrow::FieldNode& node = body.nodes().front();
  for (std::size_t i = 0; i < body.buffers().size(); ++i) {
    const bool is_absent = i == 0 && node.nulls == 0;
    holder->buffers[i] = is_absent ? nullptr : holder->bytes.data() + body.buffers()[i].offset;
  }
  return array_of(std::move(holder), node.length, node.nulls,
                  static_cast<std::int64_t>(body.buffers().size()));
}

Result<OwnedArray> copied_column(const Vector& vector, const Field& field,
                                 std::span<const std::uint32_t> rows) {
  parquet::ColumnBuffer column(field.type);
  column.append(vector, rows);
  arrow::BatchBody body;
  if (auto added = body.add(column, field); !added) return pass(added);
  return laid_out(std::make_unique<Holder>(), body);
}

// Offsets into the parts of all lists, which are a column of texts.
Result<OwnedArray> list_column(const Vector& vector, const Field& field, std::uint32_t rows) {
  parquet::StringList parts;
  std::vector<std::int32_t> offsets{0};
  std::vector<std::uint64_t> validity(words_for(rows), 0);
  std::int64_t nulls = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (vector.data == nullptr || is_null_at(vector, row)) {
      ++nulls;
    } else {
      set_bit(validity.data(), row);
      ListParts list(vector.values<std::string_view>()[row]);
      for (;;) {
        const auto part = list.next();
        if (!part) return pass(part);
        if (!*part) break;
        parts.push_back(**part);
      }
    }
    offsets.push_back(static_cast<std::int32_t>(parts.size()));
  }
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < parts.size(); ++i) texts.push_back(parts[i]);
  std::vector<std::uint32_t> all(texts.size());
  std::iota(all.begin(), all.end(), 0U);
  Vector values;
  values.type = kStringType;
  values.representation = Representation::kString;
  values.size = static_cast<std::uint32_t>(texts.size());
  values.data = texts.empty() ? static_cast<const void*>("") : texts.data();
  auto child = copied_column(values, {field.name, kStringType}, all);
  if (!child) return child;

  auto holder = std::make_unique<Holder>();
  holder->children.push_back(*std::move(child));
  const std::size_t validity_bytes = validity.size() * sizeof(std::uint64_t);
  holder->bytes.assign(reinterpret_cast<const char*>(validity.data()), validity_bytes);
  holder->bytes.append(reinterpret_cast<const char*>(offsets.data()),
                       offsets.size() * sizeof(std::int32_t));
  holder->buffers = {nulls == 0 ? nullptr : holder->bytes.data(),
                     holder->bytes.data() + validity_bytes, nullptr};
  return array_of(std::move(holder), rows, nulls, 2);
}

Result<OwnedArray> column_array(const Vector& vector, const Field& field,
                                std::span<const std::uint32_t> rows) {
  const auto count = static_cast<std::uint32_t>(rows.size());
  if (field.type.kind == TypeKind::kList) return list_column(vector, field, count);
  if (is_shareable(vector)) return shared_column(vector, count);
  return copied_column(vector, field, rows);
}

}  // namespace

Result<OwnedArray> make_array(const Batch& batch, const std::vector<Field>& fields) {
  std::vector<std::uint32_t> rows(batch.rows);
  std::iota(rows.begin(), rows.end(), 0U);
  auto holder = std::make_unique<Holder>();
  holder->children.reserve(fields.size());
  for (std::size_t column = 0; column < fields.size(); ++column) {
    auto made = column_array(batch.columns[column], fields[column], rows);
    if (!made) return pass(std::move(made));
    holder->children.push_back(*std::move(made));
  }
  return array_of(std::move(holder), batch.rows, 0, 1);
}

}  // namespace stave::embed
