// Texts that somebody has mistyped: for tests that a reader takes no more than another one.
#pragma once

#include <cstddef>
#include <random>
#include <string>

namespace stave::testing {

// Up to `most` times a byte is put in place of another, in front of one, or left out.
inline std::string with_faults(std::string text, std::size_t most, const std::string& bytes,
                               std::mt19937& random) {
  for (std::size_t changes = random() % (most + 1); changes > 0; --changes) {
    const std::size_t at = random() % text.size();
    const char byte = bytes[random() % bytes.size()];
    switch (random() % 3) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      default:
        text.erase(at, 1);
    }
  }
  return text;
}

}  // namespace stave::testing
