// `in` a list of literals and `between`, with SQL's null rules.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "engine/evaluate/functions.h"
#include "engine/evaluate/leaf.h"
#include "engine/evaluate/strict_node.h"
#include "engine/kernels/bitmap.h"
#include "engine/kernels/compare.h"

namespace stave {

namespace {

template <typename T>
struct IsIn {
  std::vector<T> sorted;
  bool has_null = false;

  Outcome operator()(RowRoom&, std::uint8_t& out, T value) const {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), value, less);
    out = at != sorted.end() && !less(value, *at) ? 1 : 0;
    return out == 0 && has_null ? Outcome::kNull : Outcome::kValue;
  }
  static bool less(T left, T right) {
    if constexpr (std::is_same_v<T, double>) return kernels::order_of(left, right) < 0;
    return left < right;
  }
  static Error fault(T) { return Error{ErrorCode::kInternal, "`in` failed."}; }
};

template <typename T>
NodePointer in_node(const ColumnShape& shape, const NodePointer& value,
                    const std::vector<const Value*>& literals, bool has_null) {
  IsIn<T> body;
  body.has_null = has_null;
  for (const Value* literal : literals) body.sorted.push_back(literal_as<T>(*literal));
  std::sort(body.sorted.begin(), body.sorted.end(), IsIn<T>::less);
  return strict_node<std::uint8_t, T>(shape, {value}, std::move(body));
}

// Strings own their texts, which literals of the expression may not outlive.
struct IsInTexts {
  std::shared_ptr<const std::vector<std::string>> sorted;
  bool has_null = false;

  Outcome operator()(RowRoom&, std::uint8_t& out, std::string_view value) const {
    out = std::binary_search(sorted->begin(), sorted->end(), value, std::less<>()) ? 1 : 0;
    return out == 0 && has_null ? Outcome::kNull : Outcome::kValue;
  }
  static Error fault(std::string_view) { return Error{ErrorCode::kInternal, "`in` failed."}; }
};

// A table over a dictionary: true for the codes of the list.
Result<NodePointer> coded_in(const ColumnShape& shape, const NodePointer& value,
                             const std::vector<const Value*>& literals, bool has_null) {
  const Dictionary& dictionary = *value->shape().dictionary;
  const std::uint32_t slots = dictionary.size() + 1;
  auto buffer = std::make_shared<VectorBuffer>();
  auto* member = buffer->room<std::uint8_t>(slots);
  std::fill_n(member, slots, std::uint8_t{0});
  std::uint64_t* validity = buffer->validity(slots, !has_null);
  for (const Value* literal : literals) {
    std::uint32_t code = kNullCode;
    if (const auto* text = std::get_if<std::string>(&literal->data)) {
      if (dictionary.kind() == DictionaryKind::kString) code = dictionary.find_string(*text);
    } else if (const auto* number = std::get_if<std::int64_t>(&literal->data)) {
      if (dictionary.kind() == DictionaryKind::kInt64) code = dictionary.find_int64(*number);
    }
    if (code == kNullCode) continue;
    member[code] = 1;
    set_bit(validity, code);
  }
  clear_bit(validity, kNullCode);
  auto table = std::make_shared<LookupArray>();
  table->values = vector_of(shape, slots, member, validity, std::move(buffer));
  return std::make_shared<TableNode>(value, std::move(table), shape);
}

// x >= low and x <= high, a null bound being open.
template <typename T>
class BetweenNode final : public Node {
 public:
  BetweenNode(ColumnShape shape, NodePointer value, NodePointer low, NodePointer high)
      : Node(std::move(shape)),
        value_(std::move(value)),
        low_(std::move(low)),
        high_(std::move(high)) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> value = value_->evaluate(frame);
    if (!value) return value;
    Result<Vector> low = low_->evaluate(frame);
    if (!low) return low;
    Result<Vector> high = high_->evaluate(frame);
    if (!high) return high;
    const std::uint32_t rows = frame.rows();
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::uint8_t>(rows);
    const T* values = value->values<T>();
    const T* lows = low->values<T>();
    const T* highs = high->values<T>();
    for (std::uint32_t row = 0; row < rows; ++row) {
      const bool above =
          !is_valid(low->validity, row) ||
          kernels::compare_values(values[row], lows[row], kernels::Comparison::kGreaterEqual);
      const bool below =
          !is_valid(high->validity, row) ||
          kernels::compare_values(values[row], highs[row], kernels::Comparison::kLessEqual);
      out[row] = above && below ? 1 : 0;
    }
    const std::uint64_t* validity = common_validity({&*value}, rows, *buffer);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  NodePointer value_;
  NodePointer low_;
  NodePointer high_;
};

// 64-bit integers between two literals: one kernel.
class BetweenLiteralsNode final : public Node {
 public:
  BetweenLiteralsNode(ColumnShape shape, NodePointer value, std::int64_t low, std::int64_t high)
      : Node(std::move(shape)), value_(std::move(value)), low_(low), high_(high) {}

  Result<void> truth(Frame& frame, std::uint64_t* bits) const override {
    Result<Vector> value = value_->evaluate(frame);
    if (!value) return pass(value);
    kernels::between(value->values<std::int64_t>(), frame.rows(), low_, high_, bits);
    if (value->validity != nullptr) {
      kernels::and_bits(bits, value->validity, words_for(frame.rows()));
    }
    return {};
  }

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> value = value_->evaluate(frame);
    if (!value) return value;
    const std::uint32_t rows = frame.rows();
    std::vector<std::uint64_t> bits(words_for(rows));
    kernels::between(value->values<std::int64_t>(), rows, low_, high_, bits.data());
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::uint8_t>(rows);
    kernels::bytes_of_bits(bits.data(), rows, out);
    const std::uint64_t* validity = common_validity({&*value}, rows, *buffer);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  NodePointer value_;
  std::int64_t low_;
  std::int64_t high_;
};

}  // namespace

Result<NodePointer> make_in(const Expression& call, const NodeList& arguments, std::uint64_t rows,
                            ExecutionContext& context) {
  (void)call;
  std::vector<const Value*> literals;
  bool has_null = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const Value* literal = arguments[i]->literal();
    if (literal->is_null()) {
      has_null = true;
    } else {
      literals.push_back(literal);
    }
  }
  const ColumnShape shape = plain_shape(kBoolType, has_null || arguments[0]->shape().may_be_null);
  NodePointer value = arguments[0];
  if (value->representation() == Representation::kCode &&
      value->shape().dictionary->size() <= std::max<std::uint64_t>(rows, 65536)) {
    return coded_in(shape, value, literals, has_null);
  }
  Result<NodePointer> plain = decoded(value, rows, context);
  if (!plain) return plain;
  value = *plain;
  switch (value->representation()) {
    case Representation::kInt64:
      return in_node<std::int64_t>(shape, value, literals, has_null);
    case Representation::kInt128:
      return in_node<Int128>(shape, value, literals, has_null);
    case Representation::kFloat64:
      return in_node<double>(shape, value, literals, has_null);
    case Representation::kBool:
      return in_node<std::uint8_t>(shape, value, literals, has_null);
    default: {
      auto texts = std::make_shared<std::vector<std::string>>();
      for (const Value* literal : literals) texts->push_back(std::get<std::string>(literal->data));
      std::sort(texts->begin(), texts->end());
      return strict_node<std::uint8_t, std::string_view>(shape, {value},
                                                         IsInTexts{std::move(texts), has_null});
    }
  }
}

Result<NodePointer> make_between(const Expression& call, const NodeList& arguments) {
  (void)call;
  const ColumnShape shape = plain_shape(kBoolType, arguments[0]->shape().may_be_null);
  NodePointer value = arguments[0];
  NodePointer low = arguments[1];
  NodePointer high = arguments[2];
  const Value* low_literal = low->literal();
  const Value* high_literal = high->literal();
  const bool any_wide = value->representation() == Representation::kInt128 ||
                        low->representation() == Representation::kInt128 ||
                        high->representation() == Representation::kInt128;
  if (any_wide) {
    return std::make_shared<BetweenNode<Int128>>(shape, widened(value), widened(low),
                                                 widened(high));
  }
  switch (value->representation()) {
    case Representation::kInt64:
      if (low_literal != nullptr && high_literal != nullptr) {
        return std::make_shared<BetweenLiteralsNode>(
            shape, value,
            low_literal->is_null() ? INT64_MIN : literal_as<std::int64_t>(*low_literal),
            high_literal->is_null() ? INT64_MAX : literal_as<std::int64_t>(*high_literal));
      }
      return std::make_shared<BetweenNode<std::int64_t>>(shape, value, low, high);
    case Representation::kFloat64:
      return std::make_shared<BetweenNode<double>>(shape, value, low, high);
    case Representation::kBool:
      return std::make_shared<BetweenNode<std::uint8_t>>(shape, value, low, high);
    default:
      return std::make_shared<BetweenNode<std::string_view>>(shape, value, low, high);
  }
}

}  // namespace stave
