// Codes and the values they stand for. A code is a dense u32: 0 is null, 1..size() are values.
// Equal values have equal codes within one dictionary; code order says nothing of value order.
// Invariant: a dictionary never changes once shared; it may be read from any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace stave {

inline constexpr std::uint32_t kNullCode = 0;

enum class DictionaryKind : std::uint8_t { kEmpty = 0, kInt64 = 1, kString = 2 };

class Dictionary {
 public:
  virtual ~Dictionary() = default;

  virtual DictionaryKind kind() const = 0;
  virtual std::uint32_t size() const = 0;

  // `code` in 1..size() and the kind as asked; otherwise the answer is empty or 0. The view lives
  // as long as the dictionary.
  virtual std::string_view string_at(std::uint32_t code) const = 0;
  virtual std::int64_t int64_at(std::uint32_t code) const = 0;

  // The code of a value, or kNullCode where it is not in the dictionary.
  virtual std::uint32_t find_string(std::string_view value) const = 0;
  virtual std::uint32_t find_int64(std::int64_t value) const = 0;
};

}  // namespace stave
