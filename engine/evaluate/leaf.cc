// Columns, literals and tables by code: see leaf.h.
#include "engine/evaluate/leaf.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "engine/evaluate/strict_node.h"
#include "engine/kernels/bitmap.h"
#include "engine/kernels/gather.h"

namespace stave {

namespace {

ColumnShape literal_shape(const Value& value, Type type) {
  ColumnShape shape;
  shape.type = type;
  shape.representation = representation_of(type);
  shape.may_be_null = value.is_null();
  if (shape.representation == Representation::kInt64) {
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
      shape.range = std::pair(*number, *number);
    } else if (const auto* decimal = std::get_if<Int128>(&value.data)) {
      const auto unscaled = static_cast<std::int64_t>(*decimal);
      shape.range = std::pair(unscaled, unscaled);
    }
  }
  return shape;
}

ColumnShape decoded_shape(const ColumnShape& codes) {
  ColumnShape shape;
  shape.type = codes.type;
  shape.representation = representation_of(codes.type);
  shape.may_be_null = codes.may_be_null;
  return shape;
}

ColumnShape truth_shape() {
  ColumnShape shape;
  shape.type = kBoolType;
  shape.representation = Representation::kBool;
  shape.may_be_null = false;
  return shape;
}

template <typename T>
const void* repeated(VectorBuffer& buffer, std::uint32_t rows, T value) {
  T* out = buffer.room<T>(rows);
  std::fill_n(out, rows, value);
  return out;
}

template <typename T>
void gather_rows(const Vector& table, const std::uint32_t* codes, std::uint32_t rows, T* out) {
  if constexpr (std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int64_t> ||
                std::is_same_v<T, double>) {
    kernels::gather(table.values<T>(), table.size, codes, rows, out);
  } else {
    kernels::scalar::gather(table.values<T>(), codes, rows, out);
  }
}

}  // namespace

LiteralNode::LiteralNode(Value value, Type type)
    : Node(literal_shape(value, type)), value_(std::move(value)) {}

Result<Vector> LiteralNode::compute(Frame& frame) const {
  const std::uint32_t rows = frame.rows();
  if (value_.is_null()) {
    return nulls_of(type(), representation(), nullptr, rows, frame.buffers());
  }
  std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
  const void* data = nullptr;
  switch (representation()) {
    case Representation::kBool:
      data = repeated(*buffer, rows, static_cast<std::uint8_t>(std::get<bool>(value_.data)));
      break;
    case Representation::kInt64:
      data = repeated(*buffer, rows, literal_as<std::int64_t>(value_));
      break;
    case Representation::kInt128:
      data = repeated(*buffer, rows, literal_as<Int128>(value_));
      break;
    case Representation::kFloat64:
      data = repeated(*buffer, rows, std::get<double>(value_.data));
      break;
    default: {
      const std::string_view text = buffer->text.add(std::get<std::string>(value_.data));
      data = repeated(*buffer, rows, text);
    }
  }
  return vector_of(shape(), rows, data, nullptr, std::move(buffer));
}

namespace {

// Longer tables stay in no cache at half their size either: not worth a copy.
constexpr std::uint32_t kLongestHalf = 1U << 22;

}  // namespace

TableNode::TableNode(NodePointer codes, std::shared_ptr<const LookupArray> table, ColumnShape shape)
    : Node(std::move(shape)), codes_(std::move(codes)), table_(std::move(table)) {
  const Vector& values = table_->values;
  narrow_ = table_->narrow;
  if (narrow_ == nullptr && representation() == Representation::kInt64 && table_->range &&
      values.size >= kLongTable) {
    const unsigned bytes = NarrowLookup::bytes_for(*table_->range);
    if (bytes < 4 || (bytes == 4 && values.size <= kLongestHalf)) {
      auto narrow = std::make_shared<NarrowLookup>(*table_->range, values.size);
      narrow->write(0, {values.values<std::int64_t>(), values.size});
      narrow_ = std::move(narrow);
    }
  }
  if (values.validity != nullptr && values.size > 0) {
    const std::size_t valid = kernels::count_bits(values.validity, values.size);
    only_null_is_null_ = valid + 1 == values.size && !bit_at(values.validity, kNullCode);
  }
  if (representation() != Representation::kBool) return;
  set_.assign(words_for(values.size) + 1, 0);
  kernels::bits_of_bytes(values.values<std::uint8_t>(), values.size, set_.data());
  if (values.validity != nullptr) {
    kernels::and_bits(set_.data(), values.validity, words_for(values.size));
  }
}

Result<void> TableNode::truth(Frame& frame, std::uint64_t* bits) const {
  Result<Vector> codes = codes_->evaluate(frame);
  if (!codes) return pass(codes);
  kernels::in_set(set_.data(), codes->values<std::uint32_t>(), frame.rows(), bits);
  return {};
}

Result<Vector> TableNode::compute(Frame& frame) const {
  Result<Vector> codes = codes_->evaluate(frame);
  if (!codes) return pass(codes);
  const std::uint32_t rows = frame.rows();
  const std::uint32_t* positions = codes->values<std::uint32_t>();
  const Vector& table = table_->values;
  std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
  const void* data = nullptr;
  const auto gathered = [&](auto sample) {
    using T = decltype(sample);
    T* out = buffer->room<T>(rows);
    gather_rows(table, positions, rows, out);
    data = out;
  };
  switch (representation()) {
    case Representation::kCode:
      gathered(std::uint32_t{});
      break;
    case Representation::kInt64:
      if (narrow_ == nullptr) {
        gathered(std::int64_t{});
      } else {
        auto* out = buffer->room<std::int64_t>(rows);
        narrow_->gather(positions, rows, out);
        data = out;
      }
      break;
    case Representation::kInt128:
      gathered(Int128{});
      break;
    case Representation::kFloat64:
      gathered(double{});
      break;
    case Representation::kString:
      gathered(std::string_view{});
      break;
    case Representation::kBool:
      gathered(std::uint8_t{});
      break;
  }
  const std::uint64_t* validity = nullptr;
  const bool has_nulls =
      table.validity != nullptr && !(only_null_is_null_ && !codes_->shape().may_be_null);
  if (has_nulls) {
    std::uint64_t* made = buffer->validity(rows, false);
    kernels::in_set(table.validity, positions, rows, made);
    validity = made;
  }
  if (representation() == Representation::kString) buffer->parents.push_back(table.owner);
  return vector_of(shape(), rows, data, validity, std::move(buffer));
}

MatchNode::MatchNode(std::vector<NodePointer> arguments, std::unique_ptr<const RowTest::Ready> test)
    : Node(truth_shape()), arguments_(std::move(arguments)), test_(std::move(test)) {}

Result<Vector> MatchNode::compute(Frame& frame) const {
  Batch values;
  values.rows = frame.rows();
  for (const NodePointer& argument : arguments_) {
    Result<Vector> value = argument->evaluate(frame);
    if (!value) return value;
    values.columns.push_back(std::move(*value));
  }
  std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
  auto* passes = buffer->room<std::uint8_t>(frame.rows());
  if (auto tested = test_->test(values, passes); !tested) return pass(tested);
  return vector_of(shape(), frame.rows(), passes, nullptr, std::move(buffer));
}

DecodeNode::DecodeNode(NodePointer codes, std::shared_ptr<const std::int64_t[]> integers)
    : Node(decoded_shape(codes->shape())),
      codes_(std::move(codes)),
      integers_(std::move(integers)) {}

Result<Vector> DecodeNode::compute(Frame& frame) const {
  Result<Vector> coded = codes_->evaluate(frame);
  if (!coded) return pass(coded);
  const std::uint32_t rows = frame.rows();
  const std::uint32_t* codes = coded->values<std::uint32_t>();
  const Dictionary& dictionary = *codes_->shape().dictionary;
  std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
  const void* data = nullptr;
  if (representation() == Representation::kInt64) {
    std::int64_t* out = buffer->room<std::int64_t>(rows);
    if (integers_) {
      kernels::gather(integers_.get(), std::size_t{dictionary.size()} + 1, codes, rows, out);
    } else {
      for (std::uint32_t row = 0; row < rows; ++row) {
        out[row] = codes[row] == kNullCode ? 0 : dictionary.int64_at(codes[row]);
      }
    }
    data = out;
  } else {
    std::string_view* out = buffer->room<std::string_view>(rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
      out[row] = codes[row] == kNullCode ? std::string_view() : dictionary.string_at(codes[row]);
    }
    data = out;
    buffer->parents.push_back(codes_->shape().dictionary);
  }
  const std::uint64_t* validity = nullptr;
  if (std::find(codes, codes + rows, kNullCode) != codes + rows) {
    std::uint64_t* made = buffer->validity(rows, true);
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (codes[row] == kNullCode) clear_bit(made, row);
    }
    validity = made;
  }
  return vector_of(shape(), rows, data, validity, std::move(buffer));
}

}  // namespace stave
