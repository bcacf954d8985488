// Key columns of groups; see the header.
#include "engine/aggregate/key_columns.h"

#include <algorithm>
#include <numeric>

#include "engine/aggregate/group_order.h"

namespace stave {
namespace {

Result<std::vector<Vector>> evaluate_scopes(const KeyPlan& plan, const std::vector<Scope>& scopes,
                                            const Pipeline& input, ExecutionContext& context,
                                            std::vector<ColumnShape>& shapes) {
  auto evaluator =
      Evaluator::prepare(plan.scope_expressions(), input.scope_shapes(), scopes.size(), context);
  if (!evaluator) return pass(evaluator);
  Evaluator::Scratch scratch;
  std::vector<Vector> values;
  auto done = evaluator->evaluate(input.scope_values(scopes), scratch, values);
  if (!done) return pass(done);
  shapes = evaluator->shapes();
  return values;
}

// To go over the places of a grid pays up to so many for each group.
constexpr std::uint32_t kPlacesForEachGroup = 16;

RankedKey ranked(const KeyColumn& column) {
  RankedKey key;
  key.codes = column.codes;
  key.rank_of_code = column.encoder->rank_codes(column.codes, key.ranks_used);
  return key;
}

// Evaluates the derived keys over the other key columns, all `rows` long.
Result<std::vector<Vector>> derive_keys(const KeyPlan& plan, const std::vector<KeyColumn>& columns,
                                        std::span<const Vector> keys, std::uint32_t rows,
                                        ExecutionContext& context) {
  std::vector<Expression> expressions;
  for (const PlannedKey& key : plan.keys) {
    if (key.source == KeySource::kDerived) expressions.push_back(key.expression);
  }
  std::vector<ColumnShape> shapes;
  shapes.reserve(columns.size());
  for (const KeyColumn& column : columns) {
    shapes.push_back(column.encoder != nullptr ? column.encoder->shape() : ColumnShape());
  }
  auto evaluator = Evaluator::prepare(expressions, shapes, rows, context);
  if (!evaluator) return pass(evaluator);
  Batch batch;
  batch.rows = rows;
  batch.columns.assign(keys.begin(), keys.end());
  Evaluator::Scratch scratch;
  std::vector<Vector> values;
  if (auto done = evaluator->evaluate(batch, scratch, values); !done) return pass(done);
  return values;
}

// None for a derived key.
Vector decode_key(const KeyColumn& column, std::span<const std::uint32_t> order) {
  if (column.encoder == nullptr) return {};
  std::vector<std::uint32_t> codes(order.size());
  for (std::size_t row = 0; row < order.size(); ++row) codes[row] = column.codes[order[row]];
  return column.encoder->decode(std::move(codes));
}

Result<std::vector<Vector>> decode_keys(const std::vector<KeyColumn>& columns,
                                        std::span<const std::uint32_t> order,
                                        ExecutionContext& context) {
  std::vector<Vector> keys(columns.size());
  const auto done = context.parallel_for(columns.size(), [&](std::size_t key, int) -> Result<void> {
    keys[key] = decode_key(columns[key], order);
    return {};
  });
  if (!done) return pass(done);
  return keys;
}

bool same_codes(const ValueEncoder& left, const ValueEncoder& right) {
  return left.is_fixed() && right.is_fixed() && left.size() == right.size() &&
         left.shape().representation == right.shape().representation &&
         left.shape().dictionary == right.shape().dictionary &&
         left.shape().range == right.shape().range && left.shape().step == right.shape().step &&
         left.shape().few_values == right.shape().few_values;
}

}  // namespace

KeyColumn::KeyColumn(KeyColumn&& other) noexcept
    : owned(std::move(other.owned)),
      encoder(owned ? &*owned : other.encoder),
      codes(std::move(other.codes)) {}

Result<std::vector<KeyColumn>> collect_keys(const KeyPlan& plan, Grouping& groups,
                                            const std::vector<Scope>& scopes, const Pipeline& input,
                                            ExecutionContext& context) {
  std::vector<ColumnShape> scope_shapes;
  std::vector<Vector> scope_values;
  if (!plan.scope_expressions().empty()) {
    auto values = evaluate_scopes(plan, scopes, input, context, scope_shapes);
    if (!values) return pass(values);
    scope_values = std::move(*values);
  }
  std::vector<KeyColumn> columns(plan.keys.size());
  std::vector<KeyColumn*> row_key_columns;
  std::size_t row_key = 0;
  std::size_t scope_key = 0;
  for (std::size_t key = 0; key < plan.keys.size(); ++key) {
    KeyColumn& column = columns[key];
    if (plan.keys[key].source == KeySource::kRow) {
      column.encoder = &groups.encoder(row_key);
      row_key_columns.push_back(&column);
      ++row_key;
    } else if (plan.keys[key].source == KeySource::kScope) {
      column.owned.emplace(scope_shapes[scope_key]);
      column.encoder = &*column.owned;
      auto codes = column.owned->encode(scope_values[scope_key]);
      if (!codes) return pass(codes);
      const auto scope_of_group = groups.scopes();
      column.codes.resize(scope_of_group.size());
      std::transform(scope_of_group.begin(), scope_of_group.end(), column.codes.begin(),
                     [&](std::uint32_t scope) { return (*codes)[scope]; });
      ++scope_key;
    }
  }
  const auto taken = context.parallel_for(row_key, [&](std::size_t key, int) -> Result<void> {
    row_key_columns[key]->codes = groups.take_key_codes(key);
    return {};
  });
  if (!taken) return pass(taken);
  return columns;
}

Result<std::vector<std::vector<std::uint32_t>>> scope_key_codes(const KeyPlan& plan,
                                                                const std::vector<Scope>& scopes,
                                                                const Pipeline& input,
                                                                ExecutionContext& context) {
  std::vector<ColumnShape> shapes;
  auto values = evaluate_scopes(plan, scopes, input, context, shapes);
  if (!values) return pass(values);
  std::vector<std::vector<std::uint32_t>> columns;
  for (std::size_t key = 0; key < shapes.size(); ++key) {
    ValueEncoder encoder(shapes[key]);
    auto codes = encoder.encode((*values)[key]);
    if (!codes) return pass(codes);
    columns.emplace_back(*codes, *codes + scopes.size());
  }
  return columns;
}

bool append_keys(std::vector<KeyColumn>& keys, const std::vector<KeyColumn>& more) {
  for (std::size_t key = 0; key < keys.size(); ++key) {
    if (keys[key].encoder == nullptr || more[key].encoder == nullptr ||
        !same_codes(*keys[key].encoder, *more[key].encoder)) {
      return false;
    }
  }
  for (std::size_t key = 0; key < keys.size(); ++key) {
    keys[key].codes.insert(keys[key].codes.end(), more[key].codes.begin(), more[key].codes.end());
  }
  return true;
}

// A derived key to the right of all keys it depends on cannot change the order; one further left is
// ranked by its own values.
Result<std::vector<std::uint32_t>> order_by_key(const KeyPlan& plan,
                                                const std::vector<KeyColumn>& columns,
                                                std::uint32_t groups, const PlacedGroups* placed,
                                                ExecutionContext& context) {
  std::vector<std::uint32_t> as_is(groups);
  std::iota(as_is.begin(), as_is.end(), 0U);
  std::vector<Vector> derived;
  for (std::size_t key = 0; key < columns.size(); ++key) {
    if (plan.keys[key].source != KeySource::kDerived ||
        plan.keys[key].last_determinant < static_cast<int>(key)) {
      continue;
    }
    auto decoded = decode_keys(columns, as_is, context);
    if (!decoded) return pass(decoded);
    auto values = derive_keys(plan, columns, *std::move(decoded), groups, context);
    if (!values) return pass(values);
    derived = std::move(*values);
    break;
  }
  std::vector<KeyColumn> own_columns;  // of derived keys
  own_columns.reserve(columns.size());
  std::vector<const KeyColumn*> sorted_by;
  std::size_t derived_key = 0;
  for (std::size_t key = 0; key < columns.size(); ++key) {
    if (plan.keys[key].source != KeySource::kDerived) {
      sorted_by.push_back(&columns[key]);
      continue;
    }
    const std::size_t position = derived_key++;
    if (plan.keys[key].last_determinant < static_cast<int>(key)) continue;
    ColumnShape shape;
    shape.type = derived[position].type;
    shape.representation = derived[position].representation;
    shape.dictionary = derived[position].dictionary;
    KeyColumn& column = own_columns.emplace_back();
    column.owned.emplace(shape);
    column.encoder = &*column.owned;
    auto codes = column.owned->encode(derived[position]);
    if (!codes) return pass(codes);
    column.codes.assign(*codes, *codes + groups);
    sorted_by.push_back(&column);
  }
  std::vector<RankedKey> ranks(sorted_by.size());
  const auto done = context.parallel_for(sorted_by.size(), [&](std::size_t key, int) {
    ranks[key] = ranked(*sorted_by[key]);
    return Result<void>();
  });
  if (!done) return pass(done);
  // The columns of the grid are the row keys; a derived one that ranks as well is not among them.
  if (placed != nullptr && own_columns.empty() &&
      placed->grid.places() / kPlacesForEachGroup <= groups) {
    return placed->grid.order(placed->met, ranks, context);
  }
  return order_groups(ranks, groups, context);
}

bool has_derived_keys(const KeyPlan& plan) {
  return std::any_of(plan.keys.begin(), plan.keys.end(),
                     [](const PlannedKey& key) { return key.source == KeySource::kDerived; });
}

std::vector<Vector> plain_key_values(const std::vector<KeyColumn>& keys,
                                     std::span<const std::uint32_t> order) {
  std::vector<Vector> values;
  values.reserve(keys.size());
  for (const KeyColumn& key : keys) values.push_back(decode_key(key, order));
  return values;
}

Result<std::vector<Vector>> key_values(const KeyPlan& plan, const std::vector<KeyColumn>& keys,
                                       std::span<const std::uint32_t> order,
                                       ExecutionContext& context) {
  auto decoded = decode_keys(keys, order, context);
  if (!decoded) return pass(decoded);
  std::vector<Vector> values = *std::move(decoded);
  if (!has_derived_keys(plan)) return values;
  auto derived = derive_keys(plan, keys, values, static_cast<std::uint32_t>(order.size()), context);
  if (!derived) return pass(derived);
  std::size_t next = 0;
  for (std::size_t key = 0; key < plan.keys.size(); ++key) {
    if (plan.keys[key].source == KeySource::kDerived) values[key] = (*derived)[next++];
  }
  return values;
}

}  // namespace stave
