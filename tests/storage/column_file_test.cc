// Column files: what was appended is read back, and every other byte is noticed.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "storage/block_summary.h"
#include "storage/codec/block.h"
#include "storage/codec/block_memory.h"
#include "storage/column_file.h"
#include "tests/storage/support/column_samples.h"

namespace stave {
namespace {

using testing::ColumnSample;

ColumnValues rows_of(const ColumnSample& sample, std::uint32_t first, std::uint32_t count,
                     std::vector<std::uint64_t>& validity) {
  ColumnValues part = sample.values();
  part.rows = count;
  const auto cut = [&](auto all) { return all.empty() ? all : all.subspan(first, count); };
  part.codes = cut(part.codes);
  part.int64s = cut(part.int64s);
  part.int128s = cut(part.int128s);
  part.float64s = cut(part.float64s);
  part.strings = cut(part.strings);
  validity.assign(sample.validity.empty() ? 0 : (count + 63) / 64, 0);
  for (std::uint32_t row = 0; row < count && !validity.empty(); ++row) {
    validity[row / 64] |= std::uint64_t{is_valid(sample.validity, first + row)} << (row % 64);
  }
  part.validity = validity;
  return part;
}

void expect_file_holds(const FileSystem& files, const FileReference& reference,
                       const ColumnSample& sample) {
  const auto reader = ColumnFileReader::open(files, reference, sample.physical);
  ASSERT_TRUE(reader) << reader.error().message;
  ASSERT_EQ((*reader)->rows(), sample.rows());
  DecodedBlock decoded;
  std::vector<std::uint64_t> validity;
  std::uint32_t row = 0;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
    const BlockSummary& summary = (*reader)->blocks()[i];
    const auto read = (*reader)->read_block(i, decoded);
    ASSERT_TRUE(read) << read.error().message;
    const ColumnValues wanted = rows_of(sample, row, summary.rows, validity);
    ASSERT_TRUE(holds_same_values(wanted, decoded));
    const BlockSummary meant = summarize(wanted);
    EXPECT_EQ(summary.nulls, meant.nulls);
    EXPECT_EQ(summary.has_range, meant.has_range);
    EXPECT_EQ(summary.min, meant.min);
    EXPECT_EQ(summary.max, meant.max);
    row += summary.rows;
  }
  EXPECT_EQ(row, sample.rows());
}

FileReference write_in_pieces(FileSystem& files, const std::string& path,
                              const ColumnSample& sample, std::uint32_t piece) {
  ColumnFileWriter writer(files, path, sample.physical, {});
  std::vector<std::uint64_t> validity;
  for (std::uint32_t row = 0; row < sample.rows(); row += piece) {
    const std::uint32_t count = std::min(piece, sample.rows() - row);
    EXPECT_TRUE(writer.append(rows_of(sample, row, count, validity)));
  }
  const auto reference = writer.finish();
  EXPECT_TRUE(reference);
  return *reference;
}

class ColumnFiles : public ::testing::TestWithParam<Physical> {};

TEST_P(ColumnFiles, HoldWhatWasAppendedInAnyPieces) {
  std::mt19937_64 random(2);
  const auto files = memory_file_system("test");
  int number = 0;
  for (const std::uint32_t rows : {1U, 20000U, 50000U}) {
    for (ColumnSample& sample : testing::column_samples(GetParam(), rows, random)) {
      for (const std::uint32_t piece : {777U, 16384U, 40000U}) {
        if (piece == 777 && GetParam() != Physical::kCode) {
          sample.add_nulls(0.1, random);
        }
        SCOPED_TRACE(sample.name);
        const auto path = "folder/column-" + std::to_string(++number) + ".col";
        expect_file_holds(*files, write_in_pieces(*files, path, sample, piece), sample);
      }
    }
  }
}

TEST_P(ColumnFiles, MayBeEmpty) {
  const auto files = memory_file_system("test");
  const ColumnSample none("none", GetParam());
  expect_file_holds(*files, write_in_pieces(*files, "empty.col", none, 1), none);
}

// Texts of several kinds, so that some blocks choose codecs anew.
TEST(ColumnFilesOfLongTexts, AreTheSameForAnyNumberOfThreads) {
  constexpr std::uint32_t kRows = 7 * kBlockRows + 5000;
  std::mt19937_64 random(5);
  std::vector<std::string> texts(kRows);
  for (std::uint32_t row = 0; row < kRows; ++row) {
    const std::uint32_t kind = row / kBlockRows % 3 == 2 ? 26 : 4;
    for (int i = 0; i < 90; ++i) {
      texts[row] += static_cast<char>('a' + random() % kind);
    }
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  ColumnValues values;
  values.physical = Physical::kString;
  values.rows = kRows;
  values.strings = views;
  std::string first;
  std::uint64_t choices = 0;
  for (const int threads : {1, 2, 5}) {
    ColumnFileWriter writer("texts", Physical::kString, {});
    writer.work_with(threads);
    ASSERT_TRUE(writer.append(values));
    const auto reference = writer.finish();
    ASSERT_TRUE(reference);
    const std::string bytes = writer.take_bytes();
    if (threads == 1) {
      first = bytes;
      choices = writer.memory().choices();
    }
    EXPECT_EQ(writer.memory().choices(), choices) << threads;
    EXPECT_TRUE(bytes == first) << threads;
    const auto files = memory_file_system("test");
    const auto file = files->create("texts.col");
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->append(std::as_bytes(std::span<const char>(bytes))));
    const auto reader = ColumnFileReader::open(
        *files, {"texts.col", reference->size, reference->checksum}, Physical::kString);
    ASSERT_TRUE(reader) << reader.error().message;
    DecodedBlock block;
    std::uint32_t row = 0;
    for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
      ASSERT_TRUE((*reader)->read_block(i, block));
      for (const std::string_view text : block.strings) {
        ASSERT_EQ(text, views[row++]);
      }
    }
    EXPECT_EQ(row, kRows);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, ColumnFiles, ::testing::ValuesIn(testing::kAllPhysicals));

}  // namespace
}  // namespace stave
