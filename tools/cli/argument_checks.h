// Checks of single arguments whose refusals read as sentences.
#pragma once

#include <cstdint>
#include <string>

#include "tools/cli/cli11.h"

namespace stave::cli {

// A whole number from `low` to `high`. Shows nothing in the help: the option's own words do.
inline CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
  const auto check = [low, high](std::string& text) -> std::string {
    std::uint64_t number = 0;
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    if (digits && CLI::detail::lexical_cast(text, number) && number >= low && number <= high) {
      return "";
    }
    return "not a whole number from " + std::to_string(low) + " to " + std::to_string(high) +
           ": \"" + text + "\"";
  };
  return CLI::Validator(check, "");
}

// One of a few words, in the order given.
inline CLI::Validator one_of(std::vector<std::string> words) {
  const auto check = [words = std::move(words)](std::string& text) -> std::string {
    std::string list;
    for (const std::string& word : words) {
      if (text == word) {
        return "";
      }
      list += (list.empty() ? "" : ", ") + word;
    }
    return "not one of " + list + ": \"" + text + "\"";
  };
  return CLI::Validator(check, "");
}

}  // namespace stave::cli
