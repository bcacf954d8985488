// See checks.h. The programs of a run should make all of this true; it is counted again here.
#include "tools/royalty/checks.h"

#include <fmt/format.h>

#include <cstdlib>

namespace stave::royalty {
namespace {

constexpr std::int64_t kWhole = 100'000'000;  // 100 percent in millionths

Failure broken(const std::string& what) {
  return fail(ErrorCode::kEvaluation,
              "A royalty run would not add up, and was not stored: " + what +
                  ". Look at the reports of the store's own in its folder `reports`, or report "
                  "this as a fault of stave.");
}

}  // namespace

Result<void> PoolSums::add(const LineParts& line, std::uint64_t pool) {
  if (line.kind == "unallocated") {
    unallocated.add(line.amount);
    return {};
  }
  if (!line.track) {
    return broken(
        fmt::format("a line of pool {} has no track, and {}", pool, money_text(line.amount)));
  }
  if (line.kind == "top_up") {
    top_ups.add(line.amount);
    return {};
  }
  shares.add(line.amount);
  millionths[*line.track] += line.percent;
  return {};
}

Result<void> check_sums(const RoyaltyRun& run, const std::map<std::uint64_t, PoolSums>& sums) {
  std::uint64_t plays = 0;
  for (const auto& [reason, count] : run.plays) plays += count;
  if (plays != run.plays_in) {
    return broken(fmt::format("{} plays came in, and {} are counted or left out for a reason",
                              run.plays_in, plays));
  }
  for (const RoyaltyPool& pool : run.pools) {
    const auto found = sums.find(pool.number);
    Total paid;
    if (found != sums.end()) {
      const PoolSums& of = found->second;
      paid.add(of.shares.value());
      paid.add(of.unallocated.value());
      if (of.shares.is_lost() || of.top_ups.is_lost() || of.unallocated.is_lost()) {
        return broken(fmt::format("the lines of pool {} sum to more than 128 bits", pool.number));
      }
      for (const auto& [track, percent] : of.millionths) {
        // Percentages of splits that change within the period are rounded to six decimals.
        if (std::llabs(percent - kWhole) > 1000) {
          return broken(
              fmt::format("the parts of track {} in pool {} sum to {} millionths of a "
                          "percent",
                          track, pool.number, percent));
        }
      }
    }
    const auto amount = hundredths_of(pool.amount);
    if (!amount) return pass(amount);
    if (*amount != paid.value()) {
      return broken(fmt::format("the lines of pool {} sum to {}, and it has {}", pool.number,
                                money_text(paid.value()), pool.amount));
    }
  }
  return {};
}

}  // namespace stave::royalty
