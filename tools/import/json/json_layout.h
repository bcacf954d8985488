// How the objects of a JSON dump stand in their file.
#pragma once

#include <cstdint>

namespace stave::loading {

enum class JsonLayout : std::uint8_t {
  kNone,     // no JSON
  kLines,    // one on each line
  kObjects,  // one after the other, over several lines
  kArray,    // all in one array
};

}  // namespace stave::loading
