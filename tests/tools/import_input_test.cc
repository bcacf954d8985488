// Inputs that are not what they seemed: files that change while they are read, that cannot be
// read, pipes that end early; and text of other encodings across the borders of buffers.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/tools/support/import_fixture.h"
#include "tools/import/input_source.h"
#include "tools/import/text_source.h"

namespace stave::testing {
namespace {

using loading::InputSource;
using loading::TextSource;

constexpr const char* kNotes =
    "name = \"t\"\n[[table]]\nname = \"notes\"\nkind = \"fact\"\ncolumns = [\n"
    "  { name = \"a\", type = \"string\" },\n  { name = \"b\", type = \"string\" },\n]\n";

class ImportInput : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    make_store(kNotes);
  }
};

TEST_F(ImportInput, AFileThatChangesWhileItIsReadIsNoWholeFile) {
  const std::string text(300'000, 'x');
  for (const std::uintmax_t changed : {std::uintmax_t{200'000}, std::uintmax_t{400'000}}) {
    const std::string name = file("changing.csv", text);
    Result<std::unique_ptr<InputSource>> source = InputSource::open(name, {});
    ASSERT_TRUE(source);
    std::string read(150'000, '\0');
    ASSERT_EQ(*(*source)->read(read.data(), read.size()), read.size());
    std::filesystem::resize_file(name, changed);
    read.resize(500'000);
    const Result<std::size_t> rest = (*source)->read(read.data(), read.size());
    ASSERT_FALSE(rest);
    EXPECT_NE(rest.error().message.find("changed while it was read"), std::string::npos);
  }
}

// Gives its text; asked for bytes behind `good`, it fails.
ImportStream stream_of(const std::string& text, std::size_t good = std::string::npos) {
  return {"made here",
          [text, good, taken = std::size_t{0}](char* out,
                                               std::size_t size) mutable -> Result<std::size_t> {
            if (size > good - taken) return fail(ErrorCode::kIo, "The line is down.");
            const std::size_t part = std::min(size, text.size() - taken);
            std::copy_n(text.data() + taken, part, out);
            taken += part;
            return part;
          }};
}

TEST_F(ImportInput, AStreamIsADumpInNoFile) {
  for (const int threads : {1, 3}) {
    ImportOptions options;
    options.threads = threads;
    options.again = threads == 3;
    const auto imported =
        import_stream(store_path(), "notes", stream_of("a,b\n1,x\n2,\n"), options);
    ASSERT_TRUE(imported) << imported.error().message;
    EXPECT_EQ(imported->rows, 2U);
    EXPECT_EQ(imported->inputs.front().name, "made here");
  }
  const auto twice = import_stream(store_path(), "notes", stream_of("a,b\n1,x\n2,\n"), {});
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->skipped_files, std::vector<std::string>{"made here"});
  EXPECT_EQ(twice->loads.size(), 0U);
}

TEST_F(ImportInput, AStreamThatFailsLeavesNothing) {
  const std::string text = "a,b\n1,x\n2,y\n";
  const auto failed = import_stream(store_path(), "notes", stream_of(text, 8), {});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "The line is down.");
  const ImportStream boundless{
      "boundless", [](char*, std::size_t size) { return Result<std::size_t>(size + 1); }};
  const auto refused = import_stream(store_path(), "notes", boundless, {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("more bytes than it was asked for"), std::string::npos);
  const auto after = import_stream(store_path(), "notes", stream_of(text), {});
  ASSERT_TRUE(after);
  EXPECT_EQ(after->load_id, 1U);
}

TEST_F(ImportInput, WhatCannotBeReadIsNamed) {
  const Result<ImportSummary> missing = import_paths("notes", {path("missing.csv")});
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("missing.csv"), std::string::npos);
  const Result<ImportSummary> folder = import_paths("notes", {folder_});
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().message.find(folder_), std::string::npos);
  if (::geteuid() != 0) {
    const std::string locked = file("locked.csv", "a,b\n1,2\n");
    std::filesystem::permissions(locked, std::filesystem::perms::none);
    EXPECT_FALSE(import_paths("notes", {locked}));
  }
  EXPECT_EQ(snapshot()->manifest().snapshot, 0U);
}

TEST_F(ImportInput, APipeThatEndsInARowLosesNothingSilently) {
  const std::string pipe = path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto write_and_import = [&](const std::string& text) {
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << text; });
    Result<ImportSummary> summary = import_paths("notes", {pipe});
    writer.join();
    return summary;
  };
  EXPECT_EQ(write_and_import("a,b\n1,2\n3").error().code, ErrorCode::kTooManyRejects);
  EXPECT_EQ(write_and_import("a,b\n1,2\n3,\"4").error().code, ErrorCode::kTooManyRejects);
  EXPECT_EQ(write_and_import("").error().code, ErrorCode::kInvalidData);
  EXPECT_EQ(write_and_import("a,b\n1,2\n3,4")->rows, 2U);
}

// One character of each size in UTF-8 and UTF-16 in turn, longer than all buffers.
std::u32string long_text() {
  std::u32string text;
  while (text.size() < 900'000) text += U"a\u00E9\u2605\U0001F3B5bc";
  return text;
}

std::string as_utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t c : text) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
      out += {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 63))};
    } else if (c < 0x10000) {
      out += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | (c >> 6 & 63)),
              static_cast<char>(0x80 | (c & 63))};
    } else {
      out += {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | (c >> 12 & 63)),
              static_cast<char>(0x80 | (c >> 6 & 63)), static_cast<char>(0x80 | (c & 63))};
    }
  }
  return out;
}

std::string as_utf16(const std::u32string& text, bool little) {
  std::string out;
  const auto unit = [&](char32_t value) {
    const char low = static_cast<char>(value & 255);
    const char high = static_cast<char>(value >> 8);
    out += little ? std::string{low, high} : std::string{high, low};
  };
  for (const char32_t c : text) {
    if (c >= 0x10000) {
      unit(0xD800 + ((c - 0x10000) >> 10));
      unit(0xDC00 + ((c - 0x10000) & 1023));
    } else {
      unit(c);
    }
  }
  return out;
}

TEST_F(ImportInput, EncodingsComeThroughBuffersOfAnySize) {
  const std::u32string text = long_text();
  const std::string expected = as_utf8(text);
  for (const auto& [encoding, bytes] : std::vector<std::pair<TextEncoding, std::string>>{
           {TextEncoding::kUtf8, expected},
           {TextEncoding::kUtf16LittleEndian, as_utf16(text, true)},
           {TextEncoding::kUtf16BigEndian, as_utf16(text, false)}}) {
    SCOPED_TRACE(name_of(encoding));
    const std::string name = file("text", bytes);
    for (const std::size_t step : {std::size_t{1009}, std::size_t{70'001}, expected.size() + 1}) {
      Result<std::unique_ptr<TextSource>> source = TextSource::open(name, encoding, {});
      ASSERT_TRUE(source);
      std::string read;
      std::string part(step, '\0');
      while (true) {
        const Result<std::size_t> got = (*source)->read(part.data(), part.size());
        ASSERT_TRUE(got);
        read.append(part, 0, *got);
        if (*got < part.size()) break;
      }
      ASSERT_TRUE(read == expected);
    }
  }
}

TEST_F(ImportInput, TheFirstForeignByteMayComeLate) {
  std::string text = "a,b\n";
  while (text.size() < 3'000'000) text += "some,row\n";
  const ImportSummary summary = import_well("notes", text + "caf\xE9,\x80\n");
  EXPECT_EQ(summary.inputs[0].format.encoding, TextEncoding::kWindows1252);
  EXPECT_EQ(rows("notes", {"a", "b"}).back(), (Row{"caf\xC3\xA9", "\xE2\x82\xAC"}));
}

TEST_F(ImportInput, HalfAUnitOfUtf16IsAnError) {
  const Result<ImportSummary> summary = import("notes", std::string("\xFF\xFE"
                                                                    "a\0,\0b\0\n\0x\0,\0y\0\n",
                                                                    15));
  ASSERT_FALSE(summary);
  EXPECT_NE(summary.error().message.find("odd number"), std::string::npos)
      << summary.error().message;
}

}  // namespace
}  // namespace stave::testing
