// Columns written with a predictor come back, whatever it guesses; damage of it is named.
#include "storage/predictor.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "storage/block_stretch.h"
#include "storage/manifest_check.h"
#include "storage/segment_column.h"
#include "storage/snapshot.h"
#include "storage/transaction.h"

namespace stave {
namespace {

// A table of plays with three columns: a country (code) and a length (i64) that go with the user,
// and the user itself.
constexpr std::size_t kUser = 0;
constexpr std::size_t kCountry = 1;
constexpr std::size_t kLength = 2;

TableSchema plays_schema() {
  TableSchema schema;
  schema.name = "plays";
  schema.kind = TableKind::kFact;
  schema.columns.resize(3);
  schema.columns[kUser].name = "user";
  schema.columns[kUser].domain = "users";
  schema.columns[kUser].type = kInt64Type;
  schema.columns[kCountry].name = "country";
  schema.columns[kCountry].domain = "countries";
  schema.columns[kCountry].type = kStringType;
  schema.columns[kLength].name = "length";
  schema.columns[kLength].type = kInt64Type;
  return schema;
}

constexpr std::uint32_t kRows = kBlockRows + 1000;

class PredictorTest : public ::testing::Test {
 protected:
  PredictorTest() : files_(memory_file_system("test")), schema_(plays_schema()) {
    segment_.rows = kRows;
    segment_.columns.resize(3);
    segment_.predictors.resize(3);
    for (std::uint32_t row = 0; row < kRows; ++row) {
      users_.push_back(row * 7919 % 1000);  // 0: nobody knows who
      countries_.push_back(row % 50 == 0 ? row % 60 : users_.back() % 60);
      lengths_.push_back(row % 3 == 0 ? -std::int64_t{row} : users_.back() * 10);
    }
    validity_.assign((kRows + 63) / 64, ~std::uint64_t{0x10});  // one row in 64 is null
  }

  FileReference write(const std::string& path, const ColumnValues& values,
                      std::function<Prediction(std::uint32_t first, std::uint32_t rows)> predict) {
    ColumnFileWriter writer(*files_, path, values.physical, {});
    for (std::uint32_t first = 0; first < values.rows; first += kBlockRows) {
      ColumnValues block;
      block.physical = values.physical;
      block.rows = std::min(kBlockRows, values.rows - first);
      if (!values.codes.empty()) block.codes = values.codes.subspan(first, block.rows);
      if (!values.int64s.empty()) block.int64s = values.int64s.subspan(first, block.rows);
      if (!values.validity.empty()) {
        block.validity = values.validity.subspan(first / 64, (block.rows + 63) / 64);
      }
      const auto written = writer.append_block(
          block, predict == nullptr ? Prediction() : predict(first, block.rows));
      EXPECT_TRUE(written) << (written ? "" : written.error().message);
    }
    return writer.finish().value();
  }

  ColumnValues codes(const std::vector<std::uint32_t>& of) const {
    ColumnValues values;
    values.physical = Physical::kCode;
    values.rows = static_cast<std::uint32_t>(of.size());
    values.codes = of;
    return values;
  }

  void add_predictor(std::size_t column, PredictorState state) {
    state.column = static_cast<std::uint32_t>(column);
    table_.predictors.push_back(std::move(state));
    segment_.predictors[column] = static_cast<std::uint32_t>(table_.predictors.size());
  }

  Result<std::unique_ptr<ColumnFileReader>> open(std::size_t column) {
    return open_segment_column(*files_, segment_column(schema_, table_, segment_, column),
                               predictors_);
  }

  std::vector<std::uint32_t> read_codes(std::size_t column) {
    auto reader = open(column);
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().message);
    std::vector<std::uint32_t> all;
    DecodedBlock block;
    for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
      // A last block without a list may take another codec.
      EXPECT_TRUE(i > 0 || (*reader)->blocks()[i].is_predicted);
      const auto read = (*reader)->read_block(i, block);
      EXPECT_TRUE(read) << (read ? "" : read.error().message);
      all.insert(all.end(), block.codes.begin(), block.codes.begin() + block.rows);
    }
    return all;
  }

  std::vector<std::uint32_t> read_codes_by_stretches(std::size_t column, bool users_are_known) {
    auto reader = open(column);
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().message);
    std::vector<std::uint32_t> all;
    DecodedBlock block;
    BlockStretch stretch;
    const auto blocks = static_cast<std::uint32_t>((*reader)->blocks().size());
    for (std::uint32_t i = 0; i < blocks; ++i) {
      stretch.expect(blocks - 1 - i, false);
      if (users_are_known) {
        stretch.know_keys(std::span(users_).subspan(all.size(), (*reader)->blocks()[i].rows));
      }
      const auto read = (*reader)->read_block(i, block, &stretch);
      EXPECT_TRUE(read) << (read ? "" : read.error().message);
      all.insert(all.end(), block.codes.begin(), block.codes.begin() + block.rows);
    }
    return all;
  }

  // Guesses for half of the users only.
  void predict_from_user(std::size_t column, const std::vector<std::int64_t>& guesses) {
    PredictorState state;
    state.key = kUser;
    const auto known = std::span(guesses).first(500);
    std::vector<std::uint32_t> as_codes(known.begin() + 1, known.end());
    ColumnValues values = codes(as_codes);
    if (column == kLength) {
      values.physical = Physical::kInt64;
      values.codes = {};
      values.int64s = known.subspan(1);
    }
    state.file = write("guesses" + std::to_string(column), values, nullptr);
    add_predictor(column, std::move(state));
    predictor_ = Predictor::of_values(known);
  }

  Prediction of_rows(Physical physical, std::uint32_t first, std::uint32_t rows) {
    arena_.reset();
    return predict_values(*predictor_, physical, std::span(users_).subspan(first, rows), arena_);
  }

  std::shared_ptr<FileSystem> files_;
  TableSchema schema_;
  TableState table_;
  SegmentState segment_;
  Predictors predictors_;
  std::shared_ptr<const Predictor> predictor_;
  Arena arena_;
  std::vector<std::uint32_t> users_;
  std::vector<std::uint32_t> countries_;
  std::vector<std::int64_t> lengths_;
  std::vector<std::uint64_t> validity_;
};

TEST_F(PredictorTest, ACountryComesBackFromItsUsers) {
  std::vector<std::int64_t> guesses(1000);
  std::iota(guesses.begin(), guesses.end(), 0);
  for (std::int64_t& guess : guesses) guess %= 60;
  predict_from_user(kCountry, guesses);
  segment_.columns[kUser] = write("users", codes(users_), nullptr);
  segment_.columns[kCountry] =
      write("countries", codes(countries_), [&](std::uint32_t first, std::uint32_t rows) {
        return of_rows(Physical::kCode, first, rows);
      });
  EXPECT_EQ(read_codes(kCountry), countries_);
  EXPECT_EQ(read_codes_by_stretches(kCountry, false), countries_);
  // The users' own file is not looked at where they are known.
  segment_.columns[kUser] = write("nobody", codes(std::vector<std::uint32_t>(kRows, 0)), nullptr);
  EXPECT_EQ(read_codes_by_stretches(kCountry, true), countries_);
  // Half of the users are known: clearly smaller than six bits each.
  EXPECT_LT(segment_.columns[kCountry].size, kRows * 6 / 8 * 3 / 4);
}

TEST_F(PredictorTest, NumbersWithNullsComeBackFromTheirKeys) {
  std::vector<std::int64_t> guesses(1000);
  for (std::size_t user = 1; user < guesses.size(); ++user) {
    guesses[user] = static_cast<std::int64_t>(user) * 10;
  }
  predict_from_user(kLength, guesses);
  segment_.columns[kUser] = write("users", codes(users_), nullptr);
  ColumnValues values;
  values.rows = kRows;
  values.int64s = lengths_;
  values.validity = validity_;
  segment_.columns[kLength] =
      write("lengths", values, [&](std::uint32_t first, std::uint32_t rows) {
        return of_rows(Physical::kInt64, first, rows);
      });
  auto reader = open(kLength);
  ASSERT_TRUE(reader) << reader.error().message;
  DecodedBlock block;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
    EXPECT_TRUE((*reader)->blocks()[i].is_predicted);
    ASSERT_TRUE((*reader)->read_block(i, block));
    for (std::uint32_t row = 0; row < block.rows; ++row) {
      const std::uint32_t at = i * kBlockRows + row;
      const bool is_null = at % 64 == 4;
      ASSERT_EQ(block.validity[row / 64] >> (row % 64) & 1U, is_null ? 0U : 1U);
      ASSERT_EQ(block.int64s[row], is_null ? 0 : lengths_[at]);
    }
  }
}

TEST(Predictor, GuessesOfAnyWidthAreKeptAsTheyAre) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  for (const std::int64_t other : {kLeast, std::int64_t{-1}, std::int64_t{255}, std::int64_t{256},
                                   std::int64_t{65'535}, std::int64_t{65'536}}) {
    const auto predictor = Predictor::of_values(std::vector<std::int64_t>{0, 7, other});
    std::vector<std::int64_t> guessed(4);
    predictor->guess(std::vector<std::uint32_t>{2, 1, 0, 3}, std::span(guessed));
    EXPECT_EQ(guessed, (std::vector<std::int64_t>{other, 7, 0, 0}));
  }
}

// A rank that is the list's length would be null.
TEST(RankIndex, CodesOfOtherListsHaveNoRank) {
  const auto predictor =
      Predictor::of_lists({50, 60, 70, 80, 90}, {{1, 0, 3}, {2, 3, 2}, {0, 0, 0}});
  const RankIndex index(predictor);
  const std::vector<std::uint32_t> codes{50, 70, 80, 90, 0, 40, 1000};
  std::vector<std::uint32_t> ranks(codes.size());
  index.rank(1, codes, ranks);
  EXPECT_EQ(ranks, (std::vector<std::uint32_t>{0, 2, 83, 93, 3, 43, 1003}));
  index.rank(2, codes, ranks);
  EXPECT_EQ(ranks, (std::vector<std::uint32_t>{52, 72, 0, 1, 2, 42, 1002}));
}

TEST_F(PredictorTest, WithoutAKeyColumnEveryGuessIsNull) {
  predict_from_user(kCountry, std::vector<std::int64_t>(1000, 7));
  segment_.columns[kCountry] =
      write("countries", codes(countries_), [&](std::uint32_t, std::uint32_t rows) {
        arena_.reset();
        const auto nobody = arena_.take<std::uint32_t>(rows);
        std::ranges::fill(nobody, 0U);
        return predict_values(*predictor_, Physical::kCode, nobody, arena_);
      });
  auto reader = open(kCountry);
  ASSERT_TRUE(reader) << reader.error().message;
  DecodedBlock block;
  ASSERT_TRUE((*reader)->read_block(0, block));
  EXPECT_TRUE(
      std::equal(block.codes.begin(), block.codes.begin() + block.rows, countries_.begin()));
}

// Clusters 1 to 8 have lists of 250 codes each, the last run (cluster 0) has none; some codes are
// in no list, or in that of another cluster.
class RankTest : public PredictorTest {
 protected:
  static constexpr std::uint32_t kClusters = 8;
  static constexpr std::uint32_t kListed = 250;
  static constexpr std::uint32_t kRunRows = 2000;
  static constexpr std::uint32_t kApart = 997;  // codes of a cluster are spread over the domain

  RankTest() {
    std::vector<std::uint32_t> listed;
    // Not by cluster code: the manifest's order counts.
    for (std::uint32_t cluster = kClusters; cluster > 0; --cluster) {
      state_.lists.push_back({cluster, static_cast<std::uint32_t>(listed.size()), kListed});
      for (std::uint32_t rank = 0; rank < kListed; ++rank) listed.push_back(code(cluster, rank));
      segment_.runs.push_back({cluster, (kClusters - cluster) * kRunRows, kRunRows});
    }
    segment_.runs.push_back({0, kClusters * kRunRows, kRows - kClusters * kRunRows});
    for (std::uint32_t row = 0; row < kRows; ++row) {
      const std::uint32_t cluster = segment_.runs[std::min(row / kRunRows, kClusters)].code;
      users_[row] = code(cluster, users_[row] % kListed);
      if (row % 100 == 0) users_[row] = row % 3;
      if (row % 100 == 50) users_[row] = code(cluster + 1, row % kListed);
    }
    state_.kind = PredictorKind::kRank;
    state_.key = kUser;
    state_.file = write("lists", codes(listed), nullptr);
    index_ = std::make_unique<RankIndex>(Predictor::of_lists(listed, state_.lists));
  }

  static std::uint32_t code(std::uint32_t cluster, std::uint32_t rank) {
    return (rank * (kClusters + 2) + cluster) * kApart;
  }

  void write_users() {
    segment_.columns[kUser] =
        write("users", codes(users_), [&](std::uint32_t first, std::uint32_t rows) {
          arena_.reset();
          return predict_ranks(*index_, segment_.runs, first,
                               std::span(users_).subspan(first, rows), arena_);
        });
  }

  PredictorState state_;
  std::unique_ptr<RankIndex> index_;
};

TEST_F(RankTest, CodesComeBackFromTheirPlacesInTheListsOfTheirRuns) {
  write_users();
  add_predictor(kUser, state_);
  EXPECT_EQ(read_codes(kUser), users_);
}

TEST_F(RankTest, AFewRowsAreWhatTheyAreAmongAll) {
  write_users();
  add_predictor(kUser, state_);
  auto reader = open(kUser);
  ASSERT_TRUE(reader);
  DecodedBlock block;
  for (const std::uint32_t apart : {3U, 1'700U, 6'000U}) {
    for (std::uint32_t first = 0; first < kBlockRows; first += 2'111) {
      std::vector<std::uint32_t> rows;
      for (std::uint32_t row = first; row < kBlockRows; row += apart) rows.push_back(row);
      const auto read = (*reader)->read_rows(0, rows, block);
      ASSERT_TRUE(read) << read.error().message;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(block.codes[i], users_[rows[i]]) << "row " << rows[i];
      }
    }
  }
}

TEST_F(RankTest, AMissingPredictorIsNamedAndNoValueIsGuessed) {
  write_users();
  segment_.predictors[kUser] = 0;
  auto reader = open(kUser);
  ASSERT_TRUE(reader);
  DecodedBlock block;
  const auto read = (*reader)->read_block(0, block);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kDamaged);
  EXPECT_NE(read.error().message.find("users, block 0"), std::string::npos) << read.error().message;
}

TEST_F(RankTest, APredictorWithAnotherNumberOfCodesThanItsListsIsDamage) {
  state_.lists.back().rows -= 1;
  const auto opened = Predictor::open(*files_, state_, Physical::kCode);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kDamaged);
}

}  // namespace
}  // namespace stave
