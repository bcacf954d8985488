// Where the objects of a JSON dump lie, without reading what they hold.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tools/import/json/json_layout.h"
#include "tools/import/row_frame.h"

namespace stave::loading {

// Appends the offsets behind the objects of a text that begins between two of them. `closed`
// becomes true behind the end of an array.
void find_object_ends(std::string_view text, std::vector<std::uint32_t>& ends, bool& closed);

// Gives the rows of a text that holds complete rows, blank ones left out.
class JsonRows {
 public:
  // `ends`: of objects, where the layout has no lines; must outlive this.
  JsonRows(std::string_view text, JsonLayout layout, const std::vector<std::uint32_t>& ends)
      : text_(text), layout_(layout), ends_(ends) {}

  // Without blanks and commas around it; false at the end.
  bool next(Span& row);

 private:
  std::size_t end_of_row();

  std::string_view text_;
  JsonLayout layout_;
  const std::vector<std::uint32_t>& ends_;
  std::size_t at_ = 0;
  std::size_t next_end_ = 0;
};

}  // namespace stave::loading
