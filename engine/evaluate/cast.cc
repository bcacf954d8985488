// Casts: exact where possible, rounded half away from zero where digits are lost, a fault that
// names the value where it does not fit or does not parse.
#include <cmath>
#include <limits>
#include <string>

#include "engine/evaluate/decimal_math.h"
#include "engine/evaluate/functions.h"
#include "engine/evaluate/strict_node.h"
#include "engine/runtime/json_text.h"
#include "engine/runtime/time_zone.h"
#include "engine/runtime/value_text.h"

namespace stave {

namespace {

template <typename Out>
bool store(Int128 value, Type type, Out& out) {
  if (type.kind == TypeKind::kDecimal) {
    if (!within_precision(value, type.precision)) return false;
  } else if (value > std::numeric_limits<std::int64_t>::max() ||
             value < std::numeric_limits<std::int64_t>::min()) {
    return false;
  }
  out = static_cast<Out>(value);
  return true;
}

auto out_of_range(Type from, Type to) {
  return [from, to](auto value) {
    return Error{ErrorCode::kOverflow, "A value does not fit " + to_string(to) + ": " +
                                           text_of(value, from) +
                                           ". Cast to a wider type, or leave such rows out."};
  };
}

int scale_of(Type type) {
  return type.kind == TypeKind::kDecimal ? type.scale : 0;
}

// Between i64 and decimals of every precision and scale.
template <typename Out, typename In>
NodePointer rescaling_node(const ColumnShape& shape, const NodePointer& argument) {
  const Type from = argument->type();
  const Type to = shape.type;
  return faulting_node<Out, In>(
      shape, {argument},
      [from_scale = scale_of(from), to_scale = scale_of(to), to](RowRoom&, Out& out, In value) {
        const auto scaled = rescaled(value, from_scale, to_scale);
        return scaled && store(*scaled, to, out) ? Outcome::kValue : Outcome::kFault;
      },
      out_of_range(from, to));
}

template <typename Out>
NodePointer from_double(const ColumnShape& shape, const NodePointer& argument) {
  const Type to = shape.type;
  return faulting_node<Out, double>(
      shape, {argument},
      [to](RowRoom&, Out& out, double value) {
        const auto scaled = double_to_decimal(value, scale_of(to));
        return scaled && store(*scaled, to, out) ? Outcome::kValue : Outcome::kFault;
      },
      out_of_range(kFloat64Type, to));
}

template <typename Out, typename Parse>
NodePointer parsing_node(const ColumnShape& shape, const NodePointer& argument, Parse parse) {
  const Type to = shape.type;
  return faulting_node<Out, std::string_view>(
      shape, {argument},
      [parse](RowRoom&, Out& out, std::string_view text) {
        return parse(text, out) ? Outcome::kValue : Outcome::kFault;
      },
      [to](std::string_view text) {
        std::string shown;
        append_json_string(text.substr(0, 100), shown);
        return Error{ErrorCode::kEvaluation, "A text is no " + to_string(to) + ": " + shown +
                                                 ". Leave such rows out with `where` first."};
      });
}

template <typename Out>
NodePointer text_to_number(const ColumnShape& shape, const NodePointer& argument) {
  const Type to = shape.type;
  return parsing_node<Out>(shape, argument, [to](std::string_view text, Out& out) {
    if (to.kind == TypeKind::kInt64) {
      const auto value = parse_int64(text);
      if (value) out = static_cast<Out>(*value);
      return value.has_value();
    }
    const auto value = parse_decimal(text, to.scale);
    return value && store(*value, to, out);
  });
}

template <typename In>
NodePointer to_text(const ColumnShape& shape, const NodePointer& argument) {
  const Type from = argument->type();
  const Representation representation = argument->representation();
  return total_node<std::string_view, In>(
      shape, {argument}, [from, representation](RowRoom& room, std::string_view& out, In value) {
        Vector one;
        one.type = from;
        one.representation = representation;
        one.size = 1;
        one.data = &value;
        std::string text;
        append_cell(one, 0, text);
        out = room.text.add(text);
        return Outcome::kValue;
      });
}

Result<NodePointer> from_text(const ColumnShape& shape, const NodePointer& argument,
                              const TimeZone& zone) {
  switch (shape.type.kind) {
    case TypeKind::kInt64:
    case TypeKind::kDecimal:
      if (shape.representation == Representation::kInt128) {
        return text_to_number<Int128>(shape, argument);
      }
      return text_to_number<std::int64_t>(shape, argument);
    case TypeKind::kFloat64:
      return parsing_node<double>(shape, argument, [](std::string_view text, double& out) {
        const auto value = parse_double(text);
        if (value) out = *value;
        return value.has_value();
      });
    case TypeKind::kBool:
      return parsing_node<std::uint8_t>(shape, argument,
                                        [](std::string_view text, std::uint8_t& out) {
                                          const auto value = parse_bool(text);
                                          if (value) out = *value ? 1 : 0;
                                          return value.has_value();
                                        });
    case TypeKind::kDate:
      return parsing_node<std::int64_t>(shape, argument,
                                        [](std::string_view text, std::int64_t& out) {
                                          const auto value = parse_date(text);
                                          if (value) out = *value;
                                          return value.has_value();
                                        });
    default:
      return parsing_node<std::int64_t>(shape, argument,
                                        [&zone](std::string_view text, std::int64_t& out) {
                                          const auto value = parse_timestamp(text, zone);
                                          if (value) out = *value;
                                          return value.has_value();
                                        });
  }
}

NodePointer to_double(const ColumnShape& shape, const NodePointer& argument) {
  const int scale = scale_of(argument->type());
  if (argument->representation() == Representation::kInt64 && scale == 0) {
    return total_node<double, std::int64_t>(shape, {argument},
                                            [](RowRoom&, double& out, std::int64_t value) {
                                              out = static_cast<double>(value);
                                              return Outcome::kValue;
                                            });
  }
  return total_node<double, Int128>(shape, {widened(argument)},
                                    [scale](RowRoom&, double& out, Int128 value) {
                                      out = decimal_to_double(value, scale);
                                      return Outcome::kValue;
                                    });
}

Result<NodePointer> between_times(const ColumnShape& shape, const NodePointer& argument,
                                  const TimeZone& zone) {
  const bool to_date = shape.type.kind == TypeKind::kDate;
  return faulting_node<std::int64_t, std::int64_t>(
      shape, {argument},
      [to_date, &zone](RowRoom&, std::int64_t& out, std::int64_t value) {
        if (to_date) {
          ZoneCursor cursor(zone);
          out = cursor.local_day(value);
          return Outcome::kValue;
        }
        if (!is_civil(value)) return Outcome::kFault;
        out = zone.instant_of(value * kMicrosecondsOfDay);
        return Outcome::kValue;
      },
      out_of_range(argument->type(), shape.type));
}

NodePointer from_bool(const ColumnShape& shape, const NodePointer& argument) {
  if (shape.representation == Representation::kFloat64) {
    return total_node<double, std::uint8_t>(shape, {argument},
                                            [](RowRoom&, double& out, std::uint8_t value) {
                                              out = value;
                                              return Outcome::kValue;
                                            });
  }
  return total_node<std::int64_t, std::uint8_t>(
      shape, {argument}, [](RowRoom&, std::int64_t& out, std::uint8_t value) {
        out = value;
        return Outcome::kValue;
      });
}

NodePointer number_to_bool(const ColumnShape& shape, const NodePointer& argument) {
  return total_node<std::uint8_t, std::int64_t>(
      shape, {argument}, [](RowRoom&, std::uint8_t& out, std::int64_t value) {
        out = value != 0 ? 1 : 0;
        return Outcome::kValue;
      });
}

bool is_time(Type type) {
  return type.kind == TypeKind::kDate || type.kind == TypeKind::kTimestamp;
}

bool is_exact(Type type) {
  return type.kind == TypeKind::kInt64 || type.kind == TypeKind::kDecimal;
}

Result<NodePointer> text_from(const ColumnShape& shape, const NodePointer& argument) {
  switch (argument->representation()) {
    case Representation::kInt64:
      return to_text<std::int64_t>(shape, argument);
    case Representation::kInt128:
      return to_text<Int128>(shape, argument);
    case Representation::kFloat64:
      return to_text<double>(shape, argument);
    case Representation::kBool:
      return to_text<std::uint8_t>(shape, argument);
    default:
      return argument;
  }
}

// To fewer digits behind the point, within 64 bits: nothing can fail before the precision is looked
// at. `unit` is what one becomes.
NodePointer cutting_node(const ColumnShape& shape, const NodePointer& argument, std::int64_t unit) {
  const Type from = argument->type();
  const Type to = shape.type;
  return faulting_node<std::int64_t, std::int64_t>(
      shape, {argument},
      [unit, to, is_bounded = to.kind == TypeKind::kDecimal](RowRoom&, std::int64_t& out,
                                                             std::int64_t value) {
        const std::int64_t rest = value % unit;
        const bool is_away = rest >= unit - rest || rest <= -unit - rest;
        out = value / unit + (is_away ? (value < 0 ? -1 : 1) : 0);
        return !is_bounded || within_precision(out, to.precision) ? Outcome::kValue
                                                                  : Outcome::kFault;
      },
      out_of_range(from, to));
}

// What the range of the argument becomes, where both ends can be cast: casts keep the order.
std::optional<std::pair<std::int64_t, std::int64_t>> range_after(const ColumnShape& argument,
                                                                 Type to) {
  if (!argument.range) return std::nullopt;
  std::pair<std::int64_t, std::int64_t> range;
  const auto cast = [&](std::int64_t value, std::int64_t& out) {
    const auto scaled = rescaled(value, scale_of(argument.type), scale_of(to));
    return scaled && store(*scaled, to, out);
  };
  if (!cast(argument.range->first, range.first) || !cast(argument.range->second, range.second)) {
    return std::nullopt;
  }
  return range;
}

Result<NodePointer> exact_from_exact(ColumnShape shape, const NodePointer& argument) {
  const bool wide_in = argument->representation() == Representation::kInt128;
  const bool wide_out = shape.representation == Representation::kInt128;
  if (wide_out) return rescaling_node<Int128, Int128>(shape, widened(argument));
  if (wide_in) return rescaling_node<std::int64_t, Int128>(shape, argument);
  shape.range = range_after(argument->shape(), shape.type);
  constexpr int kMostCut = 18;
  const int cut = scale_of(argument->type()) - scale_of(shape.type);
  if (cut > 0 && cut <= kMostCut) {
    return cutting_node(shape, argument, static_cast<std::int64_t>(power_of_ten(cut)));
  }
  return rescaling_node<std::int64_t, std::int64_t>(shape, argument);
}

}  // namespace

Result<NodePointer> make_cast(const Expression& call, const NodePointer& argument,
                              ExecutionContext& context) {
  const Type from = argument->type();
  const Type to = call.type;
  ColumnShape shape = plain_shape(to, argument->shape().may_be_null);
  if (from == to) return argument;
  Result<const TimeZone*> zone = context.timezone();
  if (!zone) return pass(zone);
  if (to.kind == TypeKind::kString || to.kind == TypeKind::kList) return text_from(shape, argument);
  if (from.kind == TypeKind::kString || from.kind == TypeKind::kList) {
    return from_text(shape, argument, **zone);
  }
  if (is_time(from) && is_time(to)) return between_times(shape, argument, **zone);
  if (from.kind == TypeKind::kBool && (to == kInt64Type || to == kFloat64Type)) {
    return from_bool(shape, argument);
  }
  if (from == kInt64Type && to == kBoolType) return number_to_bool(shape, argument);
  if (is_exact(from) && to == kFloat64Type) return to_double(shape, argument);
  if (from == kFloat64Type && is_exact(to)) {
    if (shape.representation == Representation::kInt128) {
      return from_double<Int128>(shape, argument);
    }
    return from_double<std::int64_t>(shape, argument);
  }
  if (is_exact(from) && is_exact(to)) return exact_from_exact(shape, argument);
  return fail(ErrorCode::kUnsupported, "No cast from " + to_string(from) + " to " + to_string(to) +
                                           ". Cast to string first.");
}

}  // namespace stave
