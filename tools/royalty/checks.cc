// See checks.h. The programs of a run should make all of this true; it is counted again here.
#include "tools/royalty/checks.h"

#include <fmt/format.h>

namespace stave::royalty {

Failure does_not_add_up(const std::string& what) {
  return fail(ErrorCode::kEvaluation,
              "A royalty run would not add up, and was not stored: " + what +
                  ". Look at the reports of the store's own in its folder `reports`, or report "
                  "this as a fault of stave.");
}

Result<void> check_sums(const RoyaltyRun& run, const std::map<std::uint64_t, PoolSums>& sums) {
  std::uint64_t plays = 0;
  for (const auto& [reason, count] : run.plays) plays += count;
  if (plays != run.plays_in) {
    return does_not_add_up(fmt::format(
        "{} plays came in, and {} are counted or left out for a reason", run.plays_in, plays));
  }
  for (const RoyaltyPool& pool : run.pools) {
    const auto found = sums.find(pool.number);
    Total paid;
    if (found != sums.end()) {
      const PoolSums& of = found->second;
      paid.add(of.shares.value());
      paid.add(of.unallocated.value());
      if (of.shares.is_lost() || of.top_ups.is_lost() || of.unallocated.is_lost() ||
          paid.is_lost()) {
        return does_not_add_up(
            fmt::format("the lines of pool {} sum to more than 128 bits", pool.number));
      }
    }
    const auto amount = hundredths_of(pool.amount);
    if (!amount) return pass(amount);
    if (*amount != paid.value()) {
      return does_not_add_up(fmt::format("the lines of pool {} sum to {}, and it has {}",
                                         pool.number, money_text(paid.value()), pool.amount));
    }
  }
  return {};
}

}  // namespace stave::royalty
