// The store's POSIX files on a real folder, every system call of theirs failing in turn. Where a
// call is only interrupted or does less than asked, nobody may notice.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "storage/verify.h"
#include "tests/campaign/support/check_store.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/system_calls.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::campaign {
namespace {

// In memory where the system has such a folder: nothing here needs to last.
std::filesystem::path scratch() {
  const std::filesystem::path shared_memory = "/dev/shm";
  return std::filesystem::is_directory(shared_memory) ? shared_memory
                                                      : std::filesystem::temp_directory_path();
}

struct FaultKind {
  const char* name;
  SystemFault fault;
  int number;
};
constexpr FaultKind kFaults[] = {{"EIO", SystemFault::kError, EIO},
                                 {"ENOSPC", SystemFault::kError, ENOSPC},
                                 {"EMFILE", SystemFault::kError, EMFILE},
                                 {"EINTR", SystemFault::kInterrupted, 0},
                                 {"short transfer", SystemFault::kShort, 0}};

const char* outcome(SystemFault fault) {
  return testing::Test::HasFailure()    ? "a fault"
         : fault == SystemFault::kError ? "a named error or the right answer, store whole"
                                        : "unnoticed";
}

std::string check_error(const Error& error, SystemFault fault) {
  const bool is_named = error.code == ErrorCode::kIo || error.code == ErrorCode::kNoSpace;
  return is_named && fault == SystemFault::kError
             ? ""
             : fmt::format("error {}: {}", name_of(error.code), error.message);
}

// A store as some workload found it, to be had again for every case.
class Start {
 public:
  explicit Start(const Workload& workload) : folder_(scratch()) {
    std::filesystem::create_directory(template_);
    Writer writer(posix_file_system(template_).value());
    const auto prepared = workload.prepare(writer);
    EXPECT_TRUE(prepared) << prepared.error().message;
    progress_ = writer.progress();
  }
  std::shared_ptr<FileSystem> files() {
    std::filesystem::remove_all(copy_);
    std::filesystem::copy(template_, copy_, std::filesystem::copy_options::recursive);
    return posix_file_system(copy_).value();
  }
  const Progress& progress() const { return progress_; }

 private:
  TemporaryFolder folder_;
  std::string template_ = folder_.path() + "/template";
  std::string copy_ = folder_.path() + "/store";
  Progress progress_;
};

// Where a cleaning call failed, what it was to remove may stay.
Leftovers leftovers_after(const std::string& failed_call) {
  const bool is_cleaning =
      failed_call.starts_with("unlinkat") || failed_call.starts_with("fstatat");
  return is_cleaning ? Leftovers::kMayStay : Leftovers::kAreGone;
}

// The number of calls that may fail like this.
std::uint64_t count_calls(Start& start, const Workload& workload, SystemFault fault) {
  Writer writer(start.files(), start.progress());
  plan_system_calls({0, fault, 0, false});
  const auto ran = workload.run(writer);
  EXPECT_TRUE(ran) << ran.error().message;
  return finish_system_calls().calls;
}

std::string check_case(Start& start, const Workload& workload, const SystemCallPlan& plan) {
  const auto files = start.files();
  Writer writer(files, start.progress());
  plan_system_calls(plan);
  const auto ran = workload.run(writer);
  const SystemCallRecord record = finish_system_calls();
  Progress progress = writer.progress();
  std::string problem = ran ? "" : check_error(ran.error(), plan.fault);
  if (problem.empty() && record.failed_call.empty()) {
    problem = "nothing failed";
  }
  if (problem.empty() && record.calls_on_dead_files > 0) {
    problem = "a file was used after a write or fsync of it had failed";
  }
  if (problem.empty() && ran && record.failed_syncs_of_files > 0) {
    problem = "a commit succeeded though an fsync had failed";
  }
  // The commit before, but where the last step of a commit failed and could not be taken back.
  const bool is_in_doubt = plan.for_good && record.failed_call.ends_with(" snapshots");
  if (progress.is_made && !is_in_doubt) {
    progress.possible.clear();
  }
  if (problem.empty()) {
    problem = check_store(
        files, progress,
        workload.may_leave_files ? Leftovers::kMayStay : leftovers_after(record.failed_call));
  }
  return problem.empty() ? "" : record.failed_call + ": " + problem;
}

TEST(SystemCall, OfEveryWorkload) {
  std::uint64_t all = 0;
  for (const FaultKind& kind : kFaults) {
    std::uint64_t cases = 0;
    for (const Workload& workload : workloads()) {
      SCOPED_TRACE(workload.name);
      Start start(workload);
      const std::uint64_t calls = count_calls(start, workload, kind.fault);
      for (std::uint64_t call = 1; call <= calls && !HasFailure(); ++call) {
        for (const bool for_good : {false, true}) {
          ++cases;
          EXPECT_EQ(check_case(start, workload, {call, kind.fault, kind.number, for_good}), "")
              << kind.name << " of call " << call << (for_good ? ", for good" : ", once");
        }
      }
    }
    report_count(fmt::format("system calls of writers that meet {}", kind.name), cases,
                 outcome(kind.fault));
    all += cases;
  }
  report_count("system calls of writers that fail", all, outcome(SystemFault::kError));
}

TEST(SystemCall, OfReaders) {
  const TemporaryFolder folder(scratch());
  const std::shared_ptr<FileSystem> files = posix_file_system(folder.path()).value();
  Writer writer(files);
  ASSERT_TRUE(writer.make());
  for (int load = 0; load < 3; ++load) {
    ASSERT_TRUE(writer.load(one_more_load()));
  }
  std::uint64_t cases = 0;
  for (const FaultKind& kind : kFaults) {
    bool is_done = false;
    for (std::uint64_t call = 1; !is_done; ++call) {
      is_done = true;
      for (const bool for_good : {false, true}) {
        SCOPED_TRACE(fmt::format("{} of call {}, for good: {}", kind.name, call, for_good));
        ++cases;
        plan_system_calls({call, kind.fault, kind.number, for_good});
        const auto content = read_content(files);
        const bool was_read = finish_system_calls().failed_call.empty();
        EXPECT_EQ(content ? difference(*content, writer.progress().acknowledged)
                          : check_error(content.error(), kind.fault),
                  "");
        plan_system_calls({call, kind.fault, kind.number, for_good});
        const auto report = verify_store(*files, 1);
        const bool was_verified = finish_system_calls().failed_call.empty();
        EXPECT_EQ(report ? "" : check_error(report.error(), kind.fault), "");
        EXPECT_EQ(report && report->damages.empty(),
                  was_verified || kind.fault != SystemFault::kError);
        is_done &= was_read && was_verified;
      }
    }
  }
  report_count("system calls of readers that fail", cases, outcome(SystemFault::kError));
}

}  // namespace
}  // namespace stave::campaign
