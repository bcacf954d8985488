// Joins that need no rows in memory: where one coded column leads to at most one row of the right
// side, the right columns are arrays by code, and the join is columns and a filter of the pipeline
// that it reads from. Semi and anti joins by other keys and conditions are a filter alone.
#include <algorithm>
#include <utility>
#include <vector>

#include "engine/evaluate/may_fault.h"
#include "engine/local_dictionary.h"
#include "engine/make_expression.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/match_test.h"
#include "engine/operators/operators.h"
#include "engine/operators/reservation.h"
#include "engine/operators/row_gather.h"
#include "engine/operators/vector_writer.h"
#include "engine/pipeline.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {
namespace {

using Codes = std::shared_ptr<const Dictionary>;

bool is_kind_that_streams(const JoinNode& node) {
  const bool only_tests = node.kind == JoinKind::kSemi || node.kind == JoinKind::kAnti;
  return node.kind != JoinKind::kFull && (only_tests || !node.many) && !node.residual &&
         node.left_keys.size() == 1;
}

// What the codes of the left key stand for, where it has codes, no more of them than rows.
Result<Codes> codes_of_key(const JoinNode& node, const Pipeline& left, ExecutionContext& context) {
  const auto reader = left.read(node.left_keys, context);
  if (!reader) return pass(reader);
  const ColumnShape& key = (*reader)->shapes()[0];
  const bool is_coded = key.representation == Representation::kCode && key.dictionary != nullptr;
  return is_coded && key.dictionary->size() <= left.rows() ? key.dictionary : nullptr;
}

// The right row of each code of the left key; nothing where codes of the right key stand for other
// values, or where a code has two rows and only one may be.
Result<std::optional<std::vector<RowNumber>>> rows_by_code(const JoinNode& node,
                                                           const Relation& right,
                                                           const Codes& codes,
                                                           ExecutionContext& context) {
  const bool only_tests = node.kind == JoinKind::kSemi || node.kind == JoinKind::kAnti;
  std::vector<RowNumber> rows(std::size_t{codes->size()} + 1, kNoRow);
  if (right.rows == 0) return std::optional(std::move(rows));
  const auto keys = evaluate_all(node.right_keys, right, context);
  if (!keys) return pass(keys);
  if (keys->shapes[0].representation != Representation::kCode ||
      keys->shapes[0].dictionary != codes) {
    return std::nullopt;
  }
  RowNumber next = 0;
  for (const Batch& batch : keys->batches) {
    const auto* values = batch.columns[0].values<std::uint32_t>();
    for (std::uint32_t row = 0; row < batch.rows; ++row, ++next) {
      if (values[row] == kNullCode && !node.null_safe[0]) continue;
      RowNumber& place = rows[values[row]];
      if (place != kNoRow && !only_tests) return std::nullopt;
      place = next;
    }
  }
  return std::optional(std::move(rows));
}

Expression lookup_of(const Expression& key, Vector values, const Codes& codes, Type type,
                     ExecutionContext& context) {
  auto array = std::make_shared<LookupArray>();
  array->keys = codes;
  array->values = std::move(values);
  Expression value;
  value.kind = ExpressionKind::kLookup;
  value.type = type;
  value.table_column = context.add_lookup(std::move(array));
  value.arguments = {key};
  return value;
}

// Codes of a large dictionary of which few values are met, as codes of these alone: who groups by
// them then needs little room for each.
Vector with_few_codes(Vector values, std::uint64_t most_values) {
  constexpr std::uint64_t kFew = 255;
  if (values.representation != Representation::kCode || !values.dictionary || most_values > kFew ||
      values.dictionary->size() < 4 * most_values) {
    return values;
  }
  const Dictionary& all = *values.dictionary;
  auto met = std::make_shared<LocalDictionary>(all.kind());
  ColumnShape shape;
  shape.type = values.type;
  shape.representation = Representation::kCode;
  VectorWriter writer(shape, values.size);
  auto* codes = writer.values<std::uint32_t>();
  for (std::uint32_t row = 0; row < values.size; ++row) {
    const std::uint32_t code = values.values<std::uint32_t>()[row];
    codes[row] = code == kNullCode                      ? kNullCode
                 : all.kind() == DictionaryKind::kInt64 ? met->add_int64(all.int64_at(code))
                                                        : met->add_string(all.string_at(code));
  }
  Vector made = writer.finish();
  made.dictionary = std::move(met);
  return made;
}

// Whether a row with that code stays.
Vector staying(const std::vector<RowNumber>& rows, bool if_matched) {
  ColumnShape shape;
  shape.type = kBoolType;
  shape.representation = Representation::kBool;
  VectorWriter writer(shape, static_cast<std::uint32_t>(rows.size()));
  auto* values = writer.values<std::uint8_t>();
  for (std::size_t code = 0; code < rows.size(); ++code) {
    values[code] = (rows[code] != kNoRow) == if_matched ? 1 : 0;
  }
  return writer.finish();
}

// Pairs that a condition without keys would have to look at, for each left row.
constexpr std::uint64_t kMostRightRowsWithoutKeys = 64;

// Nothing where a value could stop the query that the join in memory would not look at, or where
// the right side is large beside the left one.
Result<std::optional<Pipeline>> filtered_by_match(const JoinNode& node, const Pipeline& left,
                                                  const Relation& right,
                                                  ExecutionContext& context) {
  const bool only_tests = node.kind == JoinKind::kSemi || node.kind == JoinKind::kAnti;
  const std::uint64_t most =
      node.left_keys.empty() ? std::min(left.rows(), kMostRightRowsWithoutKeys) : left.rows();
  if (!only_tests || right.rows > most || (node.residual && may_fault(*node.residual))) {
    return std::nullopt;
  }
  if (right.rows == 0 && node.kind == JoinKind::kAnti) return left;
  // Held as long as the context, so never given back: rows, encoded keys and the index by them.
  std::uint64_t bytes = right.rows * (node.left_keys.size() + 3) * sizeof(std::uint64_t);
  for (const Batch& batch : right.batches) bytes += bytes_of(batch);
  if (const auto reserved = context.memory().reserve(bytes); !reserved) return std::nullopt;
  auto test = make_match_test(node, left.fields().size(), right, context);
  if (!test) return pass(std::move(test));
  Expression match;
  match.kind = ExpressionKind::kMatch;
  match.type = kBoolType;
  match.table_column = context.add_row_test(std::move(test->test));
  match.arguments = std::move(test->arguments);
  return left.filtered(match);
}

}  // namespace

Result<std::optional<Pipeline>> stream_join(const JoinNode& node, const std::vector<Field>& fields,
                                            const Pipeline& left, const Relation& right,
                                            ExecutionContext& context) {
  if (right.spilled) return std::nullopt;
  if (auto fits = check_row_numbers(right.rows); !fits) return pass(fits);
  if (!is_kind_that_streams(node)) return filtered_by_match(node, left, right, context);
  const auto codes = codes_of_key(node, left, context);
  if (!codes) return pass(codes);
  if (*codes == nullptr) return filtered_by_match(node, left, right, context);
  const auto rows = rows_by_code(node, right, *codes, context);
  if (!rows) return pass(rows);
  if (!*rows) return filtered_by_match(node, left, right, context);

  const Expression& key = node.left_keys[0];
  Pipeline joined = left;
  if (node.kind != JoinKind::kLeft) {
    joined = left.filtered(
        lookup_of(key, staying(**rows, node.kind != JoinKind::kAnti), *codes, kBoolType, context));
  }
  if (node.kind == JoinKind::kSemi || node.kind == JoinKind::kAnti) return joined;
  Batch arrays = RowGatherer(right).gather(**rows);
  for (Vector& array : arrays.columns) array = with_few_codes(std::move(array), right.rows);
  // Held as long as the context, so never given back.
  if (const auto reserved = context.memory().reserve(bytes_of(arrays)); !reserved) {
    return std::nullopt;
  }
  std::vector<NamedExpression> columns;
  const std::size_t left_fields = left.fields().size();
  for (std::size_t column = 0; column < fields.size(); ++column) {
    const Field& field = fields[column];
    columns.push_back(
        {field.name, column < left_fields
                         ? column_expression(column, field.type)
                         : lookup_of(key, std::move(arrays.columns[column - left_fields]), *codes,
                                     field.type, context)});
  }
  return joined.projected(columns, fields);
}

}  // namespace stave
