// The two files of a run as texts. Bytes: format-spec/ledger.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stave/royalty.h"

namespace stave::royalty {

std::string run_file_name(std::uint64_t id);
std::string lines_file_name(std::uint64_t id);

std::string run_text(const RoyaltyRun& run);
// What `run_text` wrote; `origin` names it in errors.
Result<RoyaltyRun> run_of_text(std::string_view text, const std::string& origin);

Result<std::vector<RoyaltyLine>> lines_of_text(std::string_view text, const std::string& origin);

}  // namespace stave::royalty
