// The words that `stave` says about itself.
#pragma once

#include <string>

namespace stave::cli {

// What `stave` alone prints: enough to begin.
std::string short_guide();
std::string version_text();

}  // namespace stave::cli
