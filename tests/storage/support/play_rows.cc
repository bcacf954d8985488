// Column files are written as an import would write them.
#include "tests/storage/support/play_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/segment_packer.h"
#include "storage/snapshot.h"
#include "storage/transaction.h"

namespace stave {
namespace {

constexpr std::size_t kUser = 1;
constexpr std::size_t kSeconds = 4;

// Into a file of its own, or into `bytes`.
FileReference write(Transaction& transaction, const std::string& name, const ColumnValues& values,
                    std::string* bytes) {
  ColumnFileWriter writer =
      bytes == nullptr
          ? ColumnFileWriter(transaction.files(), transaction.new_path("streams", name),
                             values.physical, {})
          : ColumnFileWriter(name, values.physical, {});
  EXPECT_TRUE(writer.append(values));
  FileReference file = writer.finish().value();
  if (bytes != nullptr) {
    *bytes = writer.take_bytes();
  }
  return file;
}

}  // namespace

std::uint64_t load_plays(const std::shared_ptr<FileSystem>& files, const std::vector<PlayRow>& rows,
                         Placing placing) {
  const auto transaction = Transaction::begin(files).value();
  Manifest& manifest = transaction->manifest();
  TableState& table = manifest.tables[0];
  DomainWriter* users = transaction->domain("users").value();
  SegmentPacker packer(*transaction, "streams");
  LoadState load;
  load.id = manifest.next_load_id++;
  load.table = "streams";
  load.at = static_cast<std::int64_t>(load.id);
  load.rows = rows.size();
  std::map<std::int32_t, std::vector<PlayRow>> days;
  for (const PlayRow& row : rows) {
    days[row.day].push_back(row);
  }
  for (const auto& [day, plays] : days) {
    ColumnValues codes;
    codes.physical = Physical::kCode;
    ColumnValues seconds;
    std::vector<std::uint32_t> user_codes;
    std::vector<std::int64_t> numbers;
    for (const PlayRow& play : plays) {
      user_codes.push_back(users->add_int64(play.user).value());
      numbers.push_back(play.seconds);
    }
    codes.rows = seconds.rows = static_cast<std::uint32_t>(plays.size());
    codes.codes = user_codes;
    seconds.int64s = numbers;
    SegmentState segment;
    segment.id = manifest.next_segment_id++;
    segment.loads = {load.id};
    segment.day = day;
    segment.rows = codes.rows;
    segment.runs = {{kNullCode, 0, segment.rows}};
    segment.columns.resize(kSeconds + 1);
    std::vector<std::string> bytes(segment.columns.size() + 1);
    const bool packs = placing == Placing::kPacks;
    segment.columns[kUser] = write(*transaction, "user_id", codes, packs ? &bytes[kUser] : nullptr);
    segment.columns[kSeconds] =
        write(*transaction, "duration_sec", seconds, packs ? &bytes[kSeconds] : nullptr);
    if (packs) {
      EXPECT_TRUE(packer.add(segment, std::move(bytes)));
    }
    table.rows += segment.rows;
    const auto place = std::ranges::upper_bound(table.segments, day, {}, &SegmentState::day);
    table.segments.insert(place, std::move(segment));
  }
  EXPECT_TRUE(packer.finish());
  packer.place(table.segments);
  manifest.loads.push_back(load);
  const auto committed = transaction->commit();
  EXPECT_TRUE(committed) << committed.error().message;
  return load.id;
}

std::multiset<PlayRow> plays_in(const std::shared_ptr<FileSystem>& files) {
  const auto snapshot = Snapshot::open(files).value();
  const auto users = snapshot->domain("users").value();
  const TableState& table = snapshot->manifest().tables[0];
  std::multiset<PlayRow> found;
  for (const SegmentState& segment : table.segments) {
    DecodedBlock user;
    DecodedBlock seconds;
    EXPECT_TRUE((*snapshot->open_column(table, segment, kUser))->read_block(0, user));
    EXPECT_TRUE((*snapshot->open_column(table, segment, kSeconds))->read_block(0, seconds));
    for (std::uint32_t row = 0; row < segment.rows; ++row) {
      found.insert({segment.day, users->int64_at(user.codes[row]), seconds.int64s[row]});
    }
  }
  return found;
}

}  // namespace stave
