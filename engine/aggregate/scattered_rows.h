// Rows on their way to states that are too many for the cache: set aside by the stretch of groups
// that theirs is in, and handed on when a stretch has so many rows that fetching its states pays.
// Invariant: every row is handed on once; in what order is of no matter to accumulators.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/aggregate/group_rows.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class ScatteredRows {
 public:
  using Apply =
      std::function<Result<void>(const GroupRows& rows, std::span<const Vector> arguments)>;

  // Null where the states of so many groups are few enough, or those that these rows meet lie close
  // together.
  static std::unique_ptr<ScatteredRows> make(std::uint32_t groups, std::size_t state_bytes,
                                             const GroupRows& rows);
  // Whether such arguments can be set aside.
  static bool takes(std::span<const Vector> arguments);

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments, const Apply& apply);
  // Hands on what is left.
  Result<void> flush(const Apply& apply);
  std::size_t memory_bytes() const;

 private:
  struct Column {
    Vector like;  // without values
    std::size_t width = 0;
    std::vector<std::byte> values;  // by stretch
  };
  ScatteredRows(unsigned shift, std::size_t stretches) : shift_(shift), fill_(stretches, 0) {}
  void open(std::span<const Vector> arguments);
  Result<void> hand_on(std::size_t stretch, const Apply& apply);

  unsigned shift_;  // of a group to its stretch
  std::vector<std::uint32_t> fill_;
  std::vector<std::uint32_t> groups_;  // by stretch
  std::vector<Column> columns_;
  std::vector<std::uint32_t> places_;  // of the rows of a step
};

}  // namespace stave
