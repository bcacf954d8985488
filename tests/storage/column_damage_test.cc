// No byte of a column file may change or go missing without an error that names the file.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/column_file.h"
#include "storage/column_footer.h"
#include "storage/inspect_column.h"
#include "tests/storage/support/column_samples.h"

namespace stave {
namespace {

std::string bytes_of_file(const FileSystem& files, const std::string& path) {
  const auto file = files.open(path);
  std::string bytes((*file)->size(), '\0');
  EXPECT_TRUE((*file)->read(0, std::as_writable_bytes(std::span<char>(bytes))));
  return bytes;
}

// A small file of two blocks with nulls.
std::string small_file() {
  std::mt19937_64 random(5);
  auto samples = testing::column_samples(Physical::kInt64, kBlockRows + 40, random);
  testing::ColumnSample& sample = samples[2];
  sample.add_nulls(0.001, random);
  const auto files = memory_file_system("test");
  ColumnFileWriter writer(*files, "a.col", sample.physical, {});
  EXPECT_TRUE(writer.append(sample.values()));
  EXPECT_TRUE(writer.finish());
  return bytes_of_file(*files, "a.col");
}

// As the manifest names it.
FileReference reference_to(const std::string& sound) {
  const auto place = decode_column_trailer(
      std::as_bytes(std::span<const char>(sound)).last(kColumnTrailerBytes), sound.size(), "b.col");
  return {"b.col", sound.size(), place.value().checksum};
}

// Reads everything there is; the first error, or success.
Result<void> read_all(const std::string& bytes) {
  static const FileReference kSound = reference_to(small_file());
  const auto files = memory_file_system("test");
  auto file = files->create("b.col");
  EXPECT_TRUE((*file)->append(std::as_bytes(std::span<const char>(bytes))));
  FileReference reference = kSound;
  reference.size = bytes.size();
  const auto reader = ColumnFileReader::open(*files, reference, Physical::kInt64);
  if (!reader) {
    return pass(reader);
  }
  DecodedBlock decoded;
  for (std::uint32_t block = 0; block < (*reader)->blocks().size(); ++block) {
    if (auto read = (*reader)->read_block(block, decoded); !read) {
      return read;
    }
  }
  return {};
}

void expect_damaged(const std::string& bytes) {
  const auto read = read_all(bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kDamaged) << read.error().message;
  EXPECT_NE(read.error().message.find("b.col"), std::string::npos) << read.error().message;
}

TEST(ColumnDamage, EveryFlippedBitIsNoticed) {
  const std::string sound = small_file();
  ASSERT_TRUE(read_all(sound));
  for (std::size_t at = 0; at < sound.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = sound;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      SCOPED_TRACE(at);
      expect_damaged(flipped);
    }
  }
}

TEST(ColumnDamage, EveryTruncationIsNoticed) {
  const std::string sound = small_file();
  for (std::size_t size = 0; size < sound.size(); ++size) {
    SCOPED_TRACE(size);
    expect_damaged(sound.substr(0, size));
  }
}

TEST(ColumnDamage, ASizeThatTheManifestDoesNotNameIsNoticed) {
  const std::string sound = small_file();
  const auto files = memory_file_system("test");
  auto file = files->create("b.col");
  ASSERT_TRUE((*file)->append(std::as_bytes(std::span<const char>(sound))));
  FileReference reference = reference_to(sound);
  ++reference.size;
  const auto reader = ColumnFileReader::open(*files, reference, Physical::kInt64);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kDamaged);
}

TEST(ColumnDamage, AnotherSoundFileInItsPlaceIsNoticed) {
  const std::string sound = small_file();
  const auto files = memory_file_system("test");
  auto file = files->create("b.col");
  ASSERT_TRUE((*file)->append(std::as_bytes(std::span<const char>(sound))));
  FileReference reference = reference_to(sound);
  ASSERT_TRUE(ColumnFileReader::open(*files, reference, Physical::kInt64));
  ++reference.checksum;
  const auto reader = ColumnFileReader::open(*files, reference, Physical::kInt64);
  ASSERT_FALSE(reader);
  EXPECT_NE(reader.error().message.find("not the one that the manifest means"), std::string::npos);
}

// Changes a header field and makes the checksum right again.
std::string with_header_field(std::size_t offset, char value) {
  std::string bytes = small_file();
  bytes[offset] = value;
  std::string checksum;
  ByteWriter(checksum).write_u64(checksum_of(std::string_view(bytes).substr(0, 24)));
  return bytes.replace(24, 8, checksum);
}

TEST(ColumnDamage, ALaterVersionIsNamedBesideOurs) {
  const auto read = read_all(with_header_field(8, 7));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kNewerFormat);
  EXPECT_NE(read.error().message.find("version 7"), std::string::npos);
  EXPECT_NE(read.error().message.find("version 1"), std::string::npos);
}

TEST(ColumnDamage, AnUnknownFeatureIsALaterFormat) {
  const auto read = read_all(with_header_field(16, 2));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kNewerFormat);
}

TEST(ColumnDamage, AnotherKindThanTheColumnsIsNamed) {
  const auto read = read_all(with_header_field(10, 1));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kDamaged);
}

TEST(InspectColumn, NamesEveryBlockAndTheDamagedOne) {
  std::string bytes = small_file();
  const auto folder = std::filesystem::temp_directory_path() / "stave-inspect-test";
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "a.col").string();
  std::ofstream(path, std::ios::binary) << bytes;
  const auto sound = inspect_column_file(path);
  ASSERT_TRUE(sound) << sound.error().message;
  EXPECT_NE(sound->find("16424 rows, 2 blocks"), std::string::npos) << *sound;
  EXPECT_NE(sound->find("block 0: offset 32, "), std::string::npos) << *sound;
  EXPECT_EQ(sound->find("bad"), std::string::npos) << *sound;
  bytes[40] = static_cast<char>(bytes[40] ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
  const auto damaged = inspect_column_file(path);
  ASSERT_TRUE(damaged);
  EXPECT_NE(damaged->find("bad: A block of a column file fails its checksum"), std::string::npos);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace stave
