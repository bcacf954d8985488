// See join_probe.h.
#include "engine/operators/join_probe.h"

#include <fmt/format.h>

#include <span>
#include <string>

#include "engine/join_kind_name.h"
#include "engine/operators/describe_row.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

constexpr std::size_t kMostCandidates = 16384;

std::vector<ColumnShape> first_shapes(const std::vector<ColumnShape>& shapes, std::size_t count) {
  return {shapes.begin(), shapes.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

JoinProbe::JoinProbe(JoinState& state, const Batch& left, Evaluator::Scratch& scratch,
                     Reservation& memory)
    : state_(state),
      left_(left),
      left_gatherer_(std::span(&left, 1),
                     first_shapes(state.left_shapes, state.left_fields->size())),
      scratch_(scratch),
      memory_(memory),
      output_rows_(output_batch_rows(*state.context)) {}

Result<std::vector<Batch>> JoinProbe::run() {
  if (state_.keys) {
    const auto keys = std::span(left_.columns).subspan(state_.left_fields->size());
    state_.keys->encode_left(keys, left_.rows, encoded_);
    state_.index->find(encoded_, left_.rows, groups_);
  }
  for (RowNumber row = 0; row < left_.rows; ++row) {
    auto added = add_candidates(row);
    if (added) {
      added = add_candidate(row, kNoRow);
    }
    if (!added) {
      return pass(added);
    }
  }
  auto done = settle();
  if (done) {
    done = flush();
  }
  if (!done) {
    return pass(done);
  }
  return std::move(made_);
}

Result<void> JoinProbe::add_candidates(RowNumber left) {
  const bool first_decides = wants_one_match() && !state_.residual;
  if (state_.keys) {
    auto rows = state_.index->rows_of(groups_[left]);
    if (first_decides && !rows.empty()) {
      rows = rows.first(1);
    }
    for (const RowNumber right : rows) {
      auto added = add_candidate(left, right);
      if (!added) {
        return added;
      }
    }
    return {};
  }
  const RowNumber rows = state_.right->locator().rows();
  for (RowNumber right = 0; right < (first_decides ? std::min(rows, 1U) : rows); ++right) {
    auto added = add_candidate(left, right);
    if (!added) {
      return added;
    }
  }
  return {};
}

Result<void> JoinProbe::add_candidate(RowNumber left, RowNumber right) {
  candidate_left_.push_back(left);
  candidate_right_.push_back(right);
  return candidate_left_.size() < kMostCandidates ? Result<void>() : settle();
}

Result<void> JoinProbe::settle() {
  auto running = state_.context->check_cancelled();
  if (!running) {
    return running;
  }
  const auto passes = test_residual();
  if (!passes) {
    return pass(passes);
  }
  for (std::size_t place = 0; place < candidate_left_.size(); ++place) {
    Result<void> settled;
    if (candidate_right_[place] == kNoRow) {
      settled = end_left_row(candidate_left_[place]);
    } else if (passes->empty() || (*passes)[place] != 0) {
      settled = match(candidate_left_[place], candidate_right_[place]);
    }
    if (!settled) {
      return settled;
    }
  }
  candidate_left_.clear();
  candidate_right_.clear();
  return {};
}

// One byte for each candidate; empty where there is no residual.
Result<std::vector<std::uint8_t>> JoinProbe::test_residual() {
  std::vector<std::uint8_t> passes;
  if (!state_.residual) {
    return passes;
  }
  std::vector<RowNumber> left;
  std::vector<RowNumber> right;
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < candidate_left_.size(); ++place) {
    if (candidate_right_[place] != kNoRow) {
      left.push_back(candidate_left_[place]);
      right.push_back(candidate_right_[place]);
      places.push_back(place);
    }
  }
  passes.resize(candidate_left_.size());
  if (places.empty()) {
    return passes;
  }
  const std::vector<bool>& needs = state_.residual->needs();
  const auto border = needs.begin() + static_cast<std::ptrdiff_t>(state_.left_fields->size());
  Batch pairs = left_gatherer_.gather(left, {needs.begin(), border});
  Batch right_columns = state_.right->gather(right, {border, needs.end()});
  for (Vector& column : right_columns.columns) {
    pairs.columns.push_back(std::move(column));
  }
  std::vector<Vector> results;
  const auto evaluated = state_.residual->evaluate(pairs, scratch_, results);
  if (!evaluated) {
    return pass(evaluated);
  }
  const Vector& verdict = results[0];
  for (std::uint32_t row = 0; row < verdict.size; ++row) {
    const bool is_true = !is_null_at(verdict, row) && verdict.values<std::uint8_t>()[row] != 0;
    passes[places[row]] = is_true ? 1 : 0;
  }
  return passes;
}

Result<void> JoinProbe::match(RowNumber left, RowNumber right) {
  if (wants_one_match()) {
    found_match_ = true;
    return {};
  }
  if (found_match_ && !state_.node->many) {
    return multiplied(left);
  }
  found_match_ = true;
  if (state_.node->kind == JoinKind::kFull) {
    state_.matched[right].store(1, std::memory_order_relaxed);
  }
  return put(left, right);
}

Result<void> JoinProbe::end_left_row(RowNumber left) {
  const bool found = found_match_;
  found_match_ = false;
  switch (state_.node->kind) {
    case JoinKind::kInner:
      return {};
    case JoinKind::kSemi:
      return found ? put(left, kNoRow) : Result<void>();
    default:
      return found ? Result<void>() : put(left, kNoRow);
  }
}

Result<void> JoinProbe::put(RowNumber left, RowNumber right) {
  put_left_.push_back(left);
  put_right_.push_back(right);
  return put_left_.size() < output_rows_ ? Result<void>() : flush();
}

Result<void> JoinProbe::flush() {
  if (put_left_.empty()) {
    return {};
  }
  bool is_whole = put_left_.size() == left_.rows;
  for (RowNumber row = 0; is_whole && row < left_.rows; ++row) {
    is_whole = put_left_[row] == row;
  }
  Batch batch;
  if (is_whole) {  // the left vectors as they are
    batch = left_;
    batch.columns.resize(state_.left_fields->size());
  } else {
    batch = left_gatherer_.gather(put_left_);
  }
  if (!wants_one_match()) {
    Batch right = state_.right->gather(put_right_);
    for (Vector& column : right.columns) {
      batch.columns.push_back(std::move(column));
    }
  }
  put_left_.clear();
  put_right_.clear();
  auto reserved = memory_.add(bytes_of(batch));
  made_.push_back(std::move(batch));
  return reserved;
}

Failure JoinProbe::multiplied(RowNumber left) const {
  if (state_.left_numbers) {
    const std::int64_t number = left_.columns[*state_.left_numbers].values<std::int64_t>()[left];
    std::int64_t first = state_.multiplied_left.load();
    while (number < first && !state_.multiplied_left.compare_exchange_weak(first, number)) {
    }
  }
  const std::vector<Field>& fields = *state_.left_fields;
  const std::vector<Expression>& keys = state_.node->left_keys;
  const auto columns = std::span(left_.columns);
  const std::string values =
      keys.empty() ? describe_row(names_of(fields), columns.first(fields.size()), left)
                   : describe_row(names_of(keys, fields), columns.subspan(fields.size()), left);
  return fail(ErrorCode::kEvaluation,
              fmt::format("A row of the left side has more than one match on the right: {}. Write "
                          "`join {} many` if it shall give a row for each match, or make the right "
                          "side unique by the join key, for example with `summarize`.",
                          values, name_of(state_.node->kind)));
}

}  // namespace stave
