// Keeping the result of a report fails at every call, and loses power after every operation: what
// is kept is the old result or the new one, never anything between, and the next writer goes on.
#include <gtest/gtest.h>

#include <cerrno>

#include "storage/kept_reports.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/faulty_file_system.h"

namespace stave::campaign {
namespace {

const KeptQuestion kQuestion{"kpi.daily_genre", {{"from", "2025-05-01"}}, ""};

Result<void> keep_before(FileSystem& files) {
  if (auto kept = keep_result(files, {"kpi.hourly", {}, ""}, "another"); !kept) return kept;
  return keep_result(files, kQuestion, "the old one");
}

// "old", "new", or what is wrong.
std::string state_of(const FileSystem& files) {
  const auto entries = read_kept_index(files);
  if (!entries) return entries.error().message;
  if (entries->size() != 2) return std::to_string(entries->size()) + " results";
  const auto other = read_kept_file(files, (*entries)[1]);
  const auto ours = read_kept_file(files, (*entries)[0]);
  if (!ours) return ours.error().message;
  if (!other || *other != "another") return "the other one was touched";
  return *ours == "the old one" ? "old" : *ours == "the new one" ? "new" : *ours;
}

TEST(KeptReports, FailAtEveryCall) {
  for (std::uint64_t call = 1;; ++call) {
    FaultyFileSystem files;
    ASSERT_TRUE(keep_before(files));
    files.plan({call, ENOSPC, false});
    const auto kept = keep_result(files, kQuestion, "the new one");
    const bool failed = !files.failed_call().empty();
    files.plan({});
    const std::string state = state_of(files);
    EXPECT_TRUE(state == "new" || (!kept && state == "old")) << call << ": " << state;
    ASSERT_TRUE(keep_result(files, kQuestion, "the new one"));
    EXPECT_EQ(state_of(files), "new");
    VerifyReport report;
    ASSERT_TRUE(verify_kept(files, report));
    EXPECT_TRUE(report.damages.empty() && report.strays.empty());
    if (!failed) {
      report_count("failing calls while a result is kept", call - 1, "old or new");
      return;
    }
  }
}

TEST(KeptReports, LosePowerAfterEveryOperation) {
  FaultyFileSystem files;
  ASSERT_TRUE(keep_before(files));
  std::uint64_t disks = 0;
  bool has_new = false;
  Random random(1);
  const auto cut = [&](const std::string& operation) {
    for (std::uint64_t i = 0; i < 4 + 26 * times(); ++i) {
      const auto kind = static_cast<PowerLoss>(std::min<std::uint64_t>(i, 4));
      FaultyFileSystem left(files.power_loss(kind, random));
      const std::string state = state_of(left);
      EXPECT_TRUE(state == "new" || (state == "old" && !has_new)) << operation << ": " << state;
      EXPECT_TRUE(keep_result(left, kQuestion, "the new one"));
      EXPECT_EQ(state_of(left), "new");
      ++disks;
    }
  };
  files.on_change(cut);
  ASSERT_TRUE(keep_result(files, kQuestion, "the new one"));
  has_new = true;
  files.on_change(nullptr);
  cut("the end");
  report_count("power cuts while a result is kept", disks, "old or new");
}

}  // namespace
}  // namespace stave::campaign
