// Equality of join keys as equality of 64-bit words, whatever the representations of the two sides.
// Codes of one dictionary stay codes; other strings become codes of the left side's dictionary, or
// of one made from the right side, so that text is compared while encoding and never after.
// Invariant: rows of the two sides that both can match have equal words where all keys are equal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/evaluator.h"
#include "engine/operators/evaluate_all.h"
#include "engine/vector.h"

namespace stave {

class JoinKeys {
 public:
  struct Encoded {
    std::vector<std::uint64_t> words;   // words_per_row() for each row
    std::vector<std::uint8_t> matches;  // 0: null in a key that is not null-safe, or a value that
                                        // the other side cannot have
  };

  JoinKeys(const std::vector<ColumnShape>& left, const EvaluatedColumns& right,
           const std::vector<bool>& null_safe);

  std::size_t words_per_row() const { return words_per_row_; }
  // Where the only key is a code: one more than the highest. Else 0.
  std::uint64_t code_bound() const;

  // One vector for each key. `out` is overwritten. Thread-safe.
  void encode_left(std::span<const Vector> keys, std::uint32_t rows, Encoded& out) const;
  Encoded encode_right(const EvaluatedColumns& right) const;

 private:
  enum class Kind : std::uint8_t { kCode, kInt64, kInt128, kFloat64, kBool, kNothing };
  struct Key {
    Kind kind = Kind::kInt64;
    bool null_safe = false;
    std::size_t word = 0;
    unsigned shift = 0;                            // of a code in its word
    std::shared_ptr<const Dictionary> dictionary;  // the one whose codes stand for values
  };

  static Key key_of(const ColumnShape& left, const EvaluatedColumns& right, std::size_t column);
  void encode(std::span<const Vector> keys, std::uint32_t rows, std::uint64_t* words,
              std::uint8_t* matches) const;
  void encode_codes(const Key& key, const Vector& vector, std::uint64_t* words,
                    std::uint8_t* matches) const;
  void encode_values(const Key& key, const Vector& vector, std::uint64_t* words) const;

  std::vector<Key> keys_;
  std::size_t words_per_row_ = 0;
  std::size_t flags_word_ = 0;  // a bit for each key whose value is null
  bool has_flags_ = false;
};

}  // namespace stave
