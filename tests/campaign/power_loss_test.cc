// Power is cut after every operation of every workload, and comes back to every kind of disk that
// this may leave.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/campaign/support/check_store.h"
#include "tests/campaign/support/count.h"

namespace stave::campaign {
namespace {

// Disks after each operation, beside the four plain ones.
constexpr std::uint64_t kMixtures = 26;

class PowerCut {
 public:
  PowerCut(FaultyFileSystem& files, const Progress& progress)
      : files_(files), progress_(progress) {}

  void after(const std::string& operation) {
    ++operations_;
    for (const PowerLoss kind : {PowerLoss::kNothing, PowerLoss::kEverything,
                                 PowerLoss::kEmptyFiles, PowerLoss::kZeroFiles}) {
      cut(operation, kind, 0);
    }
    for (std::uint64_t i = 0; i < kMixtures * times(); ++i) {
      cut(operation, PowerLoss::kMixture, operations_ * 1'000'003 + i);
    }
  }

  std::uint64_t images() const { return images_; }
  std::uint64_t operations() const { return operations_; }

 private:
  void cut(const std::string& operation, PowerLoss kind, std::uint64_t seed) {
    if (testing::Test::HasFailure()) {
      return;
    }
    Random random(seed);
    DiskModel image = files_.power_loss(kind, random);
    // The same disk may be right before a commit and wrong after it.
    const std::uint64_t state = progress_.acknowledged.snapshot * 2 + progress_.possible.size();
    if (!seen_.emplace(state, image.fingerprint()).second) {
      return;
    }
    ++images_;
    const std::string fault =
        check_store(std::make_shared<FaultyFileSystem>(std::move(image)), progress_);
    EXPECT_EQ(fault, "") << "power cut after operation " << operations_ << ", " << operation
                         << ", kind " << static_cast<int>(kind) << ", seed " << seed;
  }

  FaultyFileSystem& files_;
  const Progress& progress_;
  std::uint64_t operations_ = 0;
  std::uint64_t images_ = 0;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
};

TEST(PowerLoss, AfterEveryOperationOfEveryWorkload) {
  std::uint64_t images = 0;
  for (const Workload& workload : workloads()) {
    SCOPED_TRACE(workload.name);
    const auto files = std::make_shared<FaultyFileSystem>();
    Writer writer(files);
    const auto prepared = workload.prepare(writer);
    ASSERT_TRUE(prepared) << prepared.error().message;
    PowerCut power_cut(*files, writer.progress());
    files->on_change([&](const std::string& operation) { power_cut.after(operation); });
    const auto ran = workload.run(writer);
    EXPECT_TRUE(ran) << ran.error().message;
    power_cut.after("the end");
    files->on_change(nullptr);
    report_count(
        fmt::format("power loss, {}, {} operations", workload.name, power_cut.operations()),
        power_cut.images(), HasFailure() ? "a fault" : "each at a commit, each goes on");
    images += power_cut.images();
  }
  report_count("power loss, all workloads", images, HasFailure() ? "a fault" : "all well");
  EXPECT_GE(images, 30'000U);
}

}  // namespace
}  // namespace stave::campaign
