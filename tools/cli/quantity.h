// Numbers as people read them: "1,234,567", "1.3 GiB", "2.5 M", "1 min 20 s".
#pragma once

#include <cstdint>
#include <string>

namespace stave::cli {

std::string grouped(std::uint64_t number);
std::string bytes_text(std::uint64_t bytes);
// Three digits and k, M or G.
std::string rough_number(double number);
std::string duration_text(double seconds);

}  // namespace stave::cli
