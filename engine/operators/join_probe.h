// One batch of left rows joined with the right side: candidates by key, then the residual, then
// output rows in left order, matches in right order.
// Invariant: candidates are held in pieces of bounded size, however many rows match.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/operators/join_index.h"
#include "engine/operators/join_keys.h"
#include "engine/operators/operators.h"
#include "engine/operators/reservation.h"
#include "engine/operators/row_gather.h"
#include "engine/plan.h"
#include "stave/result.h"

namespace stave {

// What all probes of a join share.
struct JoinState {
  const JoinNode* node = nullptr;
  const std::vector<Field>* left_fields = nullptr;
  std::vector<ColumnShape> left_shapes;  // fields, then keys
  const RowGatherer* right = nullptr;
  std::optional<JoinKeys> keys;    // none: every right row is a candidate
  std::optional<JoinIndex> index;  // over `keys`
  std::optional<Evaluator> residual;
  std::vector<std::atomic<std::uint8_t>> matched;  // by right row; full joins only
  std::optional<std::size_t> left_numbers;         // see JoinAttempt
  std::atomic<std::int64_t> multiplied_left{kNoLeftNumber};
  ExecutionContext* context = nullptr;
};

class JoinProbe {
 public:
  // `left` holds the left fields, then the keys.
  // What is put out takes of `memory`.
  JoinProbe(JoinState& state, const Batch& left, Evaluator::Scratch& scratch, Reservation& memory);
  Result<std::vector<Batch>> run();

 private:
  bool wants_one_match() const {
    return state_.node->kind == JoinKind::kSemi || state_.node->kind == JoinKind::kAnti;
  }
  Result<void> add_candidates(RowNumber left);
  Result<void> add_candidate(RowNumber left, RowNumber right);
  // Tests the candidates held and puts out what they decide.
  Result<void> settle();
  Result<std::vector<std::uint8_t>> test_residual();
  Result<void> match(RowNumber left, RowNumber right);
  Result<void> end_left_row(RowNumber left);
  Result<void> put(RowNumber left, RowNumber right);
  Result<void> flush();
  Failure multiplied(RowNumber left) const;

  JoinState& state_;
  const Batch& left_;
  RowGatherer left_gatherer_;  // of the fields
  Evaluator::Scratch& scratch_;
  Reservation& memory_;
  JoinKeys::Encoded encoded_;
  std::vector<std::uint32_t> groups_;  // of the index, by left row
  std::size_t output_rows_;

  // Candidate pairs; a right row of kNoRow says that the left row has no more candidates.
  std::vector<RowNumber> candidate_left_;
  std::vector<RowNumber> candidate_right_;
  bool found_match_ = false;  // of the left row whose candidates are being settled
  std::vector<RowNumber> put_left_;
  std::vector<RowNumber> put_right_;
  std::vector<Batch> made_;
};

}  // namespace stave
