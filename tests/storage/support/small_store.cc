// Segments made by hand, as an import would make them.
#include "tests/storage/support/small_store.h"

#include <gtest/gtest.h>

namespace stave {
namespace {

FileReference write_codes(Transaction& transaction, const std::string& column,
                          const std::vector<std::uint32_t>& codes) {
  auto writer = transaction.column_writer("streams/2025-05-01", column, Physical::kCode);
  ColumnValues values;
  values.physical = Physical::kCode;
  values.rows = static_cast<std::uint32_t>(codes.size());
  values.codes = codes;
  EXPECT_TRUE(writer->append(values));
  return writer->finish().value();
}

FileReference write_integers(Transaction& transaction, const std::string& column,
                             const std::vector<std::int64_t>& integers) {
  auto writer = transaction.column_writer("streams/2025-05-01", column, Physical::kInt64);
  ColumnValues values;
  values.rows = static_cast<std::uint32_t>(integers.size());
  values.int64s = integers;
  EXPECT_TRUE(writer->append(values));
  return writer->finish().value();
}

}  // namespace

void add_plays(Transaction& transaction, const std::vector<std::int64_t>& users) {
  DomainWriter* user_domain = transaction.domain("users").value();
  DomainWriter* track_domain = transaction.domain("tracks").value();
  std::vector<std::uint32_t> user_codes;
  std::vector<std::uint32_t> track_codes;
  std::vector<std::int64_t> durations;
  for (const std::int64_t user : users) {
    user_codes.push_back(user_domain->add_int64(user).value());
    track_codes.push_back(track_domain->add_string("track " + std::to_string(user)).value());
    durations.push_back(30 + user % 200);
  }
  Manifest& manifest = transaction.manifest();
  SegmentState segment;
  segment.id = manifest.next_segment_id++;
  segment.loads = {manifest.next_load_id++};
  segment.day = 20'209;
  segment.rows = static_cast<std::uint32_t>(users.size());
  segment.runs = {{kNullCode, 0, segment.rows}};
  segment.columns = {FileReference(), write_codes(transaction, "user_id", user_codes),
                     write_codes(transaction, "track_id", track_codes), FileReference(),
                     write_integers(transaction, "duration_sec", durations)};
  TableState& table = manifest.tables[0];
  table.rows += segment.rows;
  table.segments.push_back(std::move(segment));
}

}  // namespace stave
