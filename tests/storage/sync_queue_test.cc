// Files that are made durable by several threads: each once, few open, and faults not forgotten.
#include "storage/sync_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace stave {
namespace {

// That wait, and that are being synced.
constexpr int kMostOpen = 256 + 2 * 8;

struct Counts {
  std::atomic<int> synced = 0;
  std::atomic<int> open = 0;
  std::atomic<int> most_open = 0;
  int fails_at = 0;  // the n-th sync; 0: none
};

class CountedFile : public WritableFile {
 public:
  explicit CountedFile(Counts& counts) : counts_(counts) {
    const int open = ++counts_.open;
    int most = counts_.most_open;
    while (most < open && !counts_.most_open.compare_exchange_weak(most, open)) {
    }
  }
  ~CountedFile() override { --counts_.open; }
  Result<void> append(std::span<const std::byte>) override { return {}; }
  void start_writeback() override {}
  Result<void> sync() override {
    if (++counts_.synced == counts_.fails_at) return fail(ErrorCode::kIo, "The disk is gone.");
    return {};
  }

 private:
  Counts& counts_;
};

void add(SyncQueue& queue, Counts& counts, int files) {
  for (int i = 0; i < files; ++i) {
    std::list<std::unique_ptr<WritableFile>> file;
    file.push_back(std::make_unique<CountedFile>(counts));
    queue.add(file);
    ASSERT_TRUE(file.empty());
  }
}

TEST(SyncQueue, MakesEveryFileDurableOnce) {
  for (const int files : {0, 1, 20, 50, 150, 1000}) {
    Counts counts;
    SyncQueue queue;
    std::thread other([&] { add(queue, counts, files); });
    add(queue, counts, files);
    other.join();
    ASSERT_TRUE(queue.finish());
    EXPECT_EQ(counts.synced, 2 * files);
    EXPECT_EQ(counts.open, 0);
    // And those that come later.
    add(queue, counts, files);
    ASSERT_TRUE(queue.finish());
    EXPECT_EQ(counts.synced, 3 * files);
  }
}

// Is synced once three others are being synced.
class CompanyFile : public WritableFile {
 public:
  struct Meeting {
    std::mutex mutex;
    std::condition_variable changed;
    int present = 0;
    bool has_met = false;
  };

  explicit CompanyFile(Meeting& meeting) : meeting_(meeting) {}
  Result<void> append(std::span<const std::byte>) override { return {}; }
  void start_writeback() override {}
  Result<void> sync() override {
    std::unique_lock lock(meeting_.mutex);
    meeting_.has_met |= ++meeting_.present == 4;
    meeting_.changed.notify_all();
    meeting_.changed.wait_for(lock, std::chrono::seconds(2), [&] { return meeting_.has_met; });
    --meeting_.present;
    return {};
  }

 private:
  Meeting& meeting_;
};

TEST(SyncQueue, WaitsForFewFilesAtOnce) {
  CompanyFile::Meeting meeting;
  SyncQueue queue;
  for (int i = 0; i < 6; ++i) {
    std::list<std::unique_ptr<WritableFile>> file;
    file.push_back(std::make_unique<CompanyFile>(meeting));
    queue.add(file);
  }
  ASSERT_TRUE(queue.finish());
  EXPECT_TRUE(meeting.has_met);
}

TEST(SyncQueue, KeepsFewFilesOpen) {
  Counts counts;
  SyncQueue queue;
  add(queue, counts, 3000);
  EXPECT_LE(counts.most_open, kMostOpen);
  EXPECT_GE(counts.synced, 3000 - kMostOpen);
}

TEST(SyncQueue, FailsForGood) {
  for (const int files : {10, 1000}) {
    Counts counts;
    counts.fails_at = files / 2;
    SyncQueue queue;
    add(queue, counts, files);
    const Result<void> finished = queue.finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().message, "The disk is gone.");
    const int synced = counts.synced;
    EXPECT_LE(synced, counts.fails_at + 8);
    EXPECT_LE(counts.most_open, kMostOpen);
    add(queue, counts, 1);
    EXPECT_FALSE(queue.finish());
    EXPECT_EQ(counts.synced, synced);
  }
}

TEST(SyncQueue, KeepsAFaultThatWasFoundElsewhere) {
  Counts counts;
  SyncQueue queue;
  queue.note({});
  queue.note(fail(ErrorCode::kInternal, "The first."));
  queue.note(fail(ErrorCode::kInternal, "The second."));
  add(queue, counts, 3);
  const Result<void> finished = queue.finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().message, "The first.");
  EXPECT_EQ(counts.synced, 0);
}

// Files are left to the next commit again once one is done.
TEST(SyncQueue, GoesOnWaitingAfterACommit) {
  Counts counts;
  SyncQueue queue;
  add(queue, counts, 10);
  ASSERT_TRUE(queue.finish());
  add(queue, counts, 130);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_LE(counts.synced, 12);
  ASSERT_TRUE(queue.finish());
  EXPECT_EQ(counts.synced, 140);
}

class SlowFile : public CountedFile {
 public:
  SlowFile(Counts& counts, int milliseconds) : CountedFile(counts), milliseconds_(milliseconds) {}
  Result<void> sync() override {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds_));
    return CountedFile::sync();
  }

 private:
  int milliseconds_;
};

void add_slow(SyncQueue& queue, Counts& counts, int milliseconds) {
  std::list<std::unique_ptr<WritableFile>> file;
  file.push_back(std::make_unique<SlowFile>(counts, milliseconds));
  queue.add(file);
}

TEST(SyncQueue, WaitsForWhatOthersHaveInWork) {
  Counts counts;
  SyncQueue queue;
  for (int i = 0; i < 12; ++i) add_slow(queue, counts, i % 3 == 0 ? 100 : 1);
  ASSERT_TRUE(queue.finish());
  EXPECT_EQ(counts.synced, 12);
}

TEST(SyncQueue, DropsWhenNothingIsInWork) {
  Counts counts;
  SyncQueue queue;
  for (int i = 0; i < 200; ++i) add_slow(queue, counts, 20);
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  queue.drop();
  EXPECT_EQ(counts.open, 0);
}

TEST(SyncQueue, ClosesWhatIsDropped) {
  Counts counts;
  {
    SyncQueue queue;
    add(queue, counts, 20);
    queue.drop();
    EXPECT_EQ(counts.open, 0);
    add(queue, counts, 20);
  }
  EXPECT_EQ(counts.open, 0);
  EXPECT_EQ(counts.synced, 0);
}

}  // namespace
}  // namespace stave
