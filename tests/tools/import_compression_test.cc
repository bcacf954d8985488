// Compressed inputs give the text that went in, or an error; never a part of it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/iostreams/filter/gzip.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "tests/tools/support/compress.h"
#include "tools/import/input_source.h"

namespace stave::loading {
namespace {

namespace fs = std::filesystem;
using testing::bzipped;
using testing::gzipped;
using testing::zstd_streamed;
using namespace std::string_literals;

using Compress = std::function<std::string(std::string_view)>;

struct Format {
  const char* name;
  Compress compress;
};

std::vector<Format> formats() {
  return {{"gzip", [](std::string_view text) { return gzipped(text); }},
          {"bzip2", [](std::string_view text) { return bzipped(text); }},
          {"zstd", [](std::string_view text) { return zstd_streamed(text); }}};
}

class ImportCompression : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    path_ = (fs::temp_directory_path() / fmt::format("stave-compression-{}", ::getpid())).string();
  }
  void TearDown() override { fs::remove(path_); }

  // Reads in steps of that size, to the end.
  Result<std::string> read(const std::string& bytes, std::size_t step = 10'000) const {
    std::ofstream(path_, std::ios::binary) << bytes;
    Result<std::unique_ptr<InputSource>> source = InputSource::open(path_, {GetParam(), nullptr});
    if (!source) return pass(source);
    std::string text;
    std::vector<char> buffer(step);
    while (true) {
      Result<std::size_t> got = (*source)->read(buffer.data(), step);
      if (!got) return pass(got);
      text.append(buffer.data(), *got);
      if (*got < step) break;
    }
    EXPECT_EQ((*source)->bytes_read(), bytes.size());
    EXPECT_EQ((*source)->content_hash(), *hash_file(path_));
    return text;
  }

  std::string path_;
};

std::string random_text(std::mt19937_64& random, std::size_t size) {
  std::string text;
  while (text.size() < size) text += fmt::format("{},{}\n", random() % 1000, random());
  text.resize(size);
  return text;
}

// Members of all sizes, so that the borders of blocks read fall on every part of them.
TEST_P(ImportCompression, InputsOfManyMembersAreReadToTheirEnds) {
  std::mt19937_64 random(7);
  for (const Format& format : formats()) {
    SCOPED_TRACE(format.name);
    std::string text;
    std::string bytes;
    while (bytes.size() < 600'000) {
      const std::string part =
          random_text(random, random() % 2 == 0 ? random() % 40'000 : random() % 50);
      text += part;
      bytes += format.compress(part);
    }
    for (const std::size_t step : {777U, 1U << 20U}) {
      const Result<std::string> got = read(bytes, step);
      ASSERT_TRUE(got) << got.error().message;
      EXPECT_TRUE(*got == text);
    }
  }
}

TEST_P(ImportCompression, GzipHeadersMayHaveEveryPart) {
  namespace io = boost::iostreams;
  io::gzip_params params;
  params.file_name = std::string(3000, 'n');
  params.comment = std::string(70'000, 'c');
  const std::string named = testing::compressed("named\n", io::gzip_compressor(params));
  // Extra field and header checksum, which zlib's interface cannot write: flags 4 and 2.
  std::string extra = gzipped("extra\n");
  extra[3] = 4;
  extra.insert(10, "\x05\0hello"s);
  const std::string stored = gzipped("stored\n", 0);
  EXPECT_EQ(read(named + extra + stored + named).value_or(""), "named\nextra\nstored\nnamed\n");
}

TEST_P(ImportCompression, WhatFollowsTheLastMemberIsLeftOutAsGzipDoes) {
  for (const std::string& tail :
       {std::string(1, '\0'), std::string(700'000, '\0'), "garbage"s, "\x1f"s}) {
    EXPECT_EQ(read(gzipped("a\n") + tail).value_or("failed"), "a\n");
    EXPECT_EQ(read(bzipped("a\n") + tail).value_or("failed"), "a\n");
    EXPECT_FALSE(read(zstd_streamed("a\n") + tail));
  }
  EXPECT_FALSE(read(gzipped("a\n") + "\x1f\x8b"));
  EXPECT_FALSE(read(bzipped("a\n") + "BZh9"));
}

TEST_P(ImportCompression, SkippableFramesArePassedOver) {
  const std::string skipped = "\x5a\x2a\x4d\x18\x03\0\0\0abc"s;
  const std::string frame = zstd_streamed("text\n");
  EXPECT_EQ(read(skipped + frame + skipped + frame + skipped).value_or(""), "text\ntext\n");
}

TEST_P(ImportCompression, EveryCutIsNoticed) {
  const std::string text = "user_id,track_id\n1,2\n";
  for (const Format& format : formats()) {
    const std::string member = format.compress(text);
    const std::string bytes = member + member;
    for (std::size_t size = 4; size < bytes.size(); ++size) {
      SCOPED_TRACE(fmt::format("{} cut at {} of {}", format.name, size, bytes.size()));
      const Result<std::string> got = read(bytes.substr(0, size));
      if (got) {
        // Between members, or where the second is too short to be told from garbage.
        EXPECT_TRUE(size >= member.size() && size < member.size() + 3);
        EXPECT_EQ(*got, text);
      } else {
        EXPECT_EQ(got.error().code, ErrorCode::kInvalidData);
        EXPECT_NE(got.error().message.find("cut off"), std::string::npos) << got.error().message;
      }
    }
  }
}

TEST_P(ImportCompression, ChecksumsAreVerified) {
  std::mt19937_64 random(3);
  const std::string text = random_text(random, 3000);
  for (const Format& format : formats()) {
    if (format.name == "zstd"s) continue;  // its frames need not have one
    const std::string bytes = format.compress(text);
    for (std::size_t at = 12; at < bytes.size(); at += 7) {
      SCOPED_TRACE(fmt::format("{} at {}", format.name, at));
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 16);
      EXPECT_FALSE(read(damaged));
    }
  }
}

TEST_P(ImportCompression, OtherFormatsAreNamed) {
  for (const auto& [magic, word] :
       std::vector<std::pair<std::string, std::string>>{{"\xfd"
                                                         "7zXZ\0\0\4"s,
                                                         "xz -dc"},
                                                        {"\x04\x22\x4d\x18\x64"s, "lz4 -dc"},
                                                        {"7z\xbc\xaf\x27\x1c"s, "7z"},
                                                        {"\x1f\x9d\x90"s, "zcat"}}) {
    const Result<std::string> got = read(magic);
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().message.find(word), std::string::npos) << got.error().message;
  }
}

TEST_P(ImportCompression, AReaderMayGoAwayEarly) {
  std::mt19937_64 random(5);
  const std::string bytes = gzipped(random_text(random, 20'000'000), 1);
  std::ofstream(path_, std::ios::binary) << bytes;
  for (const std::size_t size : {0U, 1U, 5'000'000U}) {
    Result<std::unique_ptr<InputSource>> source = InputSource::open(path_, {GetParam(), nullptr});
    ASSERT_TRUE(source);
    std::vector<char> buffer(size);
    EXPECT_EQ((*source)->read(buffer.data(), size).value_or(1), size);
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, ImportCompression, ::testing::Values(1, 2, 4));

}  // namespace
}  // namespace stave::loading
