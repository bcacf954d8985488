// Objects that are written alike are converted without looking at their keys, and lines before
// their turn: both give what reading every object by itself gives.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <optional>
#include <random>

#include "tests/tools/support/faulty_text.h"
#include "tools/import/cell_parser.h"
#include "tools/import/chunk_reader.h"
#include "tools/import/json/flat_object.h"
#include "tools/import/json/json_pattern.h"

namespace stave::loading {
namespace {

namespace fs = std::filesystem;

std::string padded(const std::string& text) {
  return text + std::string(kTextPadding, '"');
}

// The row of CSV, member by member.
std::string row_of(const std::vector<JsonMember>& members) {
  std::string row;
  for (const JsonMember& member : members) {
    if (&member != &members.front()) row += ',';
    if (member.kind == JsonKind::kNull) continue;
    const bool quoted = member.kind == JsonKind::kString &&
                        (member.text.empty() || member.text.find(',') != std::string_view::npos);
    row += quoted ? fmt::format("\"{}\"", member.text) : std::string(member.text);
  }
  return row + "\n";
}

JsonPattern learned(const std::string& text) {
  std::vector<JsonMember> members;
  EXPECT_TRUE(read_flat_object(std::string_view(text.data(), text.size() - kTextPadding), members));
  std::vector<std::size_t> fields(members.size());
  std::iota(fields.begin(), fields.end(), std::size_t{0});
  JsonPattern pattern;
  pattern.learn({text.data(), text.size() - kTextPadding}, members, fields, fields.size());
  return pattern;
}

std::optional<std::string> written(JsonPattern& pattern, const std::string& object) {
  const std::string text = padded(object);
  const std::string_view view(text.data(), object.size());
  std::string row(pattern.room_for(view), '\0');
  const char* const end = pattern.write(view, row.data());
  EXPECT_EQ(end != nullptr, pattern.takes(view)) << object;
  if (end == nullptr) return std::nullopt;
  row.resize(static_cast<std::size_t>(end - row.data()));
  return row;
}

constexpr const char* kSound =
    R"({"id": 17, "title": "Für Elise, live", "score": -1.5e3,"x":null})";

TEST(ImportJsonPattern, TakesOtherValuesOfTheSameKeys) {
  JsonPattern pattern = learned(padded(kSound));
  EXPECT_EQ(written(pattern, kSound), "17,\"Für Elise, live\",-1.5e3,\n");
  EXPECT_EQ(written(pattern, R"({"id": "", "title": null, "score": 0.125,"x":true})"),
            "\"\",,0.125,true\n");
  EXPECT_EQ(written(pattern, R"({"id": 123456789, "title": "exactly8", "score": 1234567,"x":"a"})"),
            "123456789,exactly8,1234567,a\n");
  for (const char* other : {R"({"id": 1, "title": "a", "x": 1, "score":null})",
                            R"({"id": 1,  "title": "a", "score": 1,"x":null})",
                            R"({"id": 1, "title": "a", "score": 1})",
                            R"({"id": 1, "title": "a\n", "score": 1,"x":null})",
                            R"({"id": 01, "title": "a", "score": 1,"x":null})",
                            R"({"id": 1., "title": "a", "score": 1,"x":null})",
                            R"({"id": 1.5x, "title": "a", "score": 1,"x":null})",
                            R"({"id": [1], "title": "a", "score": 1,"x":null})",
                            "{\"id\": 1, \"title\": \"\xC3\", \"score\": 1,\"x\":null}",
                            R"({"id": 1, "title": "a", "score": 1,"x":null}})", ""}) {
    EXPECT_EQ(written(pattern, other), std::nullopt) << other;
  }
}

TEST(ImportJsonPattern, LeavesOutFieldsThatAnObjectLacks) {
  const std::string text = padded(R"({"b":1,"d":"x"})");
  const std::string_view object(text.data(), text.size() - kTextPadding);
  std::vector<JsonMember> members;
  ASSERT_TRUE(read_flat_object(object, members));
  JsonPattern pattern;
  pattern.learn(object, members, std::vector<std::size_t>{1, 3}, 6);
  EXPECT_EQ(written(pattern, R"({"b":2,"d":""})"), ",2,,\"\",,\n");
  pattern.learn(object, members, std::vector<std::size_t>{3, 1}, 6);
  EXPECT_EQ(written(pattern, std::string(object)), std::nullopt);
  pattern.learn(object, members, std::vector<std::size_t>{1, ~std::size_t{0}}, 6);
  EXPECT_EQ(written(pattern, std::string(object)), std::nullopt);
}

TEST(ImportJsonPattern, WhatIsTakenIsReadAlike) {
  std::mt19937 random(11);
  const std::string bytes = "{}[]\",:\\ 0e.-tn\x01\xC3\n9";
  JsonPattern pattern = learned(padded(kSound));
  int taken = 0;
  for (int round = 0; round < 30'000; ++round) {
    const std::string text = testing::with_faults(kSound, 3, bytes, random);
    const auto row = written(pattern, text);
    if (!row) continue;
    ++taken;
    const std::string with_padding = padded(text);
    std::vector<JsonMember> members;
    ASSERT_TRUE(read_flat_object({with_padding.data(), text.size()}, members)) << text;
    ASSERT_EQ(*row, row_of(members)) << text;
  }
  EXPECT_GT(taken, 5'000);
}

struct ReadBack {
  std::vector<std::string> rows;
  std::vector<std::string> rejects;
  std::vector<std::string> columns;
  std::size_t converted = 0;  // chunks of which a part was ahead

  bool operator==(const ReadBack& other) const {
    return rows == other.rows && rejects == other.rejects && columns == other.columns;
  }
};

// `ahead`: so many chunks are claimed before the first of them has its turn; 0: none is.
ReadBack read_lines(const std::string& path, std::size_t chunk_bytes, std::size_t ahead) {
  ReadBack back;
  TableSchema schema;
  schema.name = "lines";
  schema.columns.emplace_back().name = "id";
  schema.columns.back().type = kStringType;
  LoadTable table(schema);
  LoadDomains domains;
  domains.by_column.resize(1, nullptr);
  ChunkReader reader({path}, {}, ExtraColumns::kKeep, table, chunk_bytes);
  CellParser parser(TimeParser(*ZoneClock::find("UTC"), DateOrder::kYearFirst));
  std::deque<Chunk> claimed;
  ParsedChunk parsed;
  while (true) {
    while (claimed.size() < std::max<std::size_t>(ahead, 1)) {
      Chunk& chunk = claimed.emplace_back();
      if (ahead == 0) continue;
      reader.claim(chunk);
      reader.read_ahead(chunk);
      parser.convert_ahead(chunk);
    }
    Chunk chunk = std::move(claimed.front());
    claimed.pop_front();
    const Result<bool> got = reader.next(chunk);
    EXPECT_TRUE(got) << (got ? "" : got.error().message);
    if (!got || !*got) break;
    back.converted += chunk.has_converted() ? 1 : 0;
    parser.parse(chunk, domains, parsed);
    for (std::uint32_t row = 0; row < parsed.rows; ++row) {
      const Span bytes = parsed.row_bytes(row);
      std::string text(chunk.text() + bytes.begin, bytes.end - bytes.begin);
      for (const ColumnCells& column : parsed.cells) {
        text += column.is_null(row) ? "|~" : fmt::format("|{}", column.strings[row]);
      }
      back.rows.push_back(std::move(text));
    }
    for (const Reject& reject : parsed.rejects) {
      back.rejects.push_back(fmt::format("{} {} {}", chunk.offset + reject.bytes.begin,
                                         reject.row + back.rows.size() - parsed.rows, reject.code));
    }
  }
  for (std::size_t i = 0; i < table.columns(); ++i) back.columns.push_back(table.column(i).name);
  return back;
}

TEST(ImportJsonPattern, LinesConvertedAheadAreTheSame) {
  std::mt19937 random(3);
  const fs::path path = fs::temp_directory_path() / fmt::format("stave-ahead-{}", ::getpid());
  std::size_t converted = 0;
  // Longer than what a dump is guessed from, which is not read ahead.
  constexpr std::size_t kLines = 45'000;
  for (int round = 0; round < 4; ++round) {
    std::string text;
    for (std::size_t i = 0; i < kLines; ++i) {
      const std::size_t kind = random() % (round % 2 == 0 ? 4000 : 40);
      if (kind == 0) text += fmt::format(R"({{"id": {}, "late{}": "x"}})", i, i / 2000);
      if (kind == 1) text += fmt::format(R"({{"id": {}, "title": "not ended)", i);
      if (kind == 2) text += fmt::format(R"({{"id": {}, "void": null}})", i);
      if (kind == 3) text += fmt::format(R"({{"id": {}, "id": 1}})", i);
      if (kind == 4) text += fmt::format(R"({{"title": "a \"quoted\", one", "id": {}}})", i);
      if (kind > 4) text += fmt::format(R"({{"id": {}, "title": "song {}, live"}})", i, i * i);
      text += random() % 30 == 0 ? "\r\n\n" : "\n";
    }
    std::ofstream(path, std::ios::binary) << text;
    for (const std::size_t chunk_bytes : {1000U, 7000U}) {
      const ReadBack plain = read_lines(path.string(), chunk_bytes, 0);
      for (const std::size_t ahead : {1U, 3U}) {
        const ReadBack back = read_lines(path.string(), chunk_bytes, ahead);
        ASSERT_EQ(back.rows, plain.rows);
        ASSERT_TRUE(back == plain);
        converted += back.converted;
      }
    }
  }
  fs::remove(path);
  EXPECT_GT(converted, 1'000U);
}

}  // namespace
}  // namespace stave::loading
