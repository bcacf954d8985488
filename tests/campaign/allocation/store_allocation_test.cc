// Writers on a store in memory: whatever allocation fails, the commit before stays, the lock is
// given back, and the next writer goes on.
#include <gtest/gtest.h>

#include "storage/guarded.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/transaction.h"
#include "storage/verify.h"
#include "tests/campaign/allocation/allocation_campaign.h"
#include "tests/campaign/support/check_store.h"

namespace stave::campaign {
namespace {

const Load kLoad{{{20'209, "7", "t1"}, {20'210, "12", "t8"}}, {{"t8", "Teal", "soul"}}, true};

class StoreAllocation : public testing::Test {
 protected:
  void prepare() {
    files_ = std::make_shared<FaultyFileSystem>();
    writer_.emplace(files_);
    ASSERT_TRUE(writer_->make());
    ASSERT_TRUE(writer_->load({{{20'209, "8", "t1"}}, {{"t1", "Blue", "jazz"}}, false}));
  }
  std::string check(bool succeeded) {
    std::string problem = succeeded ? check_is_durable(*files_, writer_->progress()) : "";
    return problem.empty() ? check_store(files_, writer_->progress(), Leftovers::kMayStay)
                           : problem;
  }
  void fail_every(const std::string& name, std::function<Result<void>(Writer&)> run) {
    fail_every_allocation({.name = name,
                           .run = [&] { return run(*writer_); },
                           .check = [&](bool succeeded, bool) { return check(succeeded); },
                           .prepare = [&] { prepare(); }});
  }
  // What the layers above do with what may throw below the public interface.
  static Result<void> inside(const std::function<Result<void>()>& run) {
    return guarded("a test ran", run);
  }

  std::shared_ptr<FaultyFileSystem> files_;
  std::optional<Writer> writer_;
};

TEST_F(StoreAllocation, Create) {
  fail_every_allocation({.name = "a store is made",
                         .run = [&] { return inside([&] { return writer_->make(); }); },
                         .check =
                             [&](bool, bool) {
                               Content content;
                               return check_readable(files_, writer_->progress(), content);
                             },
                         .prepare =
                             [&] {
                               files_ = std::make_shared<FaultyFileSystem>();
                               writer_.emplace(files_);
                             }});
}

TEST_F(StoreAllocation, Begin) {
  fail_every("a transaction begins", [&](Writer&) {
    const auto transaction = Transaction::begin(files_);
    return transaction ? Result<void>() : pass(transaction);
  });
}

TEST_F(StoreAllocation, BeginAfterACrash) {
  fail_every_allocation(
      {.name = "a transaction begins after a crash",
       .run = [&]() -> Result<void> {
         const auto transaction = Transaction::begin(files_);
         return transaction ? Result<void>() : pass(transaction);
       },
       .check = [&](bool succeeded, bool) { return check(succeeded); },
       .prepare =
           [&] {
             prepare();
             for (const char* path : {"temporary/transaction", "a/b-000900.col"}) {
               ASSERT_TRUE(write_durably(*files_, path, "half"));
             }
           }});
}

TEST_F(StoreAllocation, Commit) {
  fail_every("a load is committed",
             [&](Writer& writer) { return inside([&] { return writer.load(kLoad); }); });
}

TEST_F(StoreAllocation, OnlyCommit) {
  std::unique_ptr<Transaction> transaction;
  fail_every_allocation({.name = "a commit",
                         .run = [&]() -> Result<void> {
                           const auto committed = transaction->commit();
                           return committed ? Result<void>() : pass(committed);
                         },
                         .check =
                             [&](bool succeeded, bool for_good) {
                               transaction.reset();
                               const auto content = read_content(files_);
                               if (!content) {
                                 return content.error().message;
                               }
                               Progress progress{true, *content, {}};
                               // Without any memory a commit in doubt cannot be taken back.
                               const bool is_right = content->snapshot == (succeeded ? 2 : 1) ||
                                                     (for_good && content->snapshot == 2);
                               return is_right ? check_store(files_, progress, Leftovers::kMayStay)
                                               : "snapshot " + std::to_string(content->snapshot);
                             },
                         .prepare =
                             [&] {
                               transaction.reset();
                               prepare();
                               transaction = Transaction::begin(files_).value();
                               transaction->domain("genres").value()->add_string("new").value();
                             }});
}

TEST_F(StoreAllocation, Abandon) {
  fail_every("a load is abandoned",
             [&](Writer& writer) { return inside([&] { return writer.abandon(kLoad); }); });
}

TEST_F(StoreAllocation, Read) {
  fail_every("everything is read", [&](Writer&) {
    return inside([&]() -> Result<void> {
      const auto content = read_content(files_);
      return content ? Result<void>() : pass(content);
    });
  });
}

TEST_F(StoreAllocation, Snapshot) {
  fail_every("a snapshot is opened", [&](Writer&) {
    return inside([&]() -> Result<void> {
      const auto snapshot = Snapshot::open(files_);
      return snapshot ? Result<void>() : pass(snapshot);
    });
  });
}

TEST_F(StoreAllocation, ListOfSnapshots) {
  fail_every("snapshots are listed", [&](Writer&) {
    return inside([&]() -> Result<void> {
      const auto snapshots = list_snapshots(*files_);
      return snapshots ? Result<void>() : pass(snapshots);
    });
  });
}

TEST_F(StoreAllocation, Verify) {
  fail_every("a store is verified", [&](Writer&) -> Result<void> {
    const auto report = verify_store(*files_, 1);
    if (!report) {
      return pass(report);
    }
    return report->damages.empty() ? Result<void>()
                                   : fail(ErrorCode::kDamaged, report->damages.front());
  });
}

}  // namespace
}  // namespace stave::campaign
