// The general form of a function that is null where an argument is: one call for each row that is
// not. Literal arguments are read from one place, not spread over rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/evaluate/node.h"

namespace stave {

enum class Outcome : std::uint8_t { kValue, kNull, kFault };

// The C++ value of a literal that is not null, as columns of this type hold it.
template <typename T>
T literal_as(const Value& value) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return std::get<std::string>(value.data);
  } else if constexpr (std::is_same_v<T, double>) {
    return std::get<double>(value.data);
  } else if constexpr (std::is_same_v<T, std::uint8_t>) {
    return static_cast<std::uint8_t>(std::get<bool>(value.data));
  } else {
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) return static_cast<T>(*number);
    return static_cast<T>(std::get<Int128>(value.data));
  }
}

// What a function may use besides its arguments: room for the texts that it makes.
struct RowRoom {
  VectorText& text;
};

// `Body`: Outcome operator()(RowRoom&, Out&, In...) and, for kFault, Error fault(In...).
template <typename Out, typename Body, typename... In>
class StrictNode final : public Node {
 public:
  using Arguments = std::array<NodePointer, sizeof...(In)>;
  StrictNode(ColumnShape shape, Arguments arguments, Body body)
      : Node(std::move(shape)), arguments_(std::move(arguments)), body_(std::move(body)) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    return compute_with(frame, std::index_sequence_for<In...>{});
  }

 private:
  template <typename T>
  struct Operand {
    const T* values = nullptr;
    std::size_t stride = 1;
    T constant{};
  };

  template <typename T>
  static Result<void> load(const NodePointer& node, Frame& frame, Operand<T>& operand,
                           Vector& vector) {
    if (const Value* literal = node->literal()) {
      operand.constant = literal_as<T>(*literal);
      operand.values = &operand.constant;
      operand.stride = 0;
      return {};
    }
    Result<Vector> evaluated = node->evaluate(frame);
    if (!evaluated) return pass(evaluated);
    vector = *evaluated;
    operand.values = vector.values<T>();
    return {};
  }

  template <std::size_t... I>
  Result<Vector> compute_with(Frame& frame, std::index_sequence<I...>) const {
    std::tuple<Operand<In>...> operands;
    std::array<Vector, sizeof...(In)> vectors;
    Result<void> loaded;
    (void)((loaded = load(arguments_[I], frame, std::get<I>(operands), vectors[I])) && ...);
    if (!loaded) return pass(loaded);

    const std::uint32_t rows = frame.rows();
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    Out* out = buffer->template room<Out>(rows);
    const std::uint64_t* validity = common_validity({&vectors[I]...}, rows, *buffer);
    // A result may point into the texts of its arguments.
    if constexpr (std::is_same_v<Out, std::string_view>) {
      for (Vector& vector : vectors) {
        if (vector.owner) buffer->parents.push_back(vector.owner);
      }
    }
    RowRoom room{buffer->text};
    std::shared_ptr<VectorBuffer> nulls;  // holds the validity once a call gave null
    std::uint64_t* made = nullptr;
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (!is_valid(validity, row)) {
        out[row] = Out{};
        continue;
      }
      const Outcome outcome = body_(
          room, out[row], std::get<I>(operands).values[row * std::get<I>(operands).stride]...);
      if (outcome == Outcome::kValue) continue;
      if (outcome == Outcome::kFault) {
        return Failure(
            body_.fault(std::get<I>(operands).values[row * std::get<I>(operands).stride]...));
      }
      out[row] = Out{};
      if (made == nullptr) {
        nulls = take_clear(frame.buffers());
        made = nulls->validity(rows, true);
        if (validity != nullptr) std::copy_n(validity, words_for(rows), made);
        validity = made;
      }
      clear_bit(made, row);
    }
    if (nulls) buffer->parents.push_back(nulls);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

  Arguments arguments_;
  Body body_;
};

// A body of functions that cannot fail.
template <typename Function>
struct Total {
  Function function;
  template <typename... In>
  auto operator()(In&&... in) const {
    return function(std::forward<In>(in)...);
  }
  template <typename... In>
  Error fault(In&&...) const {
    return Error{ErrorCode::kInternal, "A function without faults failed."};
  }
};
// A body of a function and the words of its fault.
template <typename Function, typename Describe>
struct Faulting {
  Function function;
  Describe describe;
  template <typename... In>
  auto operator()(In&&... in) const {
    return function(std::forward<In>(in)...);
  }
  template <typename... In>
  Error fault(In&&... in) const {
    return describe(std::forward<In>(in)...);
  }
};

template <typename Out, typename... In, typename Body>
NodePointer strict_node(ColumnShape shape, std::array<NodePointer, sizeof...(In)> arguments,
                        Body body) {
  return std::make_shared<StrictNode<Out, Body, In...>>(std::move(shape), std::move(arguments),
                                                        std::move(body));
}
template <typename Out, typename... In, typename Function>
NodePointer total_node(ColumnShape shape, std::array<NodePointer, sizeof...(In)> arguments,
                       Function function) {
  return strict_node<Out, In...>(std::move(shape), std::move(arguments),
                                 Total<Function>{std::move(function)});
}
template <typename Out, typename... In, typename Function, typename Describe>
NodePointer faulting_node(ColumnShape shape, std::array<NodePointer, sizeof...(In)> arguments,
                          Function function, Describe describe) {
  return strict_node<Out, In...>(
      std::move(shape), std::move(arguments),
      Faulting<Function, Describe>{std::move(function), std::move(describe)});
}

}  // namespace stave
