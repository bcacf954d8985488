// An allocation may fail without the operation failing, where what it was for could be left out.
#include "tests/campaign/allocation/allocation_campaign.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/campaign/allocation/failing_allocation.h"
#include "tests/campaign/support/count.h"

namespace stave::campaign {
namespace {

std::string problem_of(const Operation& operation, const AllocationPlan& plan, bool& is_done) {
  operation.prepare();
  plan_allocations(plan);
  Result<void> outcome = operation.run();
  const std::uint64_t failed = finish_allocations();
  is_done = failed == 0;
  if (!outcome && (is_done || outcome.error().code != ErrorCode::kOutOfMemory)) {
    return fmt::format("error {}: {}", name_of(outcome.error().code), outcome.error().message);
  }
  return operation.check(outcome.has_value(), plan.for_good);
}

}  // namespace

void fail_every_allocation(const Operation& operation) {
  std::uint64_t cases = 0;
  for (const bool for_good : {false, true}) {
    bool is_done = false;
    for (std::uint64_t number = 1; !is_done && !testing::Test::HasFailure(); ++number) {
      ++cases;
      EXPECT_EQ(problem_of(operation, {number, for_good}, is_done), "")
          << operation.name << ": allocation " << number << (for_good ? " and all later" : "");
    }
  }
  report_count("failing allocations, " + operation.name, cases,
               testing::Test::HasFailure() ? "a fault" : "out_of_memory or done, store whole");
}

}  // namespace stave::campaign
