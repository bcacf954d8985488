// The best rows of every group of a `top` that one thread has met, by as many of the first keys as
// make one number, and whether a row can be among them.
// Invariant: a row that is left out has as many before it in its group as are wanted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/aggregate/group_index.h"
#include "engine/aggregate/value_encoder.h"
#include "engine/context.h"
#include "engine/operators/packed_places.h"
#include "engine/operators/reservation.h"
#include "engine/plan.h"
#include "stave/result.h"

namespace stave {

// What is known of rows that a screen let through.
struct ScreenedRows {
  bool are_told = false;              // else it let through all there were
  std::vector<std::uint32_t> groups;  // of each row
  std::vector<std::uint64_t> places;  // by the first keys; smaller ones come first
};

class GroupScreen {
 public:
  // `shapes`: of what `per` is, then of the keys, of which there may be fewer than the top has.
  GroupScreen(const TopNode& top, std::span<const ColumnShape> shapes, std::uint64_t rows,
              ExecutionContext& context);

  // `columns`: what `shapes` are of. Gives how many rows stay and, where these are
  // not all, sets their bits.
  Result<std::uint32_t> let_through(std::span<const Vector> columns, std::uint32_t rows,
                                    std::vector<std::uint64_t>& bits, ScreenedRows& passed);
  // Groups have the same numbers in every thread, and this one knows something of each.
  bool has_common_groups() const {
    const bool is_common = !groups_ || groups_->uses_places();
    return is_common && best_.size() >= (groups_ ? groups_->groups() : 1) * wanted_;
  }
  // What another thread has met, whose groups have the same numbers.
  void take(const GroupScreen& other);
  // As let_through, of rows that were let through.
  std::uint32_t let_through_again(const ScreenedRows& passed,
                                  std::vector<std::uint64_t>& bits) const;

 private:
  // Without room nothing is screened any more.
  bool make_room(std::size_t groups);
  // Where rows stand by their keys: smaller comes first.
  void find_places(std::span<const Vector> keys, std::uint32_t rows);
  void find_places(const Vector& key);
  // The best places of a group stand together as a heap, the last of them first.
  bool stays(std::uint32_t group, std::uint64_t place) {
    std::uint64_t* best = best_.data() + group * wanted_;
    if (place > best[0]) return false;
    std::size_t at = 0;
    for (std::size_t below = 1; below < wanted_; below = 2 * at + 1) {
      if (below + 1 < wanted_ && best[below + 1] > best[below]) ++below;
      if (best[below] <= place) break;
      best[at] = best[below];
      at = below;
    }
    best[at] = place;
    return true;
  }

  std::size_t wanted_;
  bool descending_;
  std::uint64_t most_best_;
  std::vector<ValueEncoder> encoders_;
  PackedPlaces packed_;
  std::optional<GroupIndex> groups_;
  std::vector<const std::uint32_t*> codes_;
  std::vector<std::uint64_t> places_;  // of the batch
  std::vector<std::uint64_t> best_;    // wanted_ for each group
  Reservation memory_;
  std::uint64_t seen_ = 0;
  std::uint64_t passed_ = 0;
  bool is_over_ = false;
};

}  // namespace stave
