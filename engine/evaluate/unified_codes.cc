// See unified_codes.h.
#include "engine/evaluate/unified_codes.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "engine/evaluate/derived_dictionary.h"
#include "engine/evaluate/leaf.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {
namespace {

constexpr std::uint64_t kMostValues = std::uint64_t{1} << 14;

// How many values it can have; more than kMostValues where that is not known.
std::uint64_t values_of(const NodePointer& node) {
  if (node->literal() != nullptr) return 1;
  if (node->representation() != Representation::kCode || !node->shape().dictionary ||
      node->shape().dictionary->kind() != DictionaryKind::kString) {
    return kMostValues + 1;
  }
  return node->shape().dictionary->size();
}

// One code for every row.
class CodeNode final : public Node {
 public:
  CodeNode(std::uint32_t code, ColumnShape shape) : Node(std::move(shape)), code_(code) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* codes = buffer->room<std::uint32_t>(frame.rows());
    std::fill_n(codes, frame.rows(), code_);
    return vector_of(shape(), frame.rows(), codes, nullptr, std::move(buffer));
  }

 private:
  std::uint32_t code_;
};

// The texts of all values, one after another; of a coded one those of its codes, null first.
Vector texts_of(const NodeList& values, std::uint64_t size) {
  auto buffer = std::make_shared<VectorBuffer>();
  auto* texts = buffer->room<std::string_view>(size);
  std::uint64_t* validity = buffer->validity(size, true);
  std::uint32_t at = 0;
  for (const NodePointer& value : values) {
    if (is_null_literal(value)) continue;
    if (value->literal() != nullptr) {
      texts[at++] = buffer->text.add(std::get<std::string>(value->literal()->data));
      continue;
    }
    const std::shared_ptr<const Dictionary>& dictionary = value->shape().dictionary;
    buffer->parents.push_back(dictionary);
    texts[at] = {};
    clear_bit(validity, at++);
    for (std::uint32_t code = 1; code <= dictionary->size(); ++code) {
      texts[at++] = dictionary->string_at(code);
    }
  }
  Vector vector;
  vector.type = kStringType;
  vector.representation = Representation::kString;
  vector.size = at;
  vector.data = texts;
  vector.validity = validity;
  vector.owner = std::move(buffer);
  return vector;
}

}  // namespace

std::optional<NodeList> unified_codes(const NodeList& values, std::uint64_t rows) {
  std::uint64_t size = 0;
  for (const NodePointer& value : values) {
    if (is_null_literal(value)) continue;
    if (value->type().kind != TypeKind::kString) return std::nullopt;
    size += values_of(value) + 1;
    if (size > std::min(kMostValues, rows)) return std::nullopt;
  }
  if (size == 0) return std::nullopt;
  const Vector codes = DerivedDictionary::encode(texts_of(values, size));
  ColumnShape shape = plain_shape(kStringType);
  shape.representation = Representation::kCode;
  shape.dictionary = codes.dictionary;

  NodeList unified;
  std::uint32_t at = 0;
  for (const NodePointer& value : values) {
    if (is_null_literal(value)) {
      unified.push_back(value);
      continue;
    }
    shape.may_be_null = value->shape().may_be_null;
    if (value->literal() != nullptr) {
      unified.push_back(std::make_shared<CodeNode>(codes.values<std::uint32_t>()[at++], shape));
      continue;
    }
    auto table = std::make_shared<LookupArray>();
    table->values = codes;
    table->values.data = codes.values<std::uint32_t>() + at;
    table->values.size = value->shape().dictionary->size() + 1;
    at += table->values.size;
    unified.push_back(std::make_shared<TableNode>(value, std::move(table), shape));
  }
  return unified;
}

}  // namespace stave
