// Numbers with thousands separators or another decimal mark, turned into the plain form that the
// parsers of parse_number.h read. Invariant: separators count only between whole groups of digits,
// so that `1,5` is never taken for fifteen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "stave/result.h"

namespace stave::loading {

class NumberMarks {
 public:
  NumberMarks() = default;
  // `thousands`: '\0' where there are none.
  static Result<NumberMarks> find(char thousands, char decimal_mark);

  bool are_plain() const { return thousands_ == '\0' && decimal_mark_ == '.'; }
  // The number in plain form, with the padding of parsers, in memory that is used again; empty
  // where it is no number in this form. The caller's text where marks are plain.
  std::string_view plain(std::string_view text);

 private:
  std::string_view padded(std::size_t size);
  std::string_view with_plain_mark(std::string_view text);

  char thousands_ = '\0';
  char decimal_mark_ = '.';
  std::string room_;
  std::string respelt_;  // a number whose groups stand apart by other blanks or apostrophes
};

}  // namespace stave::loading
