// A stretch of a file read before its turn came, beside other threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "tools/import/load_table.h"
#include "tools/import/plain_file.h"

namespace stave::loading {

struct ReadBlock {
  std::shared_ptr<const PlainFile> file;  // null: nothing is to be read ahead
  std::uint64_t offset = 0;               // in it
  char quote = '\0';                      // to be looked for
  // Of a file of JSON lines: its keys so far; else null.
  std::shared_ptr<const FilePlan> json_plan;

  std::size_t begin = 0;            // in the bytes of its chunk
  std::size_t size = 0;             // of what was read; 0: it could not be
  std::size_t first_high_byte = 0;  // that is not ASCII; `size`: there is none
  bool has_quote = false;
};

}  // namespace stave::loading
