// Lines that tools/campaign.sh finds again in the output of the test binary.
#include "tests/campaign/support/count.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace stave::campaign {

std::uint64_t times() {
  const char* given = std::getenv("STAVE_CAMPAIGN_TIMES");
  const std::uint64_t value = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  return value == 0 ? 1 : value;
}

void report_count(std::string_view what, std::uint64_t count, std::string_view outcome) {
  fmt::print("campaign: {}: {}, {}\n", what, count, outcome);
  std::fflush(stdout);
}

}  // namespace stave::campaign
