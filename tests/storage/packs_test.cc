// Packs: wherever column files lie, a store holds the same, and every byte of a pack is watched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "storage/backup_store.h"
#include "storage/collect_garbage.h"
#include "storage/column_file.h"
#include "storage/compact_store.h"
#include "storage/open_packs.h"
#include "storage/pack_writer.h"
#include "storage/repair_store.h"
#include "storage/segment_packer.h"
#include "storage/snapshot.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "storage/transaction.h"
#include "storage/undo_load.h"
#include "storage/verify.h"
#include "tests/storage/support/play_rows.h"

namespace stave {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::shared_ptr<FileSystem> new_store() {
  auto files = memory_file_system("store");
  EXPECT_TRUE(create_store(*files, music_schema(), "UTC"));
  return files;
}

Manifest last(const std::shared_ptr<FileSystem>& files) {
  return read_last_manifest(*files).value();
}

void expect_sound(const std::shared_ptr<FileSystem>& files) {
  const auto verified = verify_store(*files, 1);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_THAT(verified->damages, IsEmpty());
  EXPECT_THAT(verified->strays, IsEmpty());
}

void overwrite(FileSystem& files, const std::string& path, const std::string& content) {
  ASSERT_TRUE(files.remove(path));
  ASSERT_TRUE(write_durably(files, path, content));
}

const std::vector<PlayRow> kPlays = {
    {20'000, 1, 30}, {20'000, 2, 31}, {20'001, 3, 32}, {20'001, 1, 33}, {20'002, 9, 34}};

TEST(Packs, HoldTheColumnFilesOfALoad) {
  const auto files = new_store();
  load_plays(files, kPlays, Placing::kPacks);
  const Manifest manifest = last(files);
  ASSERT_THAT(manifest.packs, SizeIs(1));
  EXPECT_EQ(manifest.packs[0].path, "streams/packs/2024-10-04-000001.pack");
  // Column by column, days side by side.
  std::uint64_t end = 0;
  for (const std::size_t column : {1U, 4U}) {
    for (const SegmentState& segment : manifest.tables[0].segments) {
      EXPECT_EQ(segment.columns[column].offset, end);
      end += segment.columns[column].size;
    }
  }
  EXPECT_EQ(manifest.packs[0].size, end);
  EXPECT_EQ(plays_in(files), std::multiset<PlayRow>(kPlays.begin(), kPlays.end()));
  expect_sound(files);
  EXPECT_THAT(files_of(manifest), SizeIs(2));  // with the domain
}

TEST(Packs, AreCutWhereTheNextSegmentFindsNoRoom) {
  const auto files = new_store();
  const auto transaction = Transaction::begin(files).value();
  SegmentPacker packer(*transaction, "streams");
  constexpr std::size_t kBytes = kPackBytes / 3;
  std::vector<SegmentState> segments(8);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    segments[i].id = i;
    segments[i].day = static_cast<std::int32_t>(20'000 + i);
    segments[i].columns.resize(1);
    ASSERT_TRUE(packer.add(segments[i], {std::string(kBytes, 'x'), ""}));
  }
  ASSERT_TRUE(packer.finish());
  packer.place(segments);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    EXPECT_EQ(segments[i].columns[0].offset, i % 3 * kBytes) << i;
    EXPECT_EQ(segments[i].columns[0].path, segments[i - i % 3].columns[0].path) << i;
  }
}

TEST(Packs, ASnapshotOpensThemOnce) {
  const auto files = new_store();
  load_plays(files, kPlays, Placing::kPacks);
  const auto snapshot = Snapshot::open(files).value();
  const TableState& table = snapshot->manifest().tables[0];
  const auto first = snapshot->open_column(table, table.segments[0], 1);
  ASSERT_TRUE(first);
  // What is open stays readable whatever becomes of its name.
  const std::string path = snapshot->manifest().packs[0].path;
  const std::string content = read_whole(*files, path).value();
  ASSERT_TRUE(files->remove(path));
  EXPECT_TRUE(snapshot->open_column(table, table.segments[1], 4));
  ASSERT_TRUE(write_durably(*files, path, content));
}

// As those are that would take too much memory mapped.
TEST(Packs, CanBeReadAsWell) {
  const auto files = new_store();
  load_plays(files, kPlays, Placing::kPacks);
  const Manifest manifest = last(files);
  for (const std::uint64_t most_mapped : {manifest.packs[0].size, manifest.packs[0].size - 1}) {
    OpenPacks packs(most_mapped);
    std::vector<std::int64_t> seconds;
    for (const SegmentState& segment : manifest.tables[0].segments) {
      const auto column =
          ColumnFileReader::open(*files, segment.columns[4], Physical::kInt64, packs);
      ASSERT_TRUE(column) << column.error().message;
      EXPECT_EQ(packs.open(*files, segment.columns[4])->is_to_map,
                most_mapped == manifest.packs[0].size);
      DecodedBlock block;
      ASSERT_TRUE((*column)->read_block(0, block));
      seconds.insert(seconds.end(), block.int64s.begin(), block.int64s.begin() + block.rows);
    }
    EXPECT_THAT(seconds, testing::ElementsAre(30, 31, 32, 33, 34));
  }
}

TEST(Packs, DamageIsNamedByColumn) {
  const auto files = new_store();
  load_plays(files, kPlays, Placing::kPacks);
  const PackState pack = last(files).packs[0];
  const std::string sound = read_whole(*files, pack.path).value();
  for (std::size_t at = 0; at < sound.size(); ++at) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    overwrite(*files, pack.path, damaged);
    const auto report = verify_store(*files, 1);
    ASSERT_TRUE(report);
    ASSERT_THAT(report->damages, SizeIs(1)) << at;
    EXPECT_THAT(report->damages[0], HasSubstr(pack.path));
    EXPECT_THAT(report->damages[0], testing::ContainsRegex("streams 2024-10-0[456] (user|dura)"));
  }
  overwrite(*files, pack.path, sound + "x");
  EXPECT_THAT(verify_store(*files, 1)->damages, Contains(HasSubstr("wrong size")));
  overwrite(*files, pack.path, sound.substr(0, sound.size() - 1));
  EXPECT_THAT(verify_store(*files, 1)->damages, SizeIs(1));
  ASSERT_TRUE(files->remove(pack.path));
  EXPECT_THAT(verify_store(*files, 1)->damages, SizeIs(6));
}

TEST(Packs, OfAnotherSizeAreNotRead) {
  const auto files = new_store();
  load_plays(files, kPlays, Placing::kPacks);
  const PackState pack = last(files).packs[0];
  const std::string sound = read_whole(*files, pack.path).value();
  for (const std::string& content : {sound + "x", sound.substr(0, sound.size() - 1)}) {
    overwrite(*files, pack.path, content);
    const auto snapshot = Snapshot::open(files).value();
    const TableState& table = snapshot->manifest().tables[0];
    const auto column = snapshot->open_column(table, table.segments[0], 1);
    ASSERT_FALSE(column);
    EXPECT_EQ(column.error().code, ErrorCode::kDamaged);
    EXPECT_THAT(column.error().message, HasSubstr("another size"));
  }
}

// A load that shares a pack with others is taken out, and only they are left of its snapshots.
std::shared_ptr<FileSystem> store_with_unused_bytes() {
  const auto files = new_store();
  load_plays(files, kPlays, Placing::kPacks);
  const std::uint64_t second = load_plays(files, {{20'003, 5, 60}}, Placing::kPacks);
  EXPECT_TRUE(compact_store(files, {"", false}));
  EXPECT_TRUE(undo_load(files, second));
  EXPECT_TRUE(collect_garbage(files, {1, false}));
  return files;
}

TEST(Packs, BytesThatNobodyNeedsAreWatchedToo) {
  const auto files = store_with_unused_bytes();
  const PackState pack = last(files).packs[0];
  const std::string sound = read_whole(*files, pack.path).value();
  std::vector<bool> is_used(sound.size());
  for (const FileReference& file : references_of(last(files))) {
    for (std::uint64_t at = 0; file.is_packed && at < file.size; ++at) {
      is_used[file.offset + at] = true;
    }
  }
  const auto unused = static_cast<std::size_t>(std::ranges::find(is_used, false) - is_used.begin());
  ASSERT_LT(unused, sound.size());
  std::string damaged = sound;
  damaged[unused] = static_cast<char>(damaged[unused] ^ 1);
  overwrite(*files, pack.path, damaged);
  EXPECT_THAT(verify_store(*files, 1)->damages, Contains(HasSubstr("checksum of a pack")));
  EXPECT_EQ(plays_in(files), std::multiset<PlayRow>(kPlays.begin(), kPlays.end()));
  const auto repaired = repair_store(files, {});
  ASSERT_TRUE(repaired) << repaired.error().message;
  EXPECT_THAT(repaired->losses, IsEmpty());
  ASSERT_TRUE(collect_garbage(files, {1, false}));
  expect_sound(files);
  EXPECT_EQ(plays_in(files), std::multiset<PlayRow>(kPlays.begin(), kPlays.end()));
}

TEST(Packs, RepairLosesTheRowsOfOneDayAlone) {
  const auto files = new_store();
  load_plays(files, kPlays, Placing::kPacks);
  const Manifest manifest = last(files);
  const FileReference file = manifest.tables[0].segments[1].columns[4];
  std::string content = read_whole(*files, file.path).value();
  content[file.offset + file.size / 2] ^= 1;
  overwrite(*files, file.path, content);
  const auto repaired = repair_store(files, {});
  ASSERT_TRUE(repaired) << repaired.error().message;
  EXPECT_THAT(repaired->moved, IsEmpty());
  EXPECT_EQ(plays_in(files),
            (std::multiset<PlayRow>{{20'000, 1, 30}, {20'000, 2, 31}, {20'002, 9, 34}}));
  EXPECT_NE(last(files).packs[0].path, file.path);
  EXPECT_TRUE(repair_store(files, {})->was_sound);
  ASSERT_TRUE(collect_garbage(files, {1, false}));
  expect_sound(files);
}

TEST(Packs, OverlapsAreDamage) {
  const auto files = new_store();
  load_plays(files, kPlays, Placing::kPacks);
  Manifest manifest = last(files);
  FileReference& file = manifest.tables[0].segments[1].columns[1];
  --file.offset;
  ++manifest.snapshot;
  bool is_visible = false;
  ASSERT_TRUE(commit_manifest(*files, manifest, is_visible));
  EXPECT_THAT(verify_store(*files, 1)->damages, Contains(HasSubstr("lie in the same bytes")));
}

TEST(Packs, CompactionGathersWhatIsSmallAndThenRests) {
  const auto files = new_store();
  for (std::int32_t day = 0; day < 6; ++day) {
    load_plays(files, {{20'000 + day, day, 30}},
               day % 2 == 0 ? Placing::kPacks : Placing::kOwnFiles);
  }
  const auto before = plays_in(files);
  EXPECT_THAT(last(files).packs, SizeIs(3));
  const auto dry = compact_store(files, {"", true});
  ASSERT_THAT(dry->tables, SizeIs(1));
  EXPECT_EQ(dry->tables[0].gathered, 6U);
  const auto done = compact_store(files, {"", false});
  EXPECT_EQ(done->tables[0].gathered, 6U);
  EXPECT_EQ(done->tables[0].segments_before, 0U);
  EXPECT_THAT(last(files).packs, SizeIs(1));
  EXPECT_THAT(compact_store(files, {"", false})->tables, IsEmpty());
  EXPECT_EQ(plays_in(files), before);
  ASSERT_TRUE(collect_garbage(files, {1, false}));
  EXPECT_THAT(files_of(last(files)), SizeIs(2));
  expect_sound(files);
}

TEST(Packs, UnusedBytesDoNotPileUp) {
  const auto files = new_store();
  std::vector<std::uint64_t> loads;
  for (std::int32_t day = 0; day < 10; ++day) {
    loads.push_back(load_plays(files, {{20'000 + day, day, 30}}, Placing::kPacks));
  }
  ASSERT_TRUE(compact_store(files, {"", false}));
  const std::uint64_t all = last(files).packs[0].size;
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(undo_load(files, loads[i]));
  }
  EXPECT_THAT(compact_store(files, {"", false})->tables, IsEmpty());
  ASSERT_TRUE(undo_load(files, loads[4]));
  ASSERT_TRUE(undo_load(files, loads[5]));
  EXPECT_EQ(last(files).packs[0].size, all);
  ASSERT_TRUE(compact_store(files, {"", false}));
  EXPECT_LT(last(files).packs[0].size, all / 2);
  EXPECT_THAT(plays_in(files), SizeIs(4));
  expect_sound(files);
}

// Whatever is done to two stores of the same plays, one of which has packs, they stay the same.
RC_GTEST_PROP(Packs, MakeNoDifference, ()) {
  std::shared_ptr<FileSystem> packed = new_store();
  std::shared_ptr<FileSystem> apart = new_store();
  std::map<std::uint64_t, std::vector<PlayRow>> loads;
  const auto any_row = rc::gen::construct<PlayRow>(rc::gen::inRange(20'000, 20'006),
                                                   rc::gen::inRange<std::int64_t>(0, 20),
                                                   rc::gen::inRange<std::int64_t>(0, 400));
  const int steps = *rc::gen::inRange(1, 12);
  for (int step = 0; step < steps; ++step) {
    const int what = loads.empty() ? 0 : *rc::gen::inRange(0, 8);
    if (what < 4) {
      const auto rows = *rc::gen::nonEmpty(rc::gen::container<std::vector<PlayRow>>(any_row));
      const std::uint64_t load = load_plays(packed, rows, Placing::kPacks);
      RC_ASSERT(load_plays(apart, rows, Placing::kOwnFiles) == load);
      loads[load] = rows;
    } else if (what == 4) {
      const auto load = std::next(loads.begin(), *rc::gen::inRange<int>(0, int(loads.size())));
      RC_ASSERT(undo_load(packed, load->first));
      RC_ASSERT(undo_load(apart, load->first));
      loads.erase(load);
    } else if (what == 5) {
      RC_ASSERT(compact_store(packed, {"", false}));
      RC_ASSERT(compact_store(packed, {"", false})->tables.empty());
      RC_ASSERT(compact_store(apart, {"", false}));
    } else if (what == 6) {
      RC_ASSERT(collect_garbage(packed, {*rc::gen::inRange<std::uint64_t>(1, 3), false}));
    } else {
      const std::shared_ptr<FileSystem> copy = memory_file_system("copy");
      RC_ASSERT(backup_store(packed, *copy, {}));
      RC_ASSERT(verify_store(*copy, 1)->damages.empty());
      packed = *rc::gen::arbitrary<bool>() ? copy : packed;
    }
    std::multiset<PlayRow> right;
    for (const auto& [load, rows] : loads) {
      right.insert(rows.begin(), rows.end());
    }
    RC_ASSERT(plays_in(packed) == right);
    RC_ASSERT(plays_in(apart) == right);
    const auto verified = verify_store(*packed, 1);
    RC_ASSERT(verified->damages.empty());
    RC_ASSERT(verified->strays.empty());
  }
}

}  // namespace
}  // namespace stave
