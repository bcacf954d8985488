// Rows on disk: what is written is read back, files have no names, and faults of the disk are told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "engine/operators/operators.h"
#include "engine/spill/row_collector.h"
#include "engine/spill/row_hash.h"
#include "engine/spill/spilled_rows.h"
#include "tests/engine/support/small_tables.h"

namespace stave {
namespace {

using testing::Each;
using testing::HasSubstr;

// TMPDIR while it lives.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::string& path) {
    const char* before = std::getenv("TMPDIR");
    before_ = before == nullptr ? "" : before;
    setenv("TMPDIR", path.c_str(), 1);
  }
  ~TemporaryDirectory() {
    before_.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", before_.c_str(), 1);
  }

 private:
  std::string before_;
};

class OwnFolder : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(mkdtemp(folder_.data()), nullptr); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_ = testing::TempDir() + "stave-spill-XXXXXX";
};

using Spill = OwnFolder;

TEST_F(Spill, FilesHaveNoNames) {
  const TemporaryDirectory here(folder_);
  const auto file = TemporaryFile::make();
  ASSERT_TRUE(file) << file.error().message;
  const std::vector<std::byte> bytes(100'000, std::byte{7});
  ASSERT_EQ((*file)->append(bytes), 0U);
  ASSERT_EQ((*file)->append(bytes), 100'000U);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
  std::vector<std::byte> read(5);
  ASSERT_TRUE((*file)->read(199'995, read));
  EXPECT_THAT(read, Each(std::byte{7}));
  EXPECT_EQ((*file)->bytes_written(), 200'000U);
  EXPECT_FALSE((*file)->read(199'996, read));
}

TEST_F(Spill, AFolderThatIsNotThereIsNamed) {
  const TemporaryDirectory nowhere(folder_ + "/none");
  const auto file = TemporaryFile::make();
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message, HasSubstr(folder_ + "/none"));
  EXPECT_THAT(file.error().message, HasSubstr("TMPDIR"));
}

TEST_F(Spill, AFullDiskIsToldAndEndsTheOperator) {
  const TemporaryDirectory here(folder_);
  std::vector<std::string> rows;
  for (int row = 0; row < 2000; ++row) {
    rows.push_back(std::to_string((row * 37) % 1999) + " text" + std::to_string(row));
  }
  SmallTables tables;
  const Relation input = tables.make("a:i64 s:str", rows, 100);
  SortNode node;
  node.keys = {{column(input, "a"), false}};
  TestContext test(2, 0, 100);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{20'000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto sorted = run_sort(node, input.fields, input, test.context);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(sorted);
  EXPECT_EQ(sorted.error().code, ErrorCode::kNoSpace);
  EXPECT_THAT(sorted.error().message, HasSubstr(folder_));
}

RC_GTEST_PROP(SpilledRows, GiveWhatWasWritten, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 5000);
  const auto seed = *rc::gen::inRange(0U, 1000U);
  std::vector<std::string> rows;
  for (std::size_t row = 0; row < count; ++row) {
    const std::size_t value = (row * 7919 + seed) % 101;
    const std::string text = value == 0 ? "-" : value == 1 ? "_" : std::string(value % 13 + 1, 'x');
    const std::string number = value % 11 == 3 ? "-" : std::to_string(value);
    rows.push_back(number + " " + text + " " + (value % 3 == 0 ? "-" : "1.5") + " " +
                   (value % 5 == 0 ? "-" : "true") + " " + text + " " + number + " " + number +
                   " " + std::to_string(row));
  }
  SmallTables tables;
  const Relation relation = tables.make("i:i64 s:str f:f64 b:bool c:code@c n:int@n D:D2 all:i64",
                                        rows, *rc::gen::element(1U, 63U, 64U, 1000U, 5000U));
  TestContext test;
  const auto spilled = on_disk(relation, test.context);
  RC_ASSERT(spilled.has_value());
  RC_ASSERT(spilled->batches.empty());
  RC_ASSERT(rows_of(*spilled) == rows_of(relation));
  const auto loaded = in_memory(*spilled, test.context);
  RC_ASSERT(rows_of(*loaded) == rows_of(relation));
  RC_ASSERT(!shapes_of(*spilled).back().may_be_null);
}

TEST(RowCollector, HoldsHalfOfTheMemoryAtMost) {
  SmallTables tables;
  const Relation input = tables.make("a:i64", std::vector<std::string>(1000, "1"), 100);
  for (const std::uint64_t limit : {15'999U, 16'000U}) {
    ExecutionOptions options;
    options.memory_limit = limit;
    TestContext test;
    ExecutionContext context(*test.snapshot, options);
    {
      const auto rows = kept(input, context);
      ASSERT_TRUE(rows);
      EXPECT_EQ(rows->spilled != nullptr, limit < 16'000U);
      EXPECT_EQ(rows->rows, 1000U);
      EXPECT_EQ(context.memory().used(), rows->spilled ? 0U : 8000U);
    }
    EXPECT_EQ(context.memory().used(), 0U);
  }
}

TEST(RowHash, IsOneForEqualValuesOfAnyRepresentation) {
  SmallTables tables;
  const Relation coded = tables.make("s:code@s n:int@n f:f64", {"ab 5 0", "- - -0"});
  const Relation plain = tables.make("s:str n:i64 f:f64", {"ab 5 -0", "- - 0"});
  EXPECT_EQ(row_hashes(coded.batches[0].columns, 2, 3), row_hashes(plain.batches[0].columns, 2, 3));
  EXPECT_NE(row_hashes(plain.batches[0].columns, 2, 3), row_hashes(plain.batches[0].columns, 2, 4));
}

}  // namespace
}  // namespace stave
