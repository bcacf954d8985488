// Seeds are functions of the operation's number, so that a failing disk can be made again.
#include "tests/campaign/support/power_cut.h"

#include <gtest/gtest.h>

namespace stave::campaign {

Result<void> PowerCut::during(const std::function<Result<void>(Writer&)>& run) {
  files_.on_change([this](const std::string& operation) { after(operation); });
  auto outcome = run(writer_);
  files_.on_change(nullptr);
  after("the end");
  return outcome;
}

void PowerCut::after(const std::string& operation) {
  ++operations_;
  for (const PowerLoss kind : {PowerLoss::kNothing, PowerLoss::kEverything, PowerLoss::kEmptyFiles,
                               PowerLoss::kZeroFiles}) {
    cut(operation, kind, 0);
  }
  for (std::uint64_t i = 0; i < mixtures_; ++i) {
    cut(operation, PowerLoss::kMixture, operations_ * 1'000'003 + i);
  }
}

void PowerCut::cut(const std::string& operation, PowerLoss kind, std::uint64_t seed) {
  if (testing::Test::HasFailure()) {
    return;
  }
  Random random(seed);
  DiskModel disk = files_.power_loss(kind, random);
  // The same disk may be right before a commit and wrong after it.
  const Progress& progress = writer_.progress();
  const std::uint64_t state = progress.acknowledged.snapshot * 64 + progress.possible.size();
  if (!seen_.emplace(state, disk.fingerprint()).second) {
    return;
  }
  ++images_;
  EXPECT_EQ(check_after_power_loss(std::move(disk), progress, leftovers_), "")
      << "power cut after operation " << operations_ << ", " << operation << ", kind "
      << static_cast<int>(kind) << ", seed " << seed;
}

}  // namespace stave::campaign
