// What a campaign did, for the table that tools/campaign.sh prints, and how much of it to do.
// Invariant: with the same times, a campaign does exactly the same things again.
#pragma once

#include <cstdint>
#include <string_view>

namespace stave::campaign {

// How often the numbers of CI are to be done: STAVE_CAMPAIGN_TIMES, 1 where it is not set.
std::uint64_t times();

// One line on standard output: `campaign: WHAT: COUNT, OUTCOME`.
void report_count(std::string_view what, std::uint64_t count, std::string_view outcome);

}  // namespace stave::campaign
