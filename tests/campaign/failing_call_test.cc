// Every call that a workload makes fails, once or from then on, in every way that a disk fails. The
// caller gets a named error or what it asked for, and what was committed stays and is durable.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "storage/store_folder.h"
#include "storage/verify.h"
#include "tests/campaign/support/check_store.h"
#include "tests/campaign/support/count.h"

namespace stave::campaign {
namespace {

constexpr int kErrors[] = {EIO, ENOSPC, EMFILE};

const char* outcome() {
  return testing::Test::HasFailure() ? "a fault" : "a named error or the right answer, store whole";
}

std::string check_error(const Error& error) {
  const bool is_named = error.code == ErrorCode::kIo || error.code == ErrorCode::kNoSpace;
  return is_named && !error.message.empty()
             ? ""
             : fmt::format("error {}: {}", name_of(error.code), error.message);
}

// Where a cleaning call failed, what it was to remove may stay.
Leftovers leftovers_after(const std::string& failed_call) {
  const bool is_cleaning = failed_call.starts_with("remove") || failed_call.starts_with("list") ||
                           failed_call.starts_with("exists");
  return is_cleaning ? Leftovers::kMayStay : Leftovers::kAreGone;
}

// A store as some workload found it, to be had again for every case.
class Start {
 public:
  explicit Start(const Workload& workload) {
    const auto files = std::make_shared<FaultyFileSystem>();
    Writer writer(files);
    const auto prepared = workload.prepare(writer);
    EXPECT_TRUE(prepared) << prepared.error().message;
    progress_ = writer.progress();
    disk_ = files->power_loss(PowerLoss::kEverything, random_);
  }
  std::shared_ptr<FaultyFileSystem> files() {
    auto whole = std::make_shared<FaultyFileSystem>(std::move(disk_));
    disk_ = whole->power_loss(PowerLoss::kEverything, random_);
    return whole;
  }
  const Progress& progress() const { return progress_; }

 private:
  Random random_;
  DiskModel disk_;
  Progress progress_;
};

std::string check_case(Start& start, const Workload& workload, const CallFault& fault) {
  const auto files = start.files();
  Writer writer(files, start.progress());
  files->plan(fault);
  const auto ran = workload.run(writer);
  const std::string failed = files->failed_call();
  files->plan({});
  Progress progress = writer.progress();
  const Leftovers leftovers =
      workload.may_leave_files ? Leftovers::kMayStay : leftovers_after(failed);
  std::string problem;
  if (ran) {
    problem = check_is_durable(*files, progress);
  } else {
    problem = check_error(ran.error());
  }
  if (problem.empty() && files->calls_on_dead_handles() > 0) {
    problem = "a handle was used after it had failed";
  }
  Random random(fault.call);
  DiskModel cut = files->power_loss(PowerLoss::kMixture, random);
  if (problem.empty() && leftovers == Leftovers::kAreGone) {
    problem = check_after_power_loss(std::move(cut), progress);
  }
  // The commit before, but where the last step of a commit failed and could not be taken back.
  const bool is_in_doubt = fault.for_good && failed == "sync_folder snapshots";
  if (progress.is_made && !is_in_doubt) {
    progress.possible.clear();
  }
  if (problem.empty()) {
    problem = check_store(files, progress, leftovers);
  }
  return problem.empty() ? "" : failed + ": " + problem;
}

TEST(FailingCall, OfEveryWorkload) {
  std::uint64_t cases = 0;
  for (const Workload& workload : workloads()) {
    SCOPED_TRACE(workload.name);
    Start start(workload);
    const auto files = start.files();
    Writer writer(files, start.progress());
    files->plan({});
    ASSERT_TRUE(workload.run(writer));
    const std::uint64_t calls = files->calls();
    const std::uint64_t before = cases;
    for (std::uint64_t call = 1; call <= calls && !HasFailure(); ++call) {
      for (const int number : kErrors) {
        for (const bool for_good : {false, true}) {
          ++cases;
          EXPECT_EQ(check_case(start, workload, {call, number, for_good}), "")
              << "call " << call << ", errno " << number << (for_good ? ", for good" : ", once");
        }
      }
    }
    report_count(fmt::format("failing calls, {} of: {}", calls, workload.name), cases - before,
                 outcome());
  }
  report_count("failing calls of all workloads", cases, outcome());
}

// The commit stands, and the marker of the one before is as true.
TEST(FailingCall, ThatReplacesTheMarkerFailsNoCommit) {
  for (const char* const call : {"create STAVE.tmp", "append STAVE.tmp", "rename STAVE.tmp"}) {
    SCOPED_TRACE(call);
    const auto files = std::make_shared<FaultyFileSystem>();
    Writer writer(files);
    ASSERT_TRUE(writer.make());
    const std::uint64_t before = read_marker(*files).value();
    files->plan({1, ENOSPC, false, call});
    const auto loaded = writer.load(one_more_load());
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(files->failed_call(), call);
    files->plan({});
    EXPECT_EQ(find_last_snapshot(*files).value(), before + 1);
    EXPECT_EQ(read_marker(*files).value(), before);
    EXPECT_FALSE(files->exists("STAVE.tmp").value());
    EXPECT_EQ(files->calls_on_dead_handles(), 0U);
    EXPECT_EQ(check_is_durable(*files, writer.progress()), "");
    ASSERT_TRUE(writer.load(one_more_load()));
    EXPECT_EQ(read_marker(*files).value(), before + 2);
    EXPECT_EQ(check_store(files, writer.progress()), "");
  }
}

// As of any other file: what is lost of one may be lost of others too.
TEST(FailingCall, ThatSyncsTheMarkerFailsTheCommit) {
  const auto files = std::make_shared<FaultyFileSystem>();
  Writer writer(files);
  ASSERT_TRUE(writer.make());
  const std::uint64_t before = read_marker(*files).value();
  files->plan({1, EIO, false, "sync STAVE.tmp"});
  const auto loaded = writer.load(one_more_load());
  EXPECT_EQ(files->failed_call(), "sync STAVE.tmp");
  files->plan({});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(check_error(loaded.error()), "");
  EXPECT_EQ(find_last_snapshot(*files).value(), before);
  EXPECT_EQ(read_marker(*files).value(), before);
  Progress progress = writer.progress();
  progress.possible.clear();
  EXPECT_EQ(check_store(files, progress), "");
}

TEST(FailingCall, OfReaders) {
  const auto files = std::make_shared<FaultyFileSystem>();
  Writer writer(files);
  ASSERT_TRUE(writer.make());
  for (int load = 0; load < 3; ++load) {
    ASSERT_TRUE(writer.load(one_more_load()));
  }
  std::uint64_t cases = 0;
  bool is_done = false;
  for (std::uint64_t call = 1; !is_done; ++call) {
    is_done = true;
    for (const int number : kErrors) {
      for (const bool for_good : {false, true}) {
        SCOPED_TRACE(fmt::format("call {}, errno {}, for good: {}", call, number, for_good));
        ++cases;
        files->plan({call, number, for_good});
        const auto content = read_content(files);
        is_done &= files->failed_call().empty();
        EXPECT_EQ(content ? difference(*content, writer.progress().acknowledged)
                          : check_error(content.error()),
                  "");
        EXPECT_EQ(content.has_value(), files->failed_call().empty());
        files->plan({call, number, for_good});
        const auto report = verify_store(*files, 1);
        is_done &= files->failed_call().empty();
        EXPECT_EQ(report ? "" : check_error(report.error()), "");
        EXPECT_EQ(report && report->damages.empty(), files->failed_call().empty());
      }
    }
  }
  report_count("failing calls of readers", cases, outcome());
}

}  // namespace
}  // namespace stave::campaign
