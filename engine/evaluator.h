// Expressions made ready to run over batches: equal parts are computed once, look-up arrays are
// loaded, functions of coded columns become tables over their dictionary, literals stay literals.
// Invariant: an evaluator is immutable after `prepare`; every thread brings its own Scratch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/context.h"
#include "engine/expression.h"
#include "engine/vector.h"

namespace stave {

// What is known of a column before its values are: the same for every batch of a relation.
struct ColumnShape {
  Type type;
  Representation representation = Representation::kInt64;
  std::shared_ptr<const Dictionary> dictionary;  // kCode only; codes are 0..dictionary->size()
  bool may_be_null = true;                       // false: no batch has a null
  // kInt64: every non-null value lies within, borders included.
  std::optional<std::pair<std::int64_t, std::int64_t>> range;
  // kInt64: the only values there are, ascending, where these are few and known.
  std::shared_ptr<const std::vector<std::int64_t>> few_values;
  // Above zero; where there is a range, every value is its first one and so many steps.
  std::int64_t step = 1;
};

// The shapes of a relation's columns, taken from its batches; a relation without batches has the
// representation that `representation_of` gives.
std::vector<ColumnShape> shapes_of(const Relation& relation);

// The representation of a column of this type that is not coded.
Representation representation_of(Type type);
// Bytes of one value.
std::size_t width_of(Representation representation);

class Evaluator {
 public:
  // Memory that is reused from batch to batch, for one thread.
  class Scratch {
   public:
    Scratch();
    ~Scratch();
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;

   private:
    friend class Evaluator;
    struct State;
    std::unique_ptr<State> state_;
  };

  // `rows` is how many rows will be evaluated, about: functions of coded columns run over the
  // dictionary where it is smaller than that.
  static Result<Evaluator> prepare(const std::vector<Expression>& expressions,
                                   const std::vector<ColumnShape>& input, std::uint64_t rows,
                                   ExecutionContext& context);
  Evaluator();
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  // One for each expression. Results have exactly these shapes.
  const std::vector<ColumnShape>& shapes() const;
  // Which input columns are read; the others may be left empty in the batches.
  const std::vector<bool>& needs() const;

  // One vector for each expression, `input.rows` long. They hold their own memory: scratch is used
  // again only where nobody holds the result any more.
  Result<void> evaluate(const Batch& input, Scratch& scratch, std::vector<Vector>& out) const;
  // Bit i of word i / 64: the first expression, a bool, is true for row i. A word for each 64 rows.
  Result<void> select(const Batch& input, Scratch& scratch, std::uint64_t* bits) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace stave
