// The public face: creating, opening, describing and verifying a store.
#include "stave/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "storage/snapshot.h"
#include "tests/storage/support/small_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create_store(path_, CreateOptions()));
    const auto transaction = Transaction::begin(path_).value();
    std::vector<std::int64_t> users;
    for (std::int64_t user = 0; user < 40'000; ++user) {
      users.push_back(user * 7 % 9000);
    }
    add_plays(*transaction, users);
    const auto committed = transaction->commit();
    ASSERT_TRUE(committed) << committed.error().message;
  }

  // The file of a column of the only segment.
  std::string column_path(std::size_t column) const {
    const auto snapshot = Snapshot::open(path_).value();
    return path_ + "/" + snapshot->manifest().tables[0].segments[0].columns[column].path;
  }
  static void flip_bit(const std::string& path, std::streamoff at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const int byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 4));
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/plays.stave";
};

TEST_F(StoreTest, IsDescribed) {
  const auto store = Store::open(path_);
  ASSERT_TRUE(store) << store.error().message;
  const auto description = describe(*store);
  ASSERT_TRUE(description) << description.error().message;
  EXPECT_EQ(description->snapshot, 1U);
  EXPECT_EQ(description->schema, "music");
  EXPECT_EQ(description->timezone, "UTC");
  ASSERT_THAT(description->tables, SizeIs(26));
  const TableDescription& streams = description->tables[0];
  EXPECT_TRUE(streams.is_fact);
  EXPECT_EQ(streams.rows, 40'000U);
  EXPECT_EQ(streams.segments, 1U);
  EXPECT_EQ(streams.first_day, "2025-05-01");
  EXPECT_EQ(streams.last_day, "2025-05-01");
  const ColumnDescription& user = streams.columns[1];
  EXPECT_EQ(user.type, kInt64Type);
  EXPECT_EQ(user.leads_to, "users");
  EXPECT_EQ(user.relation, "user");
  EXPECT_EQ(user.bytes, std::filesystem::file_size(column_path(1)));
  EXPECT_THAT(user.codecs, HasSubstr("%"));
  EXPECT_EQ(user.stored_rows, 40'000U);
  EXPECT_EQ(user.plain_bytes, 40'000U * 4);
  EXPECT_EQ(streams.columns[0].bytes, 0U);
}

TEST_F(StoreTest, TablesDomainsAndManifestAreAllOfIt) {
  const auto description = describe(*Store::open(path_));
  ASSERT_TRUE(description);
  std::uint64_t bytes = description->manifest_bytes;
  for (const TableDescription& table : description->tables) {
    bytes += table.bytes;
  }
  for (const DomainDescription& domain : description->domains) {
    EXPECT_EQ(domain.values == 0, domain.bytes == 0) << domain.name;
    bytes += domain.bytes;
  }
  EXPECT_EQ(description->bytes, bytes);
}

TEST_F(StoreTest, BytesAreThoseOfItsFiles) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
    const std::string name = entry.path().filename().string();
    // The marker, the empty lock and the manifest of snapshot 0 are no part of snapshot 1.
    if (entry.is_regular_file() && name != "STAVE" && name != "000000000000.manifest") {
      bytes += entry.file_size();
    }
  }
  EXPECT_EQ(describe(*Store::open(path_))->bytes, bytes);
}

TEST_F(StoreTest, VerifiesWhenSound) {
  const auto report = verify_store(path_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(report->damages, IsEmpty());
  EXPECT_EQ(report->files, 8U);
  EXPECT_GE(report->blocks, 9U);
  EXPECT_EQ(report->bytes,
            describe(*Store::open(path_))->bytes + std::filesystem::file_size(path_ + "/STAVE") +
                std::filesystem::file_size(path_ + "/snapshots/000000000000.manifest"));
}

TEST_F(StoreTest, VerifyNamesEveryDamage) {
  const std::string users = column_path(1);
  const std::string tracks = column_path(2);
  flip_bit(users, static_cast<std::streamoff>(std::filesystem::file_size(users) / 2));
  std::filesystem::resize_file(tracks, std::filesystem::file_size(tracks) - 1);
  const auto report = verify_store(path_);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->damages, testing::Contains(HasSubstr("user_id")));
  EXPECT_THAT(report->damages, testing::Contains(HasSubstr("track_id")));
  EXPECT_THAT(report->damages, testing::Not(testing::Contains(HasSubstr("duration_sec"))));
}

TEST_F(StoreTest, VerifyFindsADeletedFile) {
  std::filesystem::remove(column_path(4));
  const auto report = verify_store(path_);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->damages, testing::Contains(HasSubstr("duration_sec")));
}

TEST_F(StoreTest, VerifyFindsEveryFlippedByteOfADomain) {
  const auto snapshot = Snapshot::open(path_).value();
  const DomainState* domain = snapshot->manifest().find_domain("tracks");
  const std::string file = path_ + "/" + domain->segments[0].file.path;
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
  for (std::streamoff at = 0; at < size; at += size / 37) {
    flip_bit(file, at);
    EXPECT_THAT(verify_store(path_)->damages, testing::Not(IsEmpty())) << at;
    flip_bit(file, at);
  }
  EXPECT_THAT(verify_store(path_)->damages, IsEmpty());
}

TEST_F(StoreTest, VerifyReportsADamagedManifest) {
  flip_bit(path_ + "/snapshots/000000000001.manifest", 100);
  const auto report = verify_store(path_);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->damages, testing::ElementsAre(HasSubstr("000000000001.manifest")));
  const auto store = Store::open(path_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kDamaged);
}

TEST_F(StoreTest, VerifyReportsTheManifestOfAnOlderSnapshot) {
  flip_bit(path_ + "/snapshots/000000000000.manifest", 100);
  EXPECT_TRUE(Store::open(path_));
  EXPECT_THAT(verify_store(path_)->damages,
              testing::ElementsAre(HasSubstr("000000000000.manifest")));
}

TEST_F(StoreTest, VerifyReportsAFileThatOnlyAnOlderSnapshotNames) {
  const std::string users = column_path(1);
  auto transaction = Transaction::begin(path_).value();
  transaction->manifest().tables[0].segments.clear();
  transaction->manifest().tables[0].rows = 0;
  ASSERT_TRUE(transaction->commit());
  EXPECT_THAT(verify_store(path_)->damages, IsEmpty());
  flip_bit(users, static_cast<std::streamoff>(std::filesystem::file_size(users) / 2));
  EXPECT_THAT(verify_store(path_)->damages,
              testing::Contains(testing::AllOf(HasSubstr("user_id"), HasSubstr("block"))));
}

TEST_F(StoreTest, TakesASchemaOfTheUser) {
  const std::string schema = folder_.path() + "/mine.toml";
  std::ofstream(schema) << "name = 'mine'\n[[table]]\nname = 't'\nkind = 'fact'\n"
                           "columns = [ { name = 'a', type = 'i64' } ]\n";
  CreateOptions options;
  options.schema_path = schema;
  ASSERT_TRUE(create_store(folder_.path() + "/mine.stave", options));
  EXPECT_EQ(describe(*Store::open(folder_.path() + "/mine.stave"))->schema, "mine");
  options.schema_path = folder_.path() + "/none.toml";
  const auto missing = create_store(folder_.path() + "/other.stave", options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/other.stave"));
}

}  // namespace
}  // namespace stave
