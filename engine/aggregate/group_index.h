// The group of each row: keys of several columns, already dense codes, become one dense number in
// the order groups are met. An array where the product of the code ranges is small, else an
// open-addressing hash over the normalized key. Where rows are many beside that product, the place
// in the array is the group itself: nothing is looked up, and some groups are empty.
// Invariant: groups are numbered without gaps from 0; `key(group, column)` gives back its codes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/aggregate/place_grid.h"
#include "engine/aggregate/place_marks.h"

namespace stave {

// How the codes of the key columns lie in the words of a normalized key.
class KeyLayout {
 public:
  // `sizes`: codes of a column are below its size; 0 where that is not known.
  explicit KeyLayout(std::span<const std::uint32_t> sizes);
  std::size_t columns() const { return places_.size(); }
  std::size_t words() const { return words_; }
  // How many bits of one word a key takes, where it takes no more.
  std::uint32_t bits() const { return places_.back().shift + places_.back().bits; }
  // One key of words() words for each row.
  void pack(std::span<const std::uint32_t* const> codes, std::uint32_t rows,
            std::vector<std::uint64_t>& keys) const;
  // The key of one row.
  void pack_row(std::span<const std::uint32_t* const> codes, std::uint32_t row,
                std::uint64_t* key) const;
  std::uint32_t code(const std::uint64_t* key, std::size_t column) const;
  // The codes of one column of all keys.
  void unpack(std::span<const std::uint64_t> keys, std::size_t column,
              std::span<std::uint32_t> codes) const;

 private:
  struct Place {
    std::uint32_t word;
    std::uint32_t shift;
    std::uint32_t bits;
  };
  std::vector<Place> places_;
  std::size_t words_ = 1;
};

enum class GroupStrategy : std::uint8_t { kAutomatic, kArray, kHash };

class GroupIndex {
 public:
  // `sizes` as for KeyLayout. `most_slots` bounds the array; kArray falls back to the hash where
  // the array cannot be made at all.
  GroupIndex(std::vector<std::uint32_t> sizes, std::uint64_t most_slots, GroupStrategy strategy);

  // Places become groups, where there are at most so many: to be called before the first row.
  // `fastest_first`: the columns in the order in which neighbours shall lie together.
  bool use_places(std::uint64_t most, std::span<const std::size_t> fastest_first);
  bool uses_places() const { return grid_.has_value(); }
  // The places that `other`, laid out as this one, has met are met here too.
  void take_places(const GroupIndex& other);
  // The places met, ascending, and what their codes in one key column are.
  std::vector<std::uint32_t> met_places() const { return met_.met(); }
  const PlaceGrid& places() const { return *grid_; }

  std::uint32_t groups() const { return groups_; }
  bool is_array() const { return is_array_; }
  // Groups of the rows, valid until the next call.
  const std::uint32_t* find(std::span<const std::uint32_t* const> codes, std::uint32_t rows);
  // Of places, which the caller marks.
  const std::uint32_t* find_unmarked(std::span<const std::uint32_t* const> codes,
                                     std::uint32_t rows);
  void mark_place(std::uint32_t place) { met_.mark(&place, 1); }
  // The keys of `other` are laid out as these, and found by hash.
  bool has_keys_of(const GroupIndex& other) const;
  // Groups of the keys of `other`, as for find.
  const std::uint32_t* find_keys_of(const GroupIndex& other, std::uint32_t first,
                                    std::uint32_t count);
  std::uint32_t key(std::uint32_t group, std::size_t column) const {
    return layout_.code(keys_.data() + std::size_t{group} * layout_.words(), column);
  }
  // The codes of one key column, for every group.
  std::vector<std::uint32_t> key_column(std::size_t column) const;
  // Groups stay, but no row will find one of them again: the next scope begins.
  void seal();
  // Once sealed: of the groups from `first` on only those that `kept` names, ascending, stay.
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept);
  std::size_t memory_bytes() const;

 private:
  struct Slot {
    std::uint32_t tag = 0;    // bits of the key's hash, which say where to look too
    std::uint32_t group = 0;  // plus one; 0: empty
  };
  // Gives every column its stride and places the groups there are; false where the array would be
  // too large.
  bool lay_out_array();
  // Makes room for the codes of columns of unknown size.
  void widen_array(std::span<const std::uint32_t* const> codes, std::uint32_t rows);
  std::uint64_t slot_of(std::uint32_t group) const;
  void find_in_array(std::span<const std::uint32_t* const> codes, std::uint32_t rows);
  template <bool kPrefetches>
  void find_single_in_array(const std::uint32_t* codes, std::uint32_t rows);
  void find_by_hash(std::uint32_t rows);
  void become_hash();
  void grow_hash();
  void put(Slot slot);
  std::uint32_t add_group(const std::uint64_t* key);
  std::uint32_t add_group(std::span<const std::uint32_t* const> codes, std::uint32_t row);

  std::vector<std::uint32_t> sizes_;
  KeyLayout layout_;
  std::uint64_t most_slots_ = 0;
  bool is_array_ = false;
  std::optional<PlaceGrid> grid_;  // where places are groups
  PlaceMarks met_;
  std::vector<std::uint64_t> capacities_;  // array: codes of a column are below it
  std::vector<std::uint64_t> strides_;     // array: of each column
  std::vector<std::uint32_t> array_;       // group plus one; 0: none yet
  std::vector<Slot> slots_;
  std::uint32_t groups_ = 0;
  std::uint32_t sealed_ = 0;         // groups of earlier scopes
  std::vector<std::uint64_t> keys_;  // words() for each group
  std::vector<std::uint64_t> row_keys_;
  std::vector<std::uint64_t> row_slots_;
  std::vector<std::uint32_t> row_tags_;
  std::vector<std::uint32_t> row_groups_;
};

}  // namespace stave
