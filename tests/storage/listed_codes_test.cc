// Lists of codes read where they are asked for: the same in any order and by any threads, and only
// the blocks that hold them.
#include "storage/listed_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "storage/file_system.h"

namespace stave {
namespace {

constexpr std::uint32_t kCodes = 3 * kBlockRows + 100;

class ListedCodesTest : public ::testing::Test {
 protected:
  ListedCodesTest() : files_(memory_file_system("test")) {
    for (std::uint32_t i = 0; i < kCodes; ++i) codes_.push_back(i * 7919 % 1'000'003);
    ColumnFileWriter writer(*files_, "codes", Physical::kCode, {});
    ColumnValues values;
    values.physical = Physical::kCode;
    values.rows = kCodes;
    values.codes = codes_;
    EXPECT_TRUE(writer.append(values));
    file_ = writer.finish().value();
  }

  std::unique_ptr<ColumnFileReader> reader() const {
    return ColumnFileReader::open(*files_, file_, Physical::kCode).value();
  }

  void expect_part(const ListedCodes& codes, std::size_t first, std::size_t count) const {
    const auto part = codes.part(first, count);
    ASSERT_TRUE(part) << part.error().message;
    EXPECT_TRUE(std::ranges::equal(*part, std::span(codes_).subspan(first, count))) << first;
  }

  std::shared_ptr<FileSystem> files_;
  std::vector<std::uint32_t> codes_;
  FileReference file_;
};

TEST_F(ListedCodesTest, PartsAreTheSameWhateverWasReadBefore) {
  const ListedCodes given(codes_);
  const ListedCodes read(reader());
  ASSERT_EQ(read.size(), kCodes);
  for (const ListedCodes* codes : {&given, &read}) {
    expect_part(*codes, kCodes - 1, 1);
    expect_part(*codes, kBlockRows - 5, 10);
    expect_part(*codes, kBlockRows, kBlockRows);
    expect_part(*codes, 0, kCodes);
    expect_part(*codes, kCodes, 0);
  }
}

TEST_F(ListedCodesTest, ThreadsReadThemTogether) {
  const ListedCodes codes(reader());
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t first = thread * 100; first < kCodes; first += 900) {
        expect_part(codes, first, std::min<std::size_t>(2'000, kCodes - first));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(ListedCodesTest, DamageIsToldToWhoAsksForItsBlock) {
  const auto file = files_->open("codes");
  ASSERT_TRUE(file);
  std::string bytes((*file)->size(), '\0');
  ASSERT_TRUE((*file)->read(0, std::as_writable_bytes(std::span(bytes))));
  const std::uint64_t place = reader()->blocks()[1].offset + 20;
  bytes[place] = static_cast<char>(bytes[place] ^ 1);
  const auto damaged = memory_file_system("damaged");
  auto out = damaged->create("codes");
  ASSERT_TRUE(out);
  ASSERT_TRUE((*out)->append(std::as_bytes(std::span(bytes))));
  ASSERT_TRUE((*out)->sync());
  const ListedCodes codes(ColumnFileReader::open(*damaged, file_, Physical::kCode).value());
  expect_part(codes, 0, kBlockRows);
  for (int times = 0; times < 2; ++times) {
    const auto part = codes.part(kBlockRows - 1, 2);
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().code, ErrorCode::kDamaged);
  }
  expect_part(codes, 2 * kBlockRows, kCodes - 2 * kBlockRows);
}

}  // namespace
}  // namespace stave
