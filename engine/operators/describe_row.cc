// See describe_row.h. Values become text by the engine's own cast.
#include "engine/operators/describe_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "engine/operators/make_expression.h"
#include "engine/operators/row_gather.h"
#include "engine/operators/vector_writer.h"

namespace stave {

namespace {

constexpr std::size_t kMostColumns = 8;

std::string_view text_at(const Vector& vector) {
  return vector.representation == Representation::kCode
             ? vector.dictionary->string_at(vector.values<std::uint32_t>()[0])
             : vector.values<std::string_view>()[0];
}

// Lists are text already, and a column of type null has no text.
Expression as_text(std::size_t column, Type type) {
  const bool stays = type.kind == TypeKind::kList || type.kind == TypeKind::kNull;
  const Expression input = column_expression(column, type);
  return stays ? input : cast_expression(kStringType, input);
}

}  // namespace

Result<std::string> describe_row(const std::vector<std::string>& names, const Batch& batch,
                                 const std::vector<ColumnShape>& shapes, std::uint32_t row,
                                 ExecutionContext& context) {
  const RowNumber picked = row;
  const Batch one = RowGatherer(std::span(&batch, 1), shapes).gather(std::span(&picked, 1));
  std::vector<Expression> expressions;
  for (std::size_t column = 0; column < shapes.size(); ++column) {
    expressions.push_back(as_text(column, shapes[column].type));
  }
  const auto evaluator = Evaluator::prepare(expressions, shapes, 1, context);
  if (!evaluator) {
    return pass(evaluator);
  }
  Evaluator::Scratch scratch;
  std::vector<Vector> texts;
  const auto evaluated = evaluator->evaluate(one, scratch, texts);
  if (!evaluated) {
    return pass(evaluated);
  }
  std::string out;
  for (std::size_t column = 0; column < std::min(names.size(), kMostColumns); ++column) {
    out += column == 0 ? "" : ", ";
    out += names[column] + " = ";
    if (cell_is_null(texts[column], 0)) {
      out += "null";
    } else if (shapes[column].type.kind == TypeKind::kString) {
      out += fmt::format("\"{}\"", text_at(texts[column]));
    } else {
      out += text_at(texts[column]);
    }
  }
  return names.size() > kMostColumns ? out + ", ..." : out;
}

std::vector<std::string> names_of(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) {
    names.push_back(field.name);
  }
  return names;
}

std::vector<std::string> names_of(const std::vector<Expression>& expressions,
                                  const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Expression& expression : expressions) {
    const bool is_column = expression.kind == ExpressionKind::kColumn;
    names.push_back(is_column ? fields[static_cast<std::size_t>(expression.column)].name
                              : fmt::format("key {}", names.size() + 1));
  }
  return names;
}

}  // namespace stave
