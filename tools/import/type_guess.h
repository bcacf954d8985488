// The type of a column that the schema does not know, from all its values: the first of i64,
// decimal, f64, bool, date, timestamp, string that holds every one of them. Invariant: guesses may
// be merged in any order with one outcome, so threads never change a type.
#pragma once

#include <cstdint>
#include <string_view>

#include "stave/type.h"
#include "tools/import/value_parser.h"

namespace stave::loading {

class TypeGuess {
 public:
  // `text` has the padding that parsers need. Empty text and words for null
  // say nothing.
  void observe(std::string_view text, ValueParser& values);
  void merge(const TypeGuess& other);
  // What a file says of its column: values may show that it does not fit, never more than it says.
  void declare(Type type);
  Type type() const;
  // A key is never null: what is a null in columns of numbers and times is text in one.
  Type key_type() const { return saw_null_ ? kStringType : type(); }
  // Every value is a day without a clock, even one that is an integer too, as 20250501.
  bool holds_dates() const { return observed_ && (possible_ & kDate) != 0; }
  // Every value is an integer written as an integer domain would write it.
  bool holds_integer_keys() const {
    return observed_ && !saw_null_ && (possible_ & kIntegerKey) != 0;
  }

 private:
  enum Bit : std::uint8_t {
    kInt64 = 1,
    kDecimal = 2,
    kFloat64 = 4,
    kBool = 8,
    kDate = 16,
    kTimestamp = 32,
    kIntegerKey = 64,
    kTelephone = 128,  // holds for all: the column is text, since its pluses say something
  };
  std::uint8_t possible_ =
      kInt64 | kDecimal | kFloat64 | kBool | kDate | kTimestamp | kIntegerKey | kTelephone;
  bool observed_ = false;
  bool saw_null_ = false;  // written as blanks or a word
  int most_digits_ = 18;   // of a decimal; beyond it is a float
  int integer_digits_ = 1;
  int fraction_digits_ = 0;
};

}  // namespace stave::loading
