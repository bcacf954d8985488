// Power is cut after every operation of every workload, and comes back to every kind of disk that
// this may leave.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "tests/campaign/support/count.h"
#include "tests/campaign/support/power_cut.h"

namespace stave::campaign {
namespace {

const char* outcome() {
  return testing::Test::HasFailure() ? "a fault" : "each opens at a commit and goes on from there";
}

TEST(PowerLoss, AfterEveryOperationOfEveryWorkload) {
  std::uint64_t images = 0;
  for (const Workload& workload : workloads()) {
    SCOPED_TRACE(workload.name);
    const auto files = std::make_shared<FaultyFileSystem>();
    Writer writer(files);
    const auto prepared = workload.prepare(writer);
    ASSERT_TRUE(prepared) << prepared.error().message;
    PowerCut power_cut(writer, *files, 58 * times(),
                       workload.may_leave_files ? Leftovers::kMayStay : Leftovers::kAreGone);
    const auto ran = power_cut.during(workload.run);
    EXPECT_TRUE(ran) << ran.error().message;
    report_count(fmt::format("power cuts during {} operations of: {}", power_cut.operations(),
                             workload.name),
                 power_cut.images(), outcome());
    images += power_cut.images();
  }
  report_count("power cuts during all workloads", images, outcome());
  EXPECT_GE(images, 30'000U);
}

// The writer after one that was cut off is cut off too.
TEST(PowerLoss, WhileTheNextWriterCleansUp) {
  std::uint64_t images = 0;
  const auto files = std::make_shared<FaultyFileSystem>();
  Writer writer(files);
  ASSERT_TRUE(writer.make());
  ASSERT_TRUE(writer.load(one_more_load()));
  std::vector<DiskModel> disks;
  Random random(1);
  files->on_change(
      [&](const std::string&) { disks.push_back(files->power_loss(PowerLoss::kMixture, random)); });
  const Progress before = writer.progress();
  const auto run = [](Writer& next) { return next.load(one_more_load()); };
  ASSERT_TRUE(run(writer));
  files->on_change(nullptr);
  for (std::size_t i = 0; i < disks.size(); i += 6) {
    const auto left = std::make_shared<FaultyFileSystem>(std::move(disks[i]));
    const auto content = read_content(left);
    ASSERT_TRUE(content) << content.error().message;
    Writer next(left, {true, *content, {}});
    PowerCut power_cut(next, *left, times());
    const auto ran = power_cut.during(run);
    EXPECT_TRUE(ran) << ran.error().message;
    images += power_cut.images();
  }
  report_count("power cuts during the load after a power cut", images, outcome());
}

// Its manifest may be on disk or not: the next writer must not take its names before it knows.
TEST(PowerLoss, WhileTheNextWriterFollowsACommitInDoubt) {
  std::uint64_t images = 0;
  std::uint64_t in_doubt = 0;
  bool is_done = false;
  for (std::uint64_t call = 1; !is_done; ++call) {
    const auto files = std::make_shared<FaultyFileSystem>();
    Writer writer(files);
    ASSERT_TRUE(writer.make());
    files->plan({call, EIO, false});
    is_done = writer.load(one_more_load()) && files->failed_call().empty();
    if (files->failed_call() != "sync_folder snapshots") {
      continue;
    }
    ++in_doubt;
    files->plan({});
    PowerCut power_cut(writer, *files, 30 * times());
    const auto ran = power_cut.during([](Writer& next) {
      return next.load({{{20'300, "5", "t5"}}, {{"t5", "Pink", "soul"}}, false});
    });
    EXPECT_TRUE(ran) << ran.error().message;
    images += power_cut.images();
  }
  EXPECT_EQ(in_doubt, 1U);
  report_count("power cuts during the load after a commit in doubt", images, outcome());
}

}  // namespace
}  // namespace stave::campaign
