// Folders of parts: how they are cut, and that they are replaced as a whole.
#include "tools/upsert/part_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/storage/support/temporary_folder.h"

namespace stave::testing {
namespace {

using ::testing::ElementsAre;

// Rows of one column, all of them 1.
class Ones : public ResultBatch {
 public:
  explicit Ones(std::uint32_t rows) : rows_(rows) {}
  std::uint32_t rows() const override { return rows_; }
  bool is_null(std::uint32_t, std::size_t) const override { return false; }
  bool bool_at(std::uint32_t, std::size_t) const override { return false; }
  std::int64_t int64_at(std::uint32_t, std::size_t) const override { return 1; }
  double float64_at(std::uint32_t, std::size_t) const override { return 0; }
  std::string_view string_at(std::uint32_t, std::size_t) const override { return {}; }
  std::pair<std::int64_t, std::uint64_t> decimal_at(std::uint32_t, std::size_t) const override {
    return {};
  }
  void append_text(std::uint32_t, std::size_t, std::string& out) const override { out += '1'; }

 private:
  std::uint32_t rows_;
};

class PartFolderTest : public ::testing::Test {
 protected:
  Result<void> write(const std::vector<std::uint32_t>& batches, std::uint64_t part_bytes) {
    PartFolder parts(path(), OutputFormat::kCsv, ".csv", part_bytes);
    auto done = parts.begin({{"n", kInt64Type}});
    for (const std::uint32_t rows : batches) {
      if (done) done = parts.batch(Ones(rows));
    }
    if (done) done = parts.end();
    return done ? parts.finish() : done;
  }
  std::string path() const { return folder_.path() + "/out/report"; }
  std::string text(const std::string& name) const {
    std::ifstream file(path() + "/" + name);
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    const auto parts = parts_in(path());
    if (!parts) return {parts.error().message};
    for (const std::string& part : *parts) {
      found.push_back(std::filesystem::path(part).filename().string());
    }
    return found;
  }

  TemporaryFolder folder_;
};

// More than a writer holds back.
constexpr std::uint32_t kMany = 1'000'000;

TEST_F(PartFolderTest, PartsEndBehindTheBatchThatFillsThem) {
  ASSERT_TRUE(write({1, kMany, 1, 2}, 1000));
  EXPECT_THAT(names(), ElementsAre("part-0.csv", "part-1.csv"));
  EXPECT_EQ(text("part-0.csv").size(), 2 * (1 + 1 + kMany));
  EXPECT_EQ(text("part-1.csv"), "n\n1\n1\n1\n");
}

TEST_F(PartFolderTest, NoRowsAreOnePart) {
  ASSERT_TRUE(write({}, 6));
  EXPECT_EQ(text("part-0.csv"), "n\n");
}

TEST_F(PartFolderTest, AllPartsAreReplacedAndNumbersAreInOrder) {
  ASSERT_TRUE(write(std::vector<std::uint32_t>(12, kMany), 1000));
  EXPECT_EQ(names().size(), 12U);
  EXPECT_EQ(names()[10], "part-10.csv");
  ASSERT_TRUE(write({1}, 1));
  EXPECT_THAT(names(), ElementsAre("part-0.csv"));
}

TEST_F(PartFolderTest, WhatIsNotFinishedLeavesNothing) {
  ASSERT_TRUE(write({1}, 100));
  {
    PartFolder parts(path(), OutputFormat::kCsv, ".csv", 1);
    ASSERT_TRUE(parts.begin({{"n", kInt64Type}}));
    ASSERT_TRUE(parts.batch(Ones(5)));
  }
  EXPECT_EQ(text("part-0.csv"), "n\n1\n");
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(folder_.path() + "/out")) {
    ++entries;
  }
  EXPECT_EQ(entries, 1U);
}

}  // namespace
}  // namespace stave::testing
