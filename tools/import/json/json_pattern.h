// Objects of one dump are mostly written alike: the same keys in the same order, with the same
// blanks between. Of such an object only the values are looked at. Invariant: what is taken
// read_flat_object takes, and what is written JsonText would write of its members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/json/json_member.h"

namespace stave::loading {

class JsonPattern {
 public:
  void forget() { values_.clear(); }
  // Whether another object, which was of another pattern, is worth learning from: where objects
  // are not alike, few are.
  bool wants_another() { return misses_ < kLearnedMisses || misses_ % kLearnedMisses == 0; }
  // From an object that read_flat_object took. `fields`: of its members, in the CSV row of
  // `all_fields`; nothing is learned where they do not ascend or one is beyond.
  void learn(std::string_view object, std::span<const JsonMember> members,
             std::span<const std::size_t> fields, std::size_t all_fields);

  bool takes(std::string_view object);
  // So many bytes `write` may touch.
  std::size_t room_for(std::string_view object) const {
    return object.size() + 3 * all_fields_ + sizeof(std::uint64_t);
  }
  // The row with its line end at `out`; gives where it ends, or null where the object is of
  // another pattern. kTextPadding bytes behind the object must be readable.
  char* write(std::string_view object, char* out);

 private:
  // Text that every object has, padded to whole words.
  struct Fixed {
    std::string text;
    std::size_t size = 0;
    std::uint64_t last_mask = 0;

    Fixed() = default;
    explicit Fixed(std::string_view part);
    // The words that the text at `at` lies in must be readable.
    bool begins(const char* at) const;
  };
  struct Value {
    Fixed before;
    std::size_t commas = 0;  // of the row in front of it
  };
  template <bool kWrites>
  char* read(std::string_view object, char* out) const;

  static constexpr std::uint64_t kLearnedMisses = 32;

  std::vector<Value> values_;
  Fixed end_;
  std::size_t commas_at_end_ = 0;
  std::size_t all_fields_ = 0;
  std::uint64_t misses_ = 0;  // since an object was taken
};

}  // namespace stave::loading
