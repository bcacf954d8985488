// The values that one node of a codec tree holds, on their way in and out, whatever their kind.
// Invariant: `data` points to `rows` values of the C++ type that belongs to `kind`.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "storage/int128.h"
#include "storage/physical.h"

namespace stave {

// The values of a node: no nulls, at least one.
struct NodeValues {
  Physical kind = Physical::kInt64;
  std::uint32_t rows = 0;
  const void* data = nullptr;

  NodeValues(std::span<const std::uint32_t> values)
      : NodeValues(Physical::kCode, values.size(), values.data()) {}
  NodeValues(std::span<const std::int64_t> values)
      : NodeValues(Physical::kInt64, values.size(), values.data()) {}
  NodeValues(std::span<const Int128> values)
      : NodeValues(Physical::kInt128, values.size(), values.data()) {}
  NodeValues(std::span<const double> values)
      : NodeValues(Physical::kFloat64, values.size(), values.data()) {}
  NodeValues(std::span<const std::string_view> values)
      : NodeValues(Physical::kString, values.size(), values.data()) {}

  NodeValues(Physical node_kind, std::size_t count, const void* values)
      : kind(node_kind), rows(static_cast<std::uint32_t>(count)), data(values) {}

  template <typename T>
  std::span<const T> as() const {
    return {static_cast<const T*>(data), rows};
  }
};

// Calls `use` with the values as a span of their own type.
template <typename Use>
decltype(auto) visit(const NodeValues& values, Use&& use) {
  switch (values.kind) {
    case Physical::kCode:
      return use(values.as<std::uint32_t>());
    case Physical::kInt64:
      return use(values.as<std::int64_t>());
    case Physical::kInt128:
      return use(values.as<Int128>());
    case Physical::kFloat64:
      return use(values.as<double>());
    case Physical::kString:
      break;
  }
  return use(values.as<std::string_view>());
}

// Where a node's values go.
struct NodeTarget {
  Physical kind = Physical::kInt64;
  std::uint32_t rows = 0;
  void* data = nullptr;

  NodeTarget(std::span<std::uint32_t> values)
      : NodeTarget(Physical::kCode, values.size(), values.data()) {}
  NodeTarget(std::span<std::int64_t> values)
      : NodeTarget(Physical::kInt64, values.size(), values.data()) {}
  NodeTarget(std::span<Int128> values)
      : NodeTarget(Physical::kInt128, values.size(), values.data()) {}
  NodeTarget(std::span<double> values)
      : NodeTarget(Physical::kFloat64, values.size(), values.data()) {}
  NodeTarget(std::span<std::string_view> values)
      : NodeTarget(Physical::kString, values.size(), values.data()) {}

  template <typename T>
  std::span<T> as() const {
    return {static_cast<T*>(data), rows};
  }

 private:
  NodeTarget(Physical node_kind, std::size_t count, void* values)
      : kind(node_kind), rows(static_cast<std::uint32_t>(count)), data(values) {}
};

template <typename Use>
decltype(auto) visit(const NodeTarget& target, Use&& use) {
  switch (target.kind) {
    case Physical::kCode:
      return use(target.as<std::uint32_t>());
    case Physical::kInt64:
      return use(target.as<std::int64_t>());
    case Physical::kInt128:
      return use(target.as<Int128>());
    case Physical::kFloat64:
      return use(target.as<double>());
    case Physical::kString:
      break;
  }
  return use(target.as<std::string_view>());
}

}  // namespace stave
