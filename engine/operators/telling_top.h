// A top without the keys that break ties which do not show, where only zeros of f64 could make them
// show: fields that nobody reads are not read then either.
// Invariant: the rows given are those of the whole top, as far as anybody looks.
#pragma once

#include <optional>
#include <vector>

#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "stave/result.h"

namespace stave {

class TellingTop {
 public:
  // None where there are no such keys; `reader` is what alone reads the top, or null.
  static std::optional<TellingTop> of(const TopNode& top, const ProjectNode* reader,
                                      const Pipeline& input);

  // To be run over this input, which has the fields that are read.
  const TopNode& top() const { return top_; }
  const Pipeline& input() const { return input_; }

  // Its rows with all fields, null where nobody reads them; none where ties may show, so that the
  // whole top must be run.
  Result<std::optional<Relation>> completed(Relation rows, ExecutionContext& context) const;

 private:
  // Leaves `keys` keys, and of the fields of `input` those that are read.
  TellingTop(const TopNode& top, std::size_t keys, std::vector<bool> reads, const Pipeline& input);
  bool has_zeros(const Relation& rows) const;
  // Whether rows of the input have a zero with a sign, or what is no number.
  Result<bool> meets_signed_zeros(ExecutionContext& context) const;

  TopNode top_;
  Pipeline input_;
  std::vector<Field> fields_;         // of the whole
  std::vector<int> places_;           // of these in `input_`; -1: not read
  std::vector<Expression> float64s_;  // columns of `input_` by which rows tie
};

}  // namespace stave
