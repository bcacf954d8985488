// One writer and eight readers on a real folder. Each reader opens a snapshot, reads all of it, and
// must see exactly what that snapshot holds, whatever the writer does meanwhile. Run under the
// thread sanitizer too.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "storage/snapshot.h"
#include "storage/verify.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/workloads.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::campaign {
namespace {

constexpr int kReaders = 8;

std::uint64_t loads() {
  return 40 * times();
}

Load load_of(std::uint64_t number) {
  Load load;
  for (std::uint64_t i = 0; i < 6; ++i) {
    load.plays.push_back({static_cast<std::int32_t>(20'000 + (number + i) % 3),
                          std::to_string(number * 3 + i), fmt::format("t{}", (number + i) % 50)});
  }
  if (number % 4 == 0) {
    load.tracks.push_back({fmt::format("t{}", number % 50), fmt::format("Title {}", number), "x"});
  }
  return load;
}

// What each snapshot must hold, before any of it is written.
std::vector<Content> all_contents() {
  std::vector<Content> contents{Content()};
  for (std::uint64_t number = 0; number < loads(); ++number) {
    contents.push_back(after(contents.back(), load_of(number)));
  }
  return contents;
}

// Empty where the last commit is one of them, all of it, and not older than `oldest`, which it
// becomes.
std::string read_once(const std::string& path, const std::vector<Content>& contents,
                      std::uint64_t& oldest) {
  const std::shared_ptr<FileSystem> files = posix_file_system(path).value();
  const auto content = read_content(files);
  if (!content) {
    return content.error().message;
  }
  if (content->snapshot < oldest || content->snapshot >= contents.size()) {
    return fmt::format("snapshot {} after {}", content->snapshot, oldest);
  }
  oldest = content->snapshot;
  return difference(*content, contents[content->snapshot]);
}

class Concurrency : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(path_);
    writer_.emplace(posix_file_system(path_).value());
    ASSERT_TRUE(writer_->make());
  }
  void write_all() {
    for (std::uint64_t number = 0; number < loads(); ++number) {
      const auto loaded = writer_->load(load_of(number));
      EXPECT_TRUE(loaded) << loaded.error().message;
    }
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/tiny.stave";
  std::optional<Writer> writer_;
  const std::vector<Content> contents_ = all_contents();
};

TEST_F(Concurrency, OneWriterAndEightReaders) {
  std::atomic<bool> is_written = false;
  std::atomic<std::uint64_t> reads = 0;
  std::array<std::string, kReaders> faults;
  std::vector<std::jthread> readers;
  readers.reserve(kReaders);
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&, i] {
      std::uint64_t oldest = 0;
      bool is_last = false;
      while (!is_last && faults[static_cast<std::size_t>(i)].empty()) {
        is_last = is_written;  // asked before the last read, which must find the last commit
        faults[static_cast<std::size_t>(i)] = read_once(path_, contents_, oldest);
        ++reads;
      }
      if (oldest != loads() && faults[static_cast<std::size_t>(i)].empty()) {
        faults[static_cast<std::size_t>(i)] = fmt::format("ended at snapshot {}", oldest);
      }
    });
  }
  write_all();
  is_written = true;
  readers.clear();
  for (const std::string& fault : faults) {
    EXPECT_EQ(fault, "");
  }
  report_count(fmt::format("snapshots that eight readers read beside {} commits", loads()), reads,
               HasFailure() ? "a fault" : "each read exactly one");
}

TEST_F(Concurrency, ManyThreadsReadOneSnapshot) {
  write_all();
  const std::shared_ptr<FileSystem> files = posix_file_system(path_).value();
  const auto snapshot = Snapshot::open(files).value();
  std::vector<std::jthread> readers;
  readers.reserve(kReaders);
  std::atomic<std::uint64_t> wrong = 0;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      for (const DomainState& state : snapshot->manifest().domains) {
        const auto domain = snapshot->domain(state.name);
        wrong += domain && (*domain)->size() == state.size && (*domain)->damage() ? 0 : 1;
        for (std::uint32_t code = 1; domain && code <= state.size; ++code) {
          const std::uint32_t found = state.kind == DictionaryKind::kInt64
                                          ? (*domain)->find_int64((*domain)->int64_at(code))
                                          : (*domain)->find_string((*domain)->string_at(code));
          wrong += found == code ? 0 : 1;
        }
      }
      wrong += verify_store(*files, 2) ? 0 : 1;
    });
  }
  readers.clear();
  EXPECT_EQ(wrong, 0U);
}

#if !defined(__SANITIZE_THREAD__)
// The same with processes, which share nothing but the folder.
TEST_F(Concurrency, OneWriterAndEightReaderProcesses) {
  const std::string done = folder_.path() + "/done";
  std::vector<pid_t> readers;
  for (int i = 0; i < kReaders; ++i) {
    const pid_t reader = fork();
    ASSERT_GE(reader, 0);
    if (reader == 0) {
      std::uint64_t oldest = 0;
      bool is_last = false;
      std::string fault;
      while (!is_last && fault.empty()) {
        is_last = std::filesystem::exists(done);
        fault = read_once(path_, contents_, oldest);
      }
      fmt::print(stderr, "{}", fault);
      _exit(fault.empty() && oldest == loads() ? 0 : 1);
    }
    readers.push_back(reader);
  }
  write_all();
  std::filesystem::create_directory(done);
  for (const pid_t reader : readers) {
    int status = 0;
    EXPECT_EQ(waitpid(reader, &status, 0), reader);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
  report_count("reader processes beside a writer", kReaders,
               HasFailure() ? "a fault" : "each saw whole snapshots, and the last");
}
#endif

}  // namespace
}  // namespace stave::campaign
