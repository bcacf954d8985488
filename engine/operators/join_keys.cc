// See join_keys.h.
#include "engine/operators/join_keys.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string_view>

#include "engine/local_dictionary.h"
#include "engine/runtime/vector_buffer.h"
#include "storage/int128.h"

namespace stave {

namespace {

std::shared_ptr<const Dictionary> dictionary_of_strings(const EvaluatedColumns& columns,
                                                        std::size_t column) {
  auto dictionary = std::make_shared<LocalDictionary>(DictionaryKind::kString);
  for (const Batch& batch : columns.batches) {
    const Vector& vector = batch.columns[column];
    for (std::uint32_t row = 0; row < vector.size; ++row) {
      if (!is_null_at(vector, row)) {
        dictionary->add_string(vector.values<std::string_view>()[row]);
      }
    }
  }
  return dictionary;
}

std::int64_t integer_at(const Vector& vector, std::uint32_t row) {
  return vector.representation == Representation::kCode
             ? vector.dictionary->int64_at(vector.values<std::uint32_t>()[row])
             : vector.values<std::int64_t>()[row];
}

std::uint64_t equality_bits(double value) {
  return std::bit_cast<std::uint64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN()
                                                        : value + 0.0);
}

// The code in `dictionary` of a value that is not null; kNullCode where it has none.
std::uint32_t find_code(const Dictionary& dictionary, const Vector& vector, std::uint32_t row) {
  if (dictionary.kind() == DictionaryKind::kInt64) {
    return dictionary.find_int64(integer_at(vector, row));
  }
  return dictionary.find_string(
      vector.representation == Representation::kCode
          ? vector.dictionary->string_at(vector.values<std::uint32_t>()[row])
          : vector.values<std::string_view>()[row]);
}

}  // namespace

JoinKeys::Key JoinKeys::key_of(const ColumnShape& left, const EvaluatedColumns& right,
                               std::size_t column) {
  const ColumnShape& other = right.shapes[column];
  const auto either = [&](Representation representation) {
    return left.representation == representation || other.representation == representation;
  };
  Key key;
  if (left.type.kind == TypeKind::kNull || other.type.kind == TypeKind::kNull) {
    key.kind = Kind::kNothing;
  } else if (left.representation == Representation::kCode) {
    key.kind = Kind::kCode;
    key.dictionary = left.dictionary;
  } else if (left.representation == Representation::kString) {
    key.kind = Kind::kCode;
    key.dictionary = other.representation == Representation::kCode
                         ? other.dictionary
                         : dictionary_of_strings(right, column);
  } else if (either(Representation::kInt128)) {
    key.kind = Kind::kInt128;
  } else if (either(Representation::kFloat64)) {
    key.kind = Kind::kFloat64;
  } else if (either(Representation::kBool)) {
    key.kind = Kind::kBool;
  }
  return key;
}

JoinKeys::JoinKeys(const std::vector<ColumnShape>& left, const EvaluatedColumns& right,
                   const std::vector<bool>& null_safe) {
  unsigned codes = 0;
  for (std::size_t column = 0; column < left.size(); ++column) {
    Key key = key_of(left[column], right, column);
    key.null_safe = null_safe[column];
    codes += key.kind == Kind::kCode ? 1U : 0U;
    has_flags_ |= key.null_safe && key.kind != Kind::kCode;
    keys_.push_back(std::move(key));
  }
  unsigned placed = 0;
  words_per_row_ = (codes + 1) / 2;
  for (Key& key : keys_) {
    if (key.kind == Kind::kCode) {
      key.word = placed / 2;
      key.shift = placed % 2 * 32;
      ++placed;
    } else if (key.kind != Kind::kNothing) {
      key.word = words_per_row_;
      words_per_row_ += key.kind == Kind::kInt128 ? 2 : 1;
    }
  }
  flags_word_ = words_per_row_;
  words_per_row_ += has_flags_ ? (keys_.size() + 63) / 64 : 0;
  words_per_row_ = std::max<std::size_t>(words_per_row_, 1);
}

std::uint64_t JoinKeys::code_bound() const {
  return keys_.size() == 1 && keys_[0].kind == Kind::kCode
             ? std::uint64_t{keys_[0].dictionary->size()} + 1
             : 0;
}

void JoinKeys::encode_codes(const Key& key, const Vector& vector, std::uint64_t* words,
                            std::uint8_t* matches) const {
  const bool coded = vector.representation == Representation::kCode;
  const bool as_they_are = coded && vector.dictionary == key.dictionary;
  std::vector<std::uint32_t> translated;  // codes found before, plus one
  if (coded && !as_they_are && vector.dictionary->size() <= vector.size) {
    translated.resize(std::size_t{vector.dictionary->size()} + 1);
  }
  for (std::uint32_t row = 0; row < vector.size; ++row) {
    const bool null = is_null_at(vector, row);
    std::uint32_t code = kNullCode;
    if (as_they_are) {
      code = vector.values<std::uint32_t>()[row];
    } else if (!null && !translated.empty()) {
      std::uint32_t& known = translated[vector.values<std::uint32_t>()[row]];
      known = known != 0 ? known : find_code(*key.dictionary, vector, row) + 1;
      code = known - 1;
    } else if (!null) {
      code = find_code(*key.dictionary, vector, row);
    }
    const bool is_absent = code == kNullCode && !null;
    if (is_absent || (null && !key.null_safe)) {
      matches[row] = 0;
    }
    words[row * words_per_row_ + key.word] |= std::uint64_t{code} << key.shift;
  }
}

void JoinKeys::encode_values(const Key& key, const Vector& vector, std::uint64_t* words) const {
  for (std::uint32_t row = 0; row < vector.size; ++row) {
    if (is_null_at(vector, row)) {
      continue;
    }
    std::uint64_t* const out = words + row * words_per_row_ + key.word;
    switch (key.kind) {
      case Kind::kInt128: {
        const Int128 value = vector.representation == Representation::kInt128
                                 ? vector.values<Int128>()[row]
                                 : Int128{integer_at(vector, row)};
        out[0] = static_cast<std::uint64_t>(value);
        out[1] = static_cast<std::uint64_t>(static_cast<UInt128>(value) >> 64);
        break;
      }
      case Kind::kFloat64:
        out[0] = equality_bits(vector.values<double>()[row]);
        break;
      case Kind::kBool:
        out[0] = vector.values<std::uint8_t>()[row];
        break;
      default:
        out[0] = static_cast<std::uint64_t>(integer_at(vector, row));
        break;
    }
  }
}

void JoinKeys::encode(std::span<const Vector> keys, std::uint32_t rows, std::uint64_t* words,
                      std::uint8_t* matches) const {
  std::fill(words, words + rows * words_per_row_, 0);
  std::fill(matches, matches + rows, std::uint8_t{1});
  for (std::size_t index = 0; index < keys_.size(); ++index) {
    const Key& key = keys_[index];
    const Vector& vector = keys[index];
    if (key.kind == Kind::kCode) {
      encode_codes(key, vector, words, matches);
      continue;
    }
    if (key.kind != Kind::kNothing) {
      encode_values(key, vector, words);
    }
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (!is_null_at(vector, row)) {
        continue;
      }
      if (key.null_safe) {
        words[row * words_per_row_ + flags_word_ + index / 64] |= std::uint64_t{1} << index % 64;
      } else {
        matches[row] = 0;
      }
    }
  }
}

void JoinKeys::encode_left(std::span<const Vector> keys, std::uint32_t rows, Encoded& out) const {
  out.words.resize(rows * words_per_row_);
  out.matches.resize(rows);
  encode(keys, rows, out.words.data(), out.matches.data());
}

JoinKeys::Encoded JoinKeys::encode_right(const EvaluatedColumns& right) const {
  std::size_t rows = 0;
  for (const Batch& batch : right.batches) {
    rows += batch.rows;
  }
  Encoded out;
  out.words.resize(rows * words_per_row_);
  out.matches.resize(rows);
  std::size_t first = 0;
  for (const Batch& batch : right.batches) {
    encode(batch.columns, batch.rows, out.words.data() + first * words_per_row_,
           out.matches.data() + first);
    first += batch.rows;
  }
  return out;
}

}  // namespace stave
