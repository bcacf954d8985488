// The parts of a list, which batches hold as the text of a JSON array.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "stave/result.h"

namespace stave {

// Reads the parts one by one. Parts that are not strings (numbers, true, null) are their text.
class ListParts {
 public:
  explicit ListParts(std::string_view list) : rest_(list) {}
  // The next part, none at the end; kInternal where the text is no JSON array. The view is good
  // until the next call.
  Result<std::optional<std::string_view>> next();

 private:
  bool skip(char expected);
  bool read_string();
  bool read_escape();
  bool read_unicode();

  std::string_view rest_;
  std::string part_;
  bool started_ = false;
};

}  // namespace stave
