// What `stave inspect` says of each kind of file.
#include "storage/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "stave/store.h"
#include "storage/snapshot.h"
#include "tests/storage/support/small_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave {
namespace {

using testing::HasSubstr;

class InspectTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create_store(path_, CreateOptions()));
    const auto transaction = Transaction::begin(path_).value();
    add_plays(*transaction, {5, 6, 5});
    ASSERT_TRUE(transaction->commit());
  }
  std::string domain_path(const char* name) const {
    const auto snapshot = Snapshot::open(path_).value();
    return path_ + "/" + snapshot->manifest().find_domain(name)->segments[0].file.path;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/plays.stave";
};

TEST_F(InspectTest, ShowsTheLastManifestOfAStore) {
  const auto text = inspect_file(path_);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_THAT(*text, HasSubstr("snapshot 1,"));
  EXPECT_THAT(*text, HasSubstr("streams: 3 rows in 1 segments"));
  EXPECT_THAT(*text, HasSubstr("segment 1: 2025-05-01, 3 rows"));
  EXPECT_THAT(*text, HasSubstr("users: 2 integers"));
  EXPECT_THAT(*text, HasSubstr("no file: every value is null"));
  EXPECT_EQ(*inspect_file(path_ + "/snapshots/000000000001.manifest"), *text);
}

TEST_F(InspectTest, ShowsDomains) {
  const auto users = inspect_file(domain_path("users"));
  ASSERT_TRUE(users) << users.error().message;
  EXPECT_THAT(*users, HasSubstr("2 integers of codes 1 to 2"));
  EXPECT_THAT(*users, HasSubstr("direct index of 2 slots from value 5"));
  const auto tracks = inspect_file(domain_path("tracks"));
  ASSERT_TRUE(tracks) << tracks.error().message;
  EXPECT_THAT(*tracks, HasSubstr("2 strings of codes 1 to 2"));
  EXPECT_THAT(*tracks, HasSubstr("\"track 6\""));
}

TEST_F(InspectTest, ShowsColumnFiles) {
  const auto snapshot = Snapshot::open(path_).value();
  const auto text =
      inspect_file(path_ + "/" + snapshot->manifest().tables[0].segments[0].columns[1].path);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_THAT(*text, HasSubstr("3"));
}

TEST_F(InspectTest, SaysThatAFileIsNone) {
  std::ofstream(folder_.path() + "/plain.txt") << "something else entirely";
  const auto plain = inspect_file(folder_.path() + "/plain.txt");
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, ErrorCode::kInvalidArgument);
  const auto missing = inspect_file(folder_.path() + "/none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  std::filesystem::resize_file(domain_path("users"), 20);
  EXPECT_EQ(inspect_file(domain_path("users")).error().code, ErrorCode::kDamaged);
}

}  // namespace
}  // namespace stave
