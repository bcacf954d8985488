// See telling_top.h.
#include "engine/operators/telling_top.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <memory>
#include <utility>

#include "engine/make_expression.h"
#include "engine/operators/morsel_reader.h"

namespace stave {
namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

bool is_zero_or_no_number(double value) {
  return value == 0 || value != value;
}

Expression moved(Expression expression, const std::vector<int>& places) {
  if (expression.kind == ExpressionKind::kColumn) {
    expression.column = places[static_cast<std::size_t>(expression.column)];
  }
  for (Expression& argument : expression.arguments) argument = moved(std::move(argument), places);
  return expression;
}

void mark_read(const Expression& expression, std::vector<bool>& reads) {
  if (expression.kind == ExpressionKind::kColumn) {
    reads[static_cast<std::size_t>(expression.column)] = true;
  }
  for (const Expression& argument : expression.arguments) mark_read(argument, reads);
}

// Nulls of any representation.
struct Nulls {
  std::vector<Int128> values;
  std::vector<std::uint64_t> validity;
};

Vector null_vector(Type type, std::uint32_t rows, const std::shared_ptr<const Nulls>& nulls) {
  Vector vector;
  vector.type = type;
  vector.representation = representation_of(type);
  vector.size = rows;
  vector.data = nulls->values.data();
  vector.validity = nulls->validity.data();
  vector.owner = nulls;
  return vector;
}

}  // namespace

TellingTop::TellingTop(const TopNode& top, std::size_t keys, std::vector<bool> reads,
                       const Pipeline& input)
    : top_(top), input_(input), fields_(input.fields()) {
  top_.keys.resize(keys);
  for (const SortKey& key : top_.keys) mark_read(key.expression, reads);
  for (const Expression& per : top_.per) mark_read(per, reads);
  std::vector<NamedExpression> columns;
  std::vector<Field> fields;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    places_.push_back(reads[i] ? static_cast<int>(columns.size()) : -1);
    if (!reads[i]) continue;
    columns.push_back({fields_[i].name, column_expression(i, fields_[i].type)});
    fields.push_back(fields_[i]);
  }
  input_ = input.projected(columns, fields);
  for (SortKey& key : top_.keys) key.expression = moved(std::move(key.expression), places_);
  for (Expression& per : top_.per) per = moved(std::move(per), places_);
  const auto note = [this](const Expression& expression) {
    if (expression.kind == ExpressionKind::kColumn && expression.type.kind == TypeKind::kFloat64) {
      float64s_.push_back(expression);
    }
  };
  for (const SortKey& key : top_.keys) note(key.expression);
  for (const Expression& per : top_.per) note(per);
}

std::optional<TellingTop> TellingTop::of(const TopNode& top, const ProjectNode* reader,
                                         const Pipeline& input) {
  if (reader == nullptr || top.with_ties) return std::nullopt;
  std::vector<bool> reads(input.fields().size(), false);
  for (const NamedExpression& column : reader->columns) mark_read(column.expression, reads);
  // `per` and so many keys tell rows apart that look different, but for zeros.
  std::vector<bool> untold = reads;
  const auto tell = [&](const Expression& expression) {
    if (expression.kind == ExpressionKind::kColumn) {
      untold[static_cast<std::size_t>(expression.column)] = false;
    }
  };
  for (const Expression& per : top.per) tell(per);
  std::size_t keys = 0;
  while (keys < top.keys.size() && (keys == 0 || std::ranges::find(untold, true) != untold.end())) {
    tell(top.keys[keys++].expression);
  }
  if (keys == top.keys.size()) return std::nullopt;
  return TellingTop(top, keys, std::move(reads), input);
}

bool TellingTop::has_zeros(const Relation& rows) const {
  return std::ranges::any_of(rows.batches, [&](const Batch& batch) {
    return std::ranges::any_of(float64s_, [&](const Expression& expression) {
      const Vector& vector = batch.columns[static_cast<std::size_t>(expression.column)];
      return std::ranges::any_of(std::span(vector.values<double>(), batch.rows),
                                 is_zero_or_no_number);
    });
  });
}

Result<bool> TellingTop::meets_signed_zeros(ExecutionContext& context) const {
  auto reader = MorselReader::open(input_, context, float64s_);
  if (!reader) return pass(std::move(reader));
  std::atomic<bool> meets = false;
  const auto read =
      context.parallel_for(reader->size(), [&](std::size_t item, int worker) -> Result<void> {
        if (meets) return {};
        auto batch = reader->read(item, worker);
        if (!batch) return pass(batch);
        for (const Vector& vector : batch->columns) {
          const std::span values(vector.values<double>(), vector.size);
          if (std::ranges::any_of(values, [](double value) {
                return std::bit_cast<std::uint64_t>(value) == kSign || value != value;
              })) {
            meets = true;
          }
        }
        return {};
      });
  if (!read) return pass(read);
  return meets.load();
}

Result<std::optional<Relation>> TellingTop::completed(Relation rows,
                                                      ExecutionContext& context) const {
  if (rows.spilled) return std::nullopt;
  if (has_zeros(rows)) {
    const auto meets = meets_signed_zeros(context);
    if (!meets) return pass(meets);
    if (*meets) return std::nullopt;
  }
  std::uint32_t longest = 0;
  for (const Batch& batch : rows.batches) longest = std::max(longest, batch.rows);
  auto nulls = std::make_shared<Nulls>();
  nulls->values.resize(longest);
  nulls->validity.resize((longest + 63) / 64);
  for (Batch& batch : rows.batches) {
    std::vector<Vector> columns;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      columns.push_back(places_[i] < 0
                            ? null_vector(fields_[i].type, batch.rows, nulls)
                            : std::move(batch.columns[static_cast<std::size_t>(places_[i])]));
    }
    batch.columns = std::move(columns);
  }
  rows.fields = fields_;
  return rows;
}

}  // namespace stave
