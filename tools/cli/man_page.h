// Manual pages, made of the very texts that --help prints.
#pragma once

#include <string>

#include "stave/result.h"

namespace CLI {
class App;
}

namespace stave::cli {

// stave-COMMAND(1), in the macros of man(7).
std::string man_page(const CLI::App& command);
// stave(1), which lists the commands.
std::string man_page_of_all(const CLI::App& root);

// All of them into a folder, which is made where missing.
Result<void> write_man_pages(const CLI::App& root, const std::string& folder);

}  // namespace stave::cli
