// What a file's code filter says of its blocks: nothing false, and little that is of no use.
#include "storage/code_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "storage/column_file.h"
#include "storage/column_footer.h"

namespace stave {
namespace {

using testing::HasSubstr;

using Blocks = std::vector<std::vector<std::uint32_t>>;

struct WrittenFile {
  std::shared_ptr<FileSystem> files;
  FileReference reference;

  std::string bytes() const {
    const auto file = files->open(reference.path);
    std::string bytes((*file)->size(), '\0');
    EXPECT_TRUE((*file)->read(0, std::as_writable_bytes(std::span<char>(bytes))));
    return bytes;
  }
  std::unique_ptr<ColumnFileReader> open() const {
    auto reader = ColumnFileReader::open(*files, reference, Physical::kCode);
    EXPECT_TRUE(reader) << reader.error().message;
    return std::move(*reader);
  }
};

// Each block but the last has kBlockRows rows.
WrittenFile file_of(const Blocks& blocks) {
  WrittenFile written{memory_file_system("test"), {}};
  EncodeOptions options;
  options.code_filter = true;
  ColumnFileWriter writer(*written.files, "a.col", Physical::kCode, options);
  for (const auto& codes : blocks) {
    ColumnValues values;
    values.physical = Physical::kCode;
    values.rows = static_cast<std::uint32_t>(codes.size());
    values.codes = codes;
    EXPECT_TRUE(writer.append(values));
  }
  written.reference = *writer.finish();
  return written;
}

std::vector<std::uint32_t> random_codes(std::size_t rows, std::uint32_t domain,
                                        std::mt19937_64& random) {
  std::vector<std::uint32_t> codes(rows);
  for (std::uint32_t& code : codes) code = static_cast<std::uint32_t>(random() % domain);
  return codes;
}

std::vector<bool> blocks_of(const ColumnFileReader& reader, std::uint32_t code) {
  std::vector<bool> may_hold;
  reader.note_blocks_of(code, may_hold);
  return may_hold;
}

void expect_none_ruled_out(const Blocks& blocks, const ColumnFileReader& reader) {
  std::map<std::uint32_t, std::set<std::size_t>> holders;
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    for (const std::uint32_t code : blocks[block]) holders[code].insert(block);
  }
  for (const auto& [code, held_by] : holders) {
    const std::vector<bool> may_hold = blocks_of(reader, code);
    ASSERT_EQ(may_hold.size(), blocks.size());
    for (const std::size_t block : held_by) ASSERT_TRUE(may_hold[block]) << code << ' ' << block;
  }
}

TEST(CodeFilter, ABlockThatHoldsACodeIsNeverRuledOut) {
  std::mt19937_64 random(1);
  for (const std::uint32_t domain : {1U, 40U, 3'000U, 50'000U, 4'000'000'000U}) {
    Blocks blocks;
    for (int i = 0; i < 3; ++i) blocks.push_back(random_codes(kBlockRows, domain, random));
    blocks.push_back(random_codes(77, domain, random));
    blocks.back().push_back(0);
    blocks.back().push_back(~std::uint32_t{0});
    expect_none_ruled_out(blocks, *file_of(blocks).open());
  }
}

TEST(CodeFilter, OfBlocksWithoutACodeThreeInFourAreRuledOut) {
  std::mt19937_64 random(2);
  Blocks blocks;
  for (int i = 0; i < 8; ++i) blocks.push_back(random_codes(kBlockRows, 1'000'000, random));
  const auto reader = file_of(blocks).open();
  std::size_t asked = 0;
  std::size_t left = 0;
  for (std::uint32_t code = 2'000'000; code < 2'002'000; ++code) {
    for (const bool may_hold : blocks_of(*reader, code)) {
      ++asked;
      left += may_hold ? 1 : 0;
    }
  }
  EXPECT_EQ(asked, 16'000u);
  EXPECT_LT(left * 4, asked);
}

TEST(CodeFilter, FewCodesTakeFewBytes) {
  std::mt19937_64 random(3);
  const auto filter_of = [&](std::uint32_t domain) {
    CodeFilterBuilder builder;
    builder.add_block(random_codes(kBlockRows, domain, random));
    std::uint32_t buckets = 0;
    const std::string bytes = builder.finish(buckets);
    EXPECT_EQ(bytes.size(), code_filter_bytes(buckets, 1));
    return buckets;
  };
  EXPECT_EQ(filter_of(10), 3u);
  EXPECT_EQ(filter_of(3'000), 24u);
  EXPECT_EQ(filter_of(1'000'000), kMostFilterBuckets);
}

// One block's bits decide for all, wherever it lies.
TEST(CodeFilter, TheFullestBlockDecidesHowManyBuckets) {
  std::mt19937_64 random(4);
  const auto few = random_codes(77, 10, random);
  const auto many = random_codes(kBlockRows, 1'000'000, random);
  for (std::size_t place = 0; place < 3; ++place) {
    CodeFilterBuilder builder;
    for (std::size_t block = 0; block < 3; ++block) builder.add_block(block == place ? many : few);
    std::uint32_t buckets = 0;
    const std::string bytes = builder.finish(buckets);
    EXPECT_EQ(buckets, kMostFilterBuckets) << place;
    EXPECT_EQ(bytes.size(), code_filter_bytes(buckets, 3)) << place;
  }
}

TEST(CodeFilter, ARowOfAnotherSizeTellsNothing) {
  CodeFilterBuilder builder;
  builder.add_block(std::vector<std::uint32_t>{1, 2, 3});
  std::uint32_t buckets = 0;
  const std::string bytes = builder.finish(buckets);
  const auto row = std::as_bytes(std::span<const char>(bytes)).first(code_filter_row_bytes(1));
  for (const std::size_t blocks : {0U, 1U, 2U}) {
    std::vector<bool> may_hold(blocks);
    EXPECT_EQ(note_blocks_of(row, 1, may_hold), blocks == 1) << blocks;
  }
}

TEST(CodeFilter, AFileOfNoRowsHasNone) {
  const auto reader = file_of({}).open();
  EXPECT_FALSE(reader->has_code_filter());
  EXPECT_TRUE(reader->verify_code_filter());
}

TEST(CodeFilter, OtherValuesThanCodesHaveNone) {
  const auto files = memory_file_system("test");
  EncodeOptions options;
  options.code_filter = true;
  ColumnFileWriter writer(*files, "a.col", Physical::kInt64, options);
  const std::vector<std::int64_t> numbers{5, 6};
  ColumnValues values;
  values.rows = 2;
  values.int64s = numbers;
  ASSERT_TRUE(writer.append(values));
  const auto reader = ColumnFileReader::open(*files, *writer.finish(), Physical::kInt64);
  ASSERT_TRUE(reader);
  EXPECT_FALSE((*reader)->has_code_filter());
}

TEST(CodeFilter, AFlippedBitIsToldByVerifyAndRulesNothingOut) {
  const Blocks blocks{{3, 70'000, 900'000, 0, 3}};
  const WrittenFile sound = file_of(blocks);
  const std::string bytes = sound.bytes();
  const auto place = decode_column_trailer(
      std::as_bytes(std::span<const char>(bytes)).last(kColumnTrailerBytes), bytes.size(), "a.col");
  ASSERT_TRUE(place);
  const std::uint64_t size = code_filter_bytes(3, 1);
  for (std::uint64_t at = place->offset - size; at < place->offset; ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    const WrittenFile file{memory_file_system("test"), sound.reference};
    ASSERT_TRUE((*file.files->create("a.col"))->append(std::as_bytes(std::span<char>(damaged))));
    const auto reader = file.open();
    expect_none_ruled_out(blocks, *reader);
    const auto verified = reader->verify_code_filter();
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, ErrorCode::kDamaged);
  }
}

TEST(CodeFilter, AFooterThatCannotBeIsDamage) {
  const WrittenFile file = file_of({{1, 2, 3}});
  const std::string bytes = file.bytes();
  const auto trailer = std::as_bytes(std::span<const char>(bytes)).last(kColumnTrailerBytes);
  const auto place = *decode_column_trailer(trailer, bytes.size(), "a.col");
  // In a file with room for a filter of `fitting` buckets.
  const auto footer_with = [&](std::uint32_t buckets, std::uint32_t fitting) {
    // The entry of the one block lies between two counts and the filter's two fields.
    const std::string entries = bytes.substr(place.offset + 2, place.size - 2 - 1 - 8);
    CodeFilterPlace filter;
    filter.buckets = buckets;
    const std::string footer = encode_column_footer(3, 1, entries, &filter);
    const auto span = std::as_bytes(std::span<const char>(footer));
    const std::uint64_t begin =
        place.offset - code_filter_bytes(3, 1) + code_filter_bytes(fitting, 1);
    auto stated =
        *decode_column_trailer(span.last(kColumnTrailerBytes), begin + footer.size(), "a.col");
    return decode_column_footer(span, stated, {Physical::kCode, true}, "a.col");
  };
  for (const std::uint32_t buckets : {0U, 1U, 3U, 6U, 96U}) {
    EXPECT_TRUE(footer_with(buckets, buckets)) << buckets;
    const auto elsewhere = footer_with(buckets, 2);
    ASSERT_FALSE(elsewhere) << buckets;
    EXPECT_THAT(elsewhere.error().message, HasSubstr("its blocks do not fill it"));
  }
  for (const std::uint32_t buckets : {5U, 97U, 192U}) {
    const auto footer = footer_with(buckets, buckets);
    ASSERT_FALSE(footer) << buckets;
    EXPECT_EQ(footer.error().code, ErrorCode::kDamaged);
    EXPECT_THAT(footer.error().message, HasSubstr("its code filter is not possible"));
  }
}

TEST(CodeFilter, PaysInLargeTablesForLargeDomains) {
  EXPECT_TRUE(pays_for_code_filter(1'000'000, 20'000'000));
  EXPECT_FALSE(pays_for_code_filter(100'000, 20'000'000));
  EXPECT_FALSE(pays_for_code_filter(1'000'000, 3'000'000));
}

}  // namespace
}  // namespace stave
