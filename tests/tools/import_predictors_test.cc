// Which columns an import writes with a predictor, and that nothing but bytes comes of it.
#include <fmt/format.h>

#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

constexpr int kPlays = 30'000;

// Users have a home country, tracks a length that most plays reach, genres a few tracks each.
std::string plays(int first, int users, std::uint32_t seed) {
  std::string csv = "user_id,track_id,listen_time,duration_sec,country_code,platform\n";
  std::uint32_t random = seed;
  const auto draw = [&](std::uint32_t below) {
    random = random * 1664525U + 1013904223U;
    return (random >> 8) % below;
  };
  for (int i = 0; i < kPlays; ++i) {
    const std::uint32_t user = draw(static_cast<std::uint32_t>(users));
    const std::uint32_t track = draw(draw(3000) + 1);
    const bool away = draw(40) == 0;
    const bool skipped = draw(4) == 0;
    csv += fmt::format("{},t{},2025-05-{:02} {:02}:{:02}:00,{},C{},p{}\n", user, track,
                       first + i * 3 / kPlays, i / 500 % 24, i % 60,
                       skipped ? draw(30) : 120 + track % 180, (away ? draw(50) : user % 50),
                       user % 4);
  }
  return csv;
}

std::string tracks() {
  std::string csv = "track_id,track_genre\n";
  for (int track = 0; track < 3000; ++track) csv += fmt::format("t{},g{}\n", track, track % 40);
  return csv;
}

const std::vector<std::string> kColumns{"user_id",      "track_id",     "listen_time",
                                        "duration_sec", "country_code", "platform"};

class PredictedImportTest : public ImportTest {
 protected:
  const TableState& streams() {
    opened_ = snapshot();
    return *opened_->manifest().find_table("streams");
  }
  // The names of the columns that the table has predictors for, in their order.
  std::vector<std::string> predicted() {
    const TableState& table = streams();
    const TableSchema& schema = *opened_->manifest().schema.find_table("streams");
    std::vector<std::string> names;
    for (const PredictorState& predictor : table.predictors) {
      names.push_back(schema.columns[predictor.column].name + " from " +
                      schema.columns[predictor.key].name);
    }
    return names;
  }

 private:
  std::shared_ptr<const Snapshot> opened_;
};

// Lengths go with tracks as well, but not closely enough to read a second column for, and platforms
// with users, but they take two bits.
TEST_F(PredictedImportTest, CountriesGoWithUsersAndTracksWithGenres) {
  make_store();
  import_well("tracks", tracks());
  import_well("streams", plays(1, 400, 7));
  EXPECT_EQ(predicted(),
            (std::vector<std::string>{"country_code from user_id", "track_id from track_id"}));
}

TEST_F(PredictedImportTest, TheNextLoadUsesWhatTheLastOneLearned) {
  make_store();
  import_well("tracks", tracks());
  import_well("streams", plays(1, 400, 7));
  const std::size_t first = streams().predictors.size();
  import_well("streams", plays(11, 400, 8));
  EXPECT_EQ(streams().predictors.size(), first);
  for (const SegmentState& segment : streams().segments) {
    EXPECT_EQ(std::ranges::count(segment.predictors, 0U),
              static_cast<std::ptrdiff_t>(segment.predictors.size() - first));
  }
}

TEST_F(PredictedImportTest, ALoadOfOtherUsersLearnsAnew) {
  make_store();
  import_well("streams", plays(1, 400, 7));
  std::string others = plays(11, 400, 8);
  const std::size_t first = streams().predictors.size();
  for (std::size_t at = others.find('\n'); at + 1 < others.size(); at = others.find('\n', at + 1)) {
    others.insert(at + 1, "9");
  }
  import_well("streams", others);
  EXPECT_GT(streams().predictors.size(), first);
}

TEST_F(PredictedImportTest, WhatIsReadIsWhatWasWritten) {
  make_store();
  const std::string csv = plays(1, 400, 7);
  import_well("tracks", tracks());
  import_well("streams", csv);
  ASSERT_FALSE(predicted().empty());
  std::vector<std::string> read;
  for (const Row& row : rows("streams", kColumns)) {
    read.push_back(fmt::format("{}", fmt::join(row, ",")));
  }
  std::vector<std::string> written;
  for (std::size_t at = csv.find('\n') + 1; at < csv.size();) {
    const std::size_t end = csv.find('\n', at);
    written.push_back(csv.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(read);
  std::ranges::sort(written);
  EXPECT_EQ(read, written);
}

TEST_F(PredictedImportTest, ThreadsChangeNoByte) {
  const std::string csv = plays(1, 400, 7);
  std::map<std::string, std::string> files[2];
  for (const int threads : {1, 4}) {
    make_store();
    options.threads = threads;
    import_well("tracks", tracks());
    import_well("streams", csv);
    files[threads == 1 ? 0 : 1] = store_files();
  }
  EXPECT_EQ(files[0], files[1]);
}

TEST_F(PredictedImportTest, ColumnsThatGoWithNothingHaveNoPredictor) {
  make_store();
  std::string csv = "user_id,track_id,listen_time,duration_sec,country_code,platform\n";
  std::uint32_t random = 5;
  const auto draw = [&](std::uint32_t below) {
    random = random * 1664525U + 1013904223U;
    return (random >> 8) % below;
  };
  for (int i = 0; i < kPlays; ++i) {
    csv += fmt::format("{},t{},2025-05-01 {:02}:00:00,{},C{},p{}\n", draw(400), draw(3000), i % 24,
                       draw(300), draw(50), draw(4));
  }
  import_well("streams", csv);
  EXPECT_EQ(predicted(), std::vector<std::string>{});
}

}  // namespace
}  // namespace stave::testing
