// Upserts: what a later file changes and what it leaves, repeated keys, keys of several parts,
// defaults, artists out of credits, and genres that change under plays.
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

class ImportDimensions : public ImportTest {};

TEST_F(ImportDimensions, AKeyAgainUpdatesOnlyTheColumnsOfItsFile) {
  import_well("users", "user_id,user_name,user_age,email\n1,Ann,30,a@x\n2,Bob,40,b@x\n");
  const ImportSummary summary =
      import_well("users", "user_id,age,country\n2,41,DE\n1,,FR\n3,20,\n");
  EXPECT_EQ(summary.inserted, 1U);
  EXPECT_EQ(summary.updated, 2U);
  EXPECT_EQ(summary.rows, 3U);
  EXPECT_EQ(rows("users", {"user_id", "display_name", "age", "country", "email"}),
            (std::vector<Row>{{"1", "Ann", "~", "FR", "a@x"},
                              {"2", "Bob", "41", "DE", "b@x"},
                              {"3", "~", "20", "~", "~"}}));
}

TEST_F(ImportDimensions, ARepeatedKeyKeepsItsFirstRow) {
  const std::string csv = "user_id,age\n1,10\n2,20\n1,11\n1,12\n";
  const ImportSummary summary = import_well("users", csv);
  EXPECT_EQ(summary.duplicates, 2U);
  EXPECT_EQ(summary.rejected, 0U);
  EXPECT_EQ(summary.rows, 2U);
  EXPECT_EQ(rows("users", {"user_id", "age"}), (std::vector<Row>{{"1", "10"}, {"2", "20"}}));
}

TEST_F(ImportDimensions, OrItsLastOrFails) {
  options.on_duplicate = OnDuplicate::kLast;
  EXPECT_EQ(import_well("users", "user_id,age\n1,10\n2,20\n1,11\n1,12\n").duplicates, 2U);
  EXPECT_EQ(rows("users", {"user_id", "age"}), (std::vector<Row>{{"1", "12"}, {"2", "20"}}));
  options.on_duplicate = OnDuplicate::kFail;
  const Result<ImportSummary> failed = import("users", "user_id,age\n3,10\n3,11\n");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kInvalidData);
}

TEST_F(ImportDimensions, LaterFilesOfOneLoadUpdateEarlierOnes) {
  const Result<ImportSummary> summary =
      import_paths("users", {file("a.csv", "user_id,age,email\n1,10,x\n2,20,y\n"),
                             file("b.csv", "user_id,age\n1,11\n3,30\n")});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->duplicates, 0U);
  EXPECT_EQ(rows("users", {"user_id", "age", "email"}),
            (std::vector<Row>{{"1", "11", "x"}, {"2", "20", "y"}, {"3", "30", "~"}}));
}

TEST_F(ImportDimensions, KeysThatPlaysBroughtAreNotRows) {
  import_well("streams", "user_id,track_id\n7,8\n9,8\n");
  import_well("users", "user_id,age\n9,33\n");
  EXPECT_EQ(rows("users", {"user_id", "age"}), (std::vector<Row>{{"9", "33"}}));
  EXPECT_EQ(snapshot()->manifest().find_table("users")->rows, 1U);
  EXPECT_EQ(snapshot()->manifest().find_table("users")->positions, 2U);
}

TEST_F(ImportDimensions, KeysOfSeveralPartsAndNullInThem) {
  import_well("pools",
              "period,country,plan,currency,right_type,amount\n"
              "2025-05-17,DE,,EUR,master,100.00\n"
              "2025-05,,,EUR,master,5\n");
  const ImportSummary summary = import_well("pools",
                                            "period,country,plan,currency,right_type,amount\n"
                                            "2025-05-01,,,EUR,master,7.5\n"
                                            "2025-06-01,,,EUR,master,8\n");
  EXPECT_EQ(summary.inserted, 1U);
  EXPECT_EQ(summary.updated, 1U);
  EXPECT_EQ(rows("pools", {"period", "country", "plan", "amount"}),
            (std::vector<Row>{{"2025-05-01", "DE", "~", "100.00"},
                              {"2025-05-01", "~", "~", "7.50"},
                              {"2025-06-01", "~", "~", "8.00"}}));
  options.max_rejects = 1;
  EXPECT_EQ(
      import_well("pools", "period,country,plan,currency,right_type,amount\n2025-06,DE,x,,m,1\n")
          .rejected,
      1U);
}

TEST_F(ImportDimensions, KeyPartsHaveDefaults) {
  import_well("royalty_rates", "artist_id,country,rate\na,DE,0.00400000\na,FR,4e-3\n");
  import_well("royalty_rates",
              "artist_id,country,valid_from,rate\na,DE,,0.005\na,DE,2025-01-01,0.006\n");
  EXPECT_EQ(rows("royalty_rates", {"artist_id", "country", "valid_from", "rate"}),
            (std::vector<Row>{{"a", "DE", "1970-01-01", "0.00500000"},
                              {"a", "FR", "1970-01-01", "0.00400000"},
                              {"a", "DE", "2025-01-01", "0.00600000"}}));
  import_well("payouts", "artist_id,month,royalty_amount\na,2024-02-01,1.00\n");
  EXPECT_EQ(rows("payouts", {"period_start", "period_end"}),
            (std::vector<Row>{{"2024-02-01", "2024-02-29"}}));
}

TEST_F(ImportDimensions, EmptyKeysAreRejected) {
  options.max_rejects = 2;
  EXPECT_EQ(import_well("users", "user_id,age\n,1\n\"\",2\n3,3\n").rejected, 2U);
  EXPECT_NE(read_file("rejects.csv").find("empty_key"), std::string::npos);
}

TEST_F(ImportDimensions, ArtistsComeFromTheirCredits) {
  import_well("artists", "artist_id,artist_name,country\nBeta,The Betas,SE\n");
  import_well("songs",
              ",song_id,title,artists,genre\n0,t1,One,Alpha; Beta "
              ",pop\n1,t2,Two,Beta,rock\n2,t3,Three,,rock\n");
  EXPECT_EQ(rows("tracks", {"track_id", "artists", "artist_id"}),
            (std::vector<Row>{
                {"t1", "Alpha; Beta ", "Alpha"}, {"t2", "Beta", "Beta"}, {"t3", "~", "~"}}));
  EXPECT_EQ(rows("artists", {"artist_id", "artist_name", "country"}),
            (std::vector<Row>{{"Beta", "The Betas", "SE"}, {"Alpha", "Alpha", "~"}}));
  EXPECT_EQ(rows("track_artists", {"track_id", "position", "artist_id"}),
            (std::vector<Row>{{"t1", "1", "Alpha"}, {"t1", "2", "Beta"}, {"t2", "1", "Beta"}}));
  import_well("songs", "song_id,artists\nt1,Gamma\n");
  EXPECT_EQ(rows("track_artists", {"track_id", "position", "artist_id"}),
            (std::vector<Row>{{"t2", "1", "Beta"}, {"t1", "1", "Gamma"}}));
  EXPECT_EQ(
      rows("tracks", {"track_id", "track_name", "artist_id"}),
      (std::vector<Row>{{"t1", "One", "Gamma"}, {"t2", "Two", "Beta"}, {"t3", "Three", "~"}}));
}

TEST_F(ImportDimensions, GivenArtistKeysAreLeftAlone) {
  import_well("tracks", "track_id,artists,artist_id\n1,Alpha;Beta,77\n");
  EXPECT_EQ(rows("tracks", {"artist_id"}), (std::vector<Row>{{"77"}}));
  EXPECT_TRUE(rows("track_artists", {"track_id"}).empty());
  // Names cannot be keys beside integers.
  const Result<ImportSummary> mixed = import("tracks", "track_id,artists\n2,Gamma\n");
  ASSERT_FALSE(mixed);
  EXPECT_NE(mixed.error().message.find("artist_id"), std::string::npos);
}

TEST_F(ImportDimensions, ChangedGenresMakeOlderSegmentsStale) {
  import_well("tracks", "track_id,genre\n1,pop\n2,rock\n");
  EXPECT_EQ(snapshot()->manifest().find_table("streams")->cluster_version, 0U);
  import_well("streams",
              "user_id,track_id,listen_time\n1,1,2025-05-01\n1,2,2025-05-01\n1,3,2025-05-01\n");
  // A track's genre changes, an unknown one gets its first, a new one has no plays yet.
  import_well("tracks", "track_id,genre\n1,pop\n2,jazz\n3,pop\n4,pop\n");
  const std::shared_ptr<const Snapshot> opened = snapshot();
  const TableState* streams = opened->manifest().find_table("streams");
  EXPECT_EQ(streams->cluster_version, 1U);
  ASSERT_EQ(streams->cluster_changes.size(), 1U);
  EXPECT_EQ(streams->cluster_changes[0].count, 2U);
  EXPECT_EQ(streams->segments[0].cluster_version, 0U);
  auto reader = opened->open_column(streams->cluster_changes[0].codes, Physical::kCode);
  ASSERT_TRUE(reader);
  DecodedBlock block;
  ASSERT_TRUE((*reader)->read_block(0, block));
  EXPECT_EQ(std::vector<std::uint32_t>(block.codes.begin(), block.codes.begin() + 2),
            (std::vector<std::uint32_t>{2, 3}));
  // The same genres again change nothing.
  import_well("tracks", "track_id,genre,popularity\n1,pop,1\n2,jazz,2\n");
  EXPECT_EQ(snapshot()->manifest().find_table("streams")->cluster_version, 1U);
  import_well("streams", "user_id,track_id,listen_time\n1,1,2025-05-02\n");
  EXPECT_EQ(snapshot()->manifest().find_table("streams")->segments[1].cluster_version, 1U);
}

}  // namespace
}  // namespace stave::testing
