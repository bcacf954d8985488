// See match_test.h: keys find candidates as in any join, the residual decides on pairs, some
// thousand at once.
#include "engine/operators/match_test.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "engine/make_expression.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/join_index.h"
#include "engine/operators/join_keys.h"
#include "engine/operators/row_gather.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {
namespace {

constexpr std::size_t kMostCandidates = 16384;

// What does not depend on the left side.
struct RightSide {
  Relation rows;
  EvaluatedColumns keys;
  std::vector<bool> null_safe;
  std::optional<Expression> residual;  // over the arguments, then the right columns
  bool passes_if_matched = true;
};

class ReadyMatchTest final : public RowTest::Ready {
 public:
  ReadyMatchTest(std::shared_ptr<const RightSide> right, std::vector<ColumnShape> arguments)
      : right_(std::move(right)), arguments_(std::move(arguments)), gatherer_(right_->rows) {}

  Result<void> prepare(std::uint64_t rows, ExecutionContext& context) {
    const std::size_t keys = right_->null_safe.size();
    if (keys > 0) {
      const std::span shapes = std::span(arguments_).first(keys);
      keys_.emplace(std::vector<ColumnShape>(shapes.begin(), shapes.end()), right_->keys,
                    right_->null_safe);
      index_.emplace(*keys_, keys_->encode_right(right_->keys));
    }
    for (std::size_t key = 0; key < keys; ++key) add_screen(key);
    if (!right_->residual) return {};
    std::vector<ColumnShape> shapes = arguments_;
    shapes.insert(shapes.end(), gatherer_.shapes().begin(), gatherer_.shapes().end());
    auto evaluator = Evaluator::prepare({*right_->residual}, shapes, rows, context);
    if (!evaluator) return pass(std::move(evaluator));
    residual_ = std::move(*evaluator);
    return {};
  }

  Result<void> test(const Batch& arguments, std::uint8_t* passes) const override {
    std::fill_n(passes, arguments.rows, std::uint8_t{0});
    auto tested = keys_ ? test_by_key(arguments, passes) : test_all(arguments, passes);
    if (!tested || right_->passes_if_matched) return tested;
    for (std::uint32_t row = 0; row < arguments.rows; ++row) passes[row] ^= 1U;
    return {};
  }

 private:
  // The codes of a key that have a right row, since most left rows mostly have none.
  struct Screen {
    std::size_t key = 0;
    std::vector<std::uint64_t> codes;  // a bit for each
  };

  void add_screen(std::size_t key) {
    if (arguments_[key].representation != Representation::kCode) return;
    EvaluatedColumns column;
    column.shapes = {right_->keys.shapes[key]};
    for (const Batch& batch : right_->keys.batches) {
      Batch& one = column.batches.emplace_back();
      one.rows = batch.rows;
      one.columns = {batch.columns[key]};
    }
    const JoinKeys alone({arguments_[key]}, column, {right_->null_safe[key]});
    if (alone.code_bound() == 0) return;
    const JoinKeys::Encoded encoded = alone.encode_right(column);
    Screen screen{key, std::vector<std::uint64_t>(words_for(alone.code_bound()), 0)};
    for (std::size_t row = 0; row < encoded.matches.size(); ++row) {
      const std::uint64_t code = encoded.words[row];
      if (encoded.matches[row] != 0) screen.codes[code / 64] |= std::uint64_t{1} << code % 64;
    }
    screens_.push_back(std::move(screen));
  }

  std::vector<RowNumber> rows_to_look_up(const Batch& arguments) const {
    std::vector<RowNumber> rows(arguments.rows);
    std::iota(rows.begin(), rows.end(), RowNumber{0});
    for (const Screen& screen : screens_) {
      const auto* codes = arguments.columns[screen.key].values<std::uint32_t>();
      std::size_t kept = 0;
      for (const RowNumber row : rows) {
        const std::uint32_t code = codes[row];
        rows[kept] = row;
        kept += screen.codes[code / 64] >> code % 64 & 1;
      }
      rows.resize(kept);
    }
    return rows;
  }

  Result<void> test_by_key(const Batch& arguments, std::uint8_t* passes) const {
    const std::vector<RowNumber> rows = rows_to_look_up(arguments);
    if (rows.empty()) return {};
    Candidates candidates(arguments, arguments_);
    const Batch looked_up = candidates.columns_of(rows, right_->null_safe.size());
    JoinKeys::Encoded encoded;
    keys_->encode_left(std::span(looked_up.columns).first(right_->null_safe.size()), looked_up.rows,
                       encoded);
    std::vector<std::uint32_t> groups;
    index_->find(encoded, looked_up.rows, groups);
    for (std::size_t place = 0; place < rows.size(); ++place) {
      const auto found = index_->rows_of(groups[place]);
      if (found.empty()) continue;
      if (!residual_) {
        passes[rows[place]] = 1;
        continue;
      }
      for (const RowNumber right : found) {
        if (auto added = candidates.add(rows[place], right, *this, passes); !added) return added;
      }
    }
    return candidates.settle(*this, passes);
  }

  // Without keys: all rows beside one right row after another.
  Result<void> test_all(const Batch& arguments, std::uint8_t* passes) const {
    const RowNumber right_rows = gatherer_.locator().rows();
    if (!residual_) {
      std::fill_n(passes, arguments.rows, static_cast<std::uint8_t>(right_rows > 0));
      return {};
    }
    const auto border = residual_->needs().begin() + static_cast<std::ptrdiff_t>(arguments_.size());
    Evaluator::Scratch scratch;
    for (RowNumber right = 0; right < right_rows; ++right) {
      const std::vector<RowNumber> repeated(arguments.rows, right);
      Batch pairs = arguments;
      Batch columns = gatherer_.gather(repeated, {border, residual_->needs().end()});
      std::ranges::move(columns.columns, std::back_inserter(pairs.columns));
      std::vector<Vector> verdict;
      if (auto done = residual_->evaluate(pairs, scratch, verdict); !done) return done;
      for (std::uint32_t row = 0; row < arguments.rows; ++row) {
        if (is_true_at(verdict[0], row)) passes[row] = 1;
      }
    }
    return {};
  }

  static bool is_true_at(const Vector& verdict, std::uint32_t row) {
    return !is_null_at(verdict, row) && verdict.values<std::uint8_t>()[row] != 0;
  }

  // Pairs of one batch that the residual has not seen yet.
  class Candidates {
   public:
    Candidates(const Batch& arguments, const std::vector<ColumnShape>& shapes)
        : gatherer_(std::span(&arguments, 1), shapes) {}

    // The first columns of these rows.
    Batch columns_of(std::span<const RowNumber> rows, std::size_t count) const {
      std::vector<bool> wanted(count, true);
      wanted.resize(gatherer_.shapes().size(), false);
      return gatherer_.gather(rows, wanted);
    }

    Result<void> add(RowNumber left, RowNumber right, const ReadyMatchTest& test,
                     std::uint8_t* passes) {
      if (passes[left] != 0) return {};
      left_.push_back(left);
      right_.push_back(right);
      return left_.size() < kMostCandidates ? Result<void>() : settle(test, passes);
    }

    Result<void> settle(const ReadyMatchTest& test, std::uint8_t* passes) {
      if (left_.empty()) return {};
      const std::vector<bool>& needs = test.residual_->needs();
      const auto border = needs.begin() + static_cast<std::ptrdiff_t>(test.arguments_.size());
      Batch pairs = gatherer_.gather(left_, {needs.begin(), border});
      Batch right = test.gatherer_.gather(right_, {border, needs.end()});
      std::ranges::move(right.columns, std::back_inserter(pairs.columns));
      std::vector<Vector> results;
      auto evaluated = test.residual_->evaluate(pairs, scratch_, results);
      if (!evaluated) return evaluated;
      const Vector& verdict = results[0];
      for (std::uint32_t pair = 0; pair < verdict.size; ++pair) {
        if (is_true_at(verdict, pair)) passes[left_[pair]] = 1;
      }
      left_.clear();
      right_.clear();
      return {};
    }

   private:
    RowGatherer gatherer_;  // of the arguments
    Evaluator::Scratch scratch_;
    std::vector<RowNumber> left_;
    std::vector<RowNumber> right_;
  };

  std::shared_ptr<const RightSide> right_;
  std::vector<ColumnShape> arguments_;
  RowGatherer gatherer_;            // of the right side
  std::optional<JoinKeys> keys_;    // none: every right row is a candidate
  std::optional<JoinIndex> index_;  // over `keys_`
  std::vector<Screen> screens_;
  std::optional<Evaluator> residual_;
};

class JoinMatchTest final : public RowTest {
 public:
  explicit JoinMatchTest(std::shared_ptr<const RightSide> right) : right_(std::move(right)) {}

  Result<std::unique_ptr<const Ready>> prepare(const std::vector<ColumnShape>& arguments,
                                               std::uint64_t rows,
                                               ExecutionContext& context) const override {
    auto ready = std::make_unique<ReadyMatchTest>(right_, arguments);
    if (auto prepared = ready->prepare(rows, context); !prepared) return pass(prepared);
    return std::unique_ptr<const Ready>(std::move(ready));
  }

 private:
  std::shared_ptr<const RightSide> right_;
};

// Left columns become arguments, each once; right columns follow them.
class ResidualOverArguments {
 public:
  ResidualOverArguments(std::size_t left_fields, std::vector<Expression>& arguments)
      : left_fields_(left_fields), arguments_(arguments) {}

  Expression rewrite(const Expression& residual) {
    collect(residual);
    return over(residual);
  }

 private:
  bool is_left(const Expression& expression) const {
    return expression.kind == ExpressionKind::kColumn &&
           static_cast<std::size_t>(expression.column) < left_fields_;
  }
  void collect(const Expression& expression) {
    if (is_left(expression) && std::ranges::find(arguments_, expression) == arguments_.end()) {
      arguments_.push_back(expression);
    }
    for (const Expression& argument : expression.arguments) collect(argument);
  }
  Expression over(const Expression& expression) const {
    Expression made = expression;
    if (is_left(expression)) {
      made.column =
          static_cast<int>(std::ranges::find(arguments_, expression) - arguments_.begin());
    } else if (expression.kind == ExpressionKind::kColumn) {
      made.column += static_cast<int>(arguments_.size()) - static_cast<int>(left_fields_);
    }
    for (Expression& argument : made.arguments) argument = over(argument);
    return made;
  }

  std::size_t left_fields_;
  std::vector<Expression>& arguments_;
};

}  // namespace

Result<MatchTest> make_match_test(const JoinNode& node, std::size_t left_fields,
                                  const Relation& right, ExecutionContext& context) {
  auto keys = evaluate_all(node.right_keys, right, context);
  if (!keys) return pass(std::move(keys));
  auto side = std::make_shared<RightSide>();
  side->rows = right;
  side->keys = *std::move(keys);
  side->null_safe = node.null_safe;
  side->passes_if_matched = node.kind == JoinKind::kSemi;
  MatchTest made;
  made.arguments = node.left_keys;
  if (node.residual) {
    side->residual = ResidualOverArguments(left_fields, made.arguments).rewrite(*node.residual);
  }
  made.test = std::make_shared<JoinMatchTest>(std::move(side));
  return made;
}

}  // namespace stave
