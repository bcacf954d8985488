// Rounded for reading; nothing here is meant to be read back.
#include "tools/cli/quantity.h"

#include <array>
#include <cstdio>

namespace stave::cli {
namespace {

std::string with_unit(double number, const char* unit) {
  std::array<char, 64> text{};
  const char* const form = number >= 100 ? "%.0f%s" : (number >= 10 ? "%.1f%s" : "%.2f%s");
  std::snprintf(text.data(), text.size(), form, number, unit);
  return text.data();
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3) {
    digits.insert(static_cast<std::size_t>(place), 1, ',');
  }
  return digits;
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{" B", " KiB", " MiB", " GiB", " TiB"};
  if (bytes < 1024) {
    return std::to_string(bytes) + kUnits[0];
  }
  auto number = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; number >= 1024 && unit + 1 < kUnits.size(); ++unit) {
    number /= 1024;
  }
  return with_unit(number, kUnits[unit]);
}

std::string rough_number(double number) {
  constexpr std::array<const char*, 4> kUnits{"", " k", " M", " G"};
  if (number < 1000) {
    return std::to_string(static_cast<std::uint64_t>(number));
  }
  std::size_t unit = 0;
  for (; number >= 1000 && unit + 1 < kUnits.size(); ++unit) {
    number /= 1000;
  }
  return with_unit(number, kUnits[unit]);
}

std::string duration_text(double seconds) {
  if (seconds < 60) {
    return with_unit(seconds, " s");
  }
  const auto whole = static_cast<std::uint64_t>(seconds);
  if (whole < 3600) {
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  }
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

}  // namespace stave::cli
