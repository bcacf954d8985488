// Manifests: every state reads back, and no damaged or forged byte gets through.
#include "storage/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/file_header.h"
#include "storage/manifest_check.h"

namespace stave {
namespace {

using testing::HasSubstr;

std::string any_path() {
  return "streams/day/column-" + std::to_string(*rc::gen::inRange(1, 1'000'000)) + ".col";
}

FileReference any_file() {
  if (*rc::gen::inRange(0, 4) == 0) {
    return {};
  }
  return {any_path(), *rc::gen::arbitrary<std::uint64_t>(), *rc::gen::arbitrary<std::uint64_t>()};
}

std::vector<FileReference> any_files(std::size_t most) {
  std::vector<FileReference> files(*rc::gen::inRange<std::size_t>(0, most + 1));
  for (FileReference& file : files) {
    file = any_file();
  }
  return files;
}

DomainState any_domain(const std::string& name) {
  DomainState domain;
  domain.name = name;
  domain.kind = name == "users" ? DictionaryKind::kInt64 : DictionaryKind::kString;
  const int segments = *rc::gen::inRange(1, 4);
  for (int i = 0; i < segments; ++i) {
    DomainSegmentState segment;
    segment.file = {any_path(), *rc::gen::arbitrary<std::uint64_t>(), 1};
    segment.first_code = domain.size + 1;
    segment.count = *rc::gen::inRange(1U, 1U << 29);
    domain.size += segment.count;
    domain.segments.push_back(segment);
  }
  return domain;
}

SegmentState any_segment(std::uint64_t id, std::int32_t day, std::size_t columns) {
  SegmentState segment;
  segment.id = id;
  segment.loads = {*rc::gen::inRange<std::uint64_t>(0, 3)};
  if (*rc::gen::arbitrary<bool>()) {
    segment.loads.push_back(*rc::gen::inRange<std::uint64_t>(3, 5));
    segment.load_of_row = {any_path(), 5, *rc::gen::arbitrary<std::uint64_t>()};
  }
  segment.day = day;
  segment.cluster_version = *rc::gen::inRange<std::uint64_t>(0, 9);
  const int runs = *rc::gen::inRange(0, 5);
  for (int i = 0; i < runs; ++i) {
    const std::uint32_t rows = *rc::gen::inRange(1U, 100'000U);
    segment.runs.push_back({*rc::gen::arbitrary<std::uint32_t>(), segment.rows, rows});
    segment.rows += rows;
  }
  segment.columns = any_files(columns);
  return segment;
}

// Some of the segment's files lie in a pack, which is then listed.
void put_into_pack(Manifest& manifest, SegmentState& segment) {
  PackState pack{"streams/packs/pack-" + std::to_string(segment.id) + ".pack", 0,
                 *rc::gen::arbitrary<std::uint64_t>()};
  const auto put = [&](FileReference& file) {
    if (file.exists() && *rc::gen::arbitrary<bool>()) {
      file = {pack.path, *rc::gen::inRange(1U, 1U << 30), file.checksum, true, pack.size};
      pack.size += file.size + *rc::gen::inRange(0U, 2U);
    }
  };
  put(segment.load_of_row);
  std::ranges::for_each(segment.columns, put);
  if (pack.size > 0) {
    manifest.packs.push_back(std::move(pack));
  }
}

void fill_fact(Manifest& manifest, const TableSchema& schema, TableState& table) {
  table.cluster_version = 9;
  table.cluster_changes = {{3, 7, any_file()}, {9, 1, any_file()}};
  const int segments = *rc::gen::inRange(0, 4);
  for (int i = 0; i < segments; ++i) {
    const std::int32_t day = i == 0 ? kNoDay : 20'000 + i / 2;
    table.segments.push_back(any_segment(manifest.next_segment_id++, day, schema.columns.size()));
    table.rows += table.segments.back().rows;
    if (*rc::gen::arbitrary<bool>()) {
      put_into_pack(manifest, table.segments.back());
    }
  }
}

void fill_dimension(const TableSchema& schema, TableState& table) {
  table.positions = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
  table.rows = table.positions;
  if (schema.is_code_addressed()) {
    table.rows = *rc::gen::inRange<std::uint64_t>(0, table.positions + 1);
    table.present = any_file();
  }
  table.columns = any_files(schema.columns.size());
}

Manifest any_manifest() {
  Manifest manifest;
  manifest.schema = music_schema();
  manifest.snapshot = *rc::gen::arbitrary<std::uint64_t>();
  manifest.created_at = *rc::gen::arbitrary<std::int64_t>();
  manifest.timezone = *rc::gen::arbitrary<std::string>();
  manifest.operation = *rc::gen::arbitrary<std::string>();
  manifest.next_file_id = *rc::gen::arbitrary<std::uint64_t>();
  manifest.next_load_id = 5;
  manifest.domains = {any_domain("tracks"), any_domain("users")};
  for (const TableSchema& schema : manifest.schema.tables) {
    TableState& table = manifest.tables.emplace_back();
    table.name = schema.name;
    if (schema.kind == TableKind::kFact) {
      fill_fact(manifest, schema, table);
    } else {
      fill_dimension(schema, table);
    }
  }
  LoadState load;
  load.id = 4;
  load.table = "streams";
  load.snapshot = manifest.snapshot;
  load.at = *rc::gen::arbitrary<std::int64_t>();
  load.rows = *rc::gen::arbitrary<std::uint64_t>();
  load.files = {{*rc::gen::arbitrary<std::string>(), 5, *rc::gen::arbitrary<std::uint64_t>()}};
  manifest.loads = {load};
  type_columns_by_domain(manifest);
  return manifest;
}

Manifest small_manifest() {
  Manifest manifest;
  manifest.schema = *schema_from_toml(
      "name = 'x'\n[[table]]\nname = 't'\nkind = 'fact'\ntime = 'at'\ncolumns = [\n"
      "{ name = 'at', type = 'timestamp' }, { name = 'k', type = 'key', domain = 'd' } ]\n",
      "x.toml");
  manifest.next_segment_id = 2;
  manifest.domains = {
      {"d", DictionaryKind::kString, 3, {{{"domains/d-000001.domain", 100, 7}, 1, 3}}}};
  TableState& table = manifest.tables.emplace_back();
  table.name = "t";
  table.rows = 5;
  SegmentState segment;
  segment.id = 1;
  segment.loads = {0};
  segment.day = 3;
  segment.rows = 5;
  segment.runs = {{1, 0, 2}, {0, 2, 3}};
  segment.columns = {{"t/a.col", 10, 1}, {"t/b.col", 11, 2}};
  table.segments = {segment};
  type_columns_by_domain(manifest);
  return manifest;
}

// The checksum made right again, as a forger would.
std::string sealed(std::string bytes) {
  seal_file_header(bytes, checksum_of(std::string_view(bytes).substr(kChecksummedFrom)));
  return bytes;
}

RC_GTEST_PROP(ManifestProperty, ReadsBack, ()) {
  const Manifest manifest = any_manifest();
  const auto checked = check_manifest(manifest);
  RC_ASSERT(checked.has_value());
  const std::string bytes = encode_manifest(manifest);
  const auto again = decode_manifest(bytes, "m");
  RC_ASSERT(again.has_value());
  RC_ASSERT(encode_manifest(*again) == bytes);
  RC_ASSERT(again->tables.size() == manifest.tables.size());
  RC_ASSERT(again->timezone == manifest.timezone);
  RC_ASSERT(again->tables[0].segments.size() == manifest.tables[0].segments.size());
  RC_ASSERT(schema_to_toml(again->schema) == schema_to_toml(manifest.schema));
}

RC_GTEST_PROP(ManifestProperty, SurvivesForgery, ()) {
  std::string bytes = encode_manifest(small_manifest());
  const int changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes; ++i) {
    bytes[*rc::gen::inRange(kFileHeaderBytes, bytes.size())] = *rc::gen::arbitrary<char>();
  }
  const auto manifest = decode_manifest(sealed(bytes), "m");
  if (manifest) {
    RC_ASSERT(check_manifest(*manifest).has_value());
  } else {
    RC_ASSERT(manifest.error().code == ErrorCode::kDamaged);
  }
}

TEST(Manifest, NoticesEveryFlippedBit) {
  std::string bytes = encode_manifest(small_manifest());
  ASSERT_TRUE(decode_manifest(bytes, "m"));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const char mask = static_cast<char>(1U << (bit % 8));
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
    const auto manifest = decode_manifest(bytes, "m");
    ASSERT_FALSE(manifest) << bit;
    ASSERT_EQ(manifest.error().code, ErrorCode::kDamaged) << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
  }
}

void put_into_packs(Manifest& manifest) {
  manifest.packs = {{"t/packs/1.pack", 30, 9}};
  std::vector<FileReference>& columns = manifest.tables[0].segments[0].columns;
  columns[0] = {"t/packs/1.pack", 10, 1, true, 0};
  columns[1] = {"t/packs/1.pack", 11, 2, true, 19};
}

// A reader of before goes on reading what has no packs, and knows what has.
TEST(Manifest, NeedsAFeatureForPacksAlone) {
  Manifest manifest = small_manifest();
  EXPECT_EQ(encode_manifest(manifest)[kChecksummedFrom + 8], 0);
  put_into_packs(manifest);
  const std::string bytes = encode_manifest(manifest);
  EXPECT_EQ(bytes[kChecksummedFrom + 8], 1);
  const auto back = decode_manifest(bytes, "m");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->packs, manifest.packs);
  EXPECT_EQ(back->tables[0].segments[0].columns, manifest.tables[0].segments[0].columns);
  for (std::size_t size = kFileHeaderBytes; size < bytes.size(); ++size) {
    ASSERT_EQ(decode_manifest(sealed(bytes.substr(0, size)), "m").error().code,
              ErrorCode::kDamaged);
  }
}

TEST(Manifest, NoticesEveryTruncation) {
  const std::string bytes = encode_manifest(small_manifest());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(decode_manifest(bytes.substr(0, size), "m").error().code, ErrorCode::kDamaged);
    if (size >= kFileHeaderBytes) {
      ASSERT_EQ(decode_manifest(sealed(bytes.substr(0, size)), "m").error().code,
                ErrorCode::kDamaged);
    }
  }
  EXPECT_EQ(decode_manifest(sealed(bytes + '\0'), "m").error().code, ErrorCode::kDamaged);
}

TEST(Manifest, NamesBothVersions) {
  std::string bytes = encode_manifest(small_manifest());
  bytes[kChecksummedFrom] = 9;
  const auto newer = decode_manifest(sealed(bytes), "some.manifest");
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::kNewerFormat);
  EXPECT_THAT(newer.error().message, HasSubstr("format version 9, and this one reads up to 1"));
  EXPECT_THAT(newer.error().message, HasSubstr("some.manifest"));
}

TEST(Manifest, NamesUnknownFeatures) {
  std::string bytes = encode_manifest(small_manifest());
  bytes[kChecksummedFrom + 8] = 2;
  const auto newer = decode_manifest(sealed(bytes), "m");
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::kNewerFormat);
  EXPECT_THAT(newer.error().message, HasSubstr("bits 0x2"));
}

TEST(Manifest, RefusesHugeCounts) {
  std::string bytes = new_file_header(kManifestMagic);
  ByteWriter out(bytes);
  for (const std::uint64_t value : {0U, 0U, 0U, 0U, 1U, 1U, 1U}) {
    out.write_varint(value);
  }
  out.write_text("");
  out.write_varint(0xFFFF'FFFF'FFFF);
  EXPECT_EQ(decode_manifest(sealed(bytes), "m").error().code, ErrorCode::kDamaged);
}

struct Contradiction {
  const char* what;
  void (*make)(Manifest&);
};

class ContradictingManifest : public testing::TestWithParam<Contradiction> {};

TEST_P(ContradictingManifest, IsRefused) {
  Manifest manifest = small_manifest();
  ASSERT_TRUE(check_manifest(manifest));
  GetParam().make(manifest);
  const auto checked = check_manifest(manifest);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr(GetParam().what));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ContradictingManifest,
    testing::Values(
        Contradiction{"outside the store",
                      [](Manifest& m) { m.tables[0].segments[0].columns[0].path = "../passwd"; }},
        Contradiction{"outside the store",
                      [](Manifest& m) { m.domains[0].segments[0].file.path = "/etc/passwd"; }},
        Contradiction{"has 3 files",
                      [](Manifest& m) { m.tables[0].segments[0].columns.resize(3); }},
        Contradiction{"do not follow",
                      [](Manifest& m) { m.tables[0].segments[0].runs[1].first_row = 3; }},
        Contradiction{"have 4 rows of 5",
                      [](Manifest& m) { m.tables[0].segments[0].runs[1].rows = 2; }},
        Contradiction{"segments of 5", [](Manifest& m) { m.tables[0].rows = 6; }},
        Contradiction{"from the future", [](Manifest& m) { m.tables[0].segments[0].id = 2; }},
        Contradiction{"not ordered",
                      [](Manifest& m) {
                        m.tables[0].segments.push_back(m.tables[0].segments[0]);
                        m.tables[0].rows = 10;
                      }},
        Contradiction{"files of a dimension", [](Manifest& m) { m.tables[0].positions = 1; }},
        Contradiction{"domain d", [](Manifest& m) { m.domains[0].size = 4; }},
        Contradiction{"domain d", [](Manifest& m) { m.domains[0].segments[0].first_code = 2; }},
        Contradiction{"there twice", [](Manifest& m) { m.domains.push_back(m.domains[0]); }},
        Contradiction{"holds i64", [](Manifest& m) { m.domains[0].kind = DictionaryKind::kInt64; }},
        Contradiction{"named t in the schema", [](Manifest& m) { m.tables[0].name = "u"; }},
        Contradiction{"2 tables", [](Manifest& m) { m.tables.push_back(m.tables[0]); }},
        Contradiction{"loads of segment 1",
                      [](Manifest& m) { m.tables[0].segments[0].loads.clear(); }},
        Contradiction{"loads of segment 1",
                      [](Manifest& m) { m.tables[0].segments[0].loads = {1}; }},
        Contradiction{"loads of segment 1",
                      [](Manifest& m) {
                        m.next_load_id = 3;
                        m.tables[0].segments[0].loads = {2, 1};
                      }},
        Contradiction{"rows of 2 loads and no file",
                      [](Manifest& m) {
                        m.next_load_id = 3;
                        m.tables[0].segments[0].loads = {1, 2};
                      }},
        Contradiction{"rows of 1 loads and a file",
                      [](Manifest& m) {
                        m.tables[0].segments[0].load_of_row = {"t/c.col", 1, 1};
                      }},
        Contradiction{"outside the store",
                      [](Manifest& m) {
                        m.next_load_id = 3;
                        m.tables[0].segments[0].loads = {1, 2};
                        m.tables[0].segments[0].load_of_row = {"../c.col", 1, 1};
                      }},
        Contradiction{"lies in no pack",
                      [](Manifest& m) {
                        put_into_packs(m);
                        m.tables[0].segments[0].columns[1].path = "t/packs/2.pack";
                      }},
        Contradiction{"lies in no pack",
                      [](Manifest& m) {
                        put_into_packs(m);
                        m.tables[0].segments[0].columns[1].offset = 20;
                      }},
        Contradiction{"lies in no pack",
                      [](Manifest& m) {
                        put_into_packs(m);
                        m.tables[0].segments[0].columns[1].offset = ~std::uint64_t{0};
                      }},
        Contradiction{"no segment has a column in pack t/packs/2.pack",
                      [](Manifest& m) {
                        put_into_packs(m);
                        m.packs.push_back({"t/packs/2.pack", 30, 9});
                      }},
        Contradiction{"listed twice or lies outside",
                      [](Manifest& m) {
                        put_into_packs(m);
                        m.packs.push_back(m.packs[0]);
                      }},
        Contradiction{"listed twice or lies outside",
                      [](Manifest& m) {
                        put_into_packs(m);
                        m.packs[0].path = "../1.pack";
                      }},
        Contradiction{"outside the store",
                      [](Manifest& m) { m.tables[0].segments[0].columns[0].offset = 1; }},
        Contradiction{"not of a segment lies in a pack",
                      [](Manifest& m) {
                        put_into_packs(m);
                        m.domains[0].segments[0].file.is_packed = true;
                      }},
        Contradiction{"came with snapshot 9",
                      [](Manifest& m) { m.loads.emplace_back().snapshot = 9; }},
        Contradiction{"load 1", [](Manifest& m) { m.loads.emplace_back().id = 1; }}));

}  // namespace
}  // namespace stave
