// What a user's map makes of headers, beside names and aliases.
#include "tests/tools/support/import_fixture.h"
#include "tools/import/column_map.h"

namespace stave::testing {
namespace {

class ImportMap : public ImportTest {
 protected:
  void map(const std::string& toml) { options.map_path = file("map.toml", toml); }
};

TEST_F(ImportMap, HeadersBecomeColumns) {
  map("\"Titel des Lieds\" = \"track_name\"\n"
      "Nr = \"track_id\"\n"
      "seconds = { column = \"duration_ms\", multiply = 1000 }\n"
      "\"row no\" = false\n");
  const ImportSummary summary =
      import_well("tracks", "row_no,Nr,titel_des_lieds,SECONDS,genre\n0,7,Song,1.5,pop\n");
  EXPECT_TRUE(summary.new_columns.empty());
  EXPECT_EQ(rows("tracks", {"track_id", "track_name", "duration_ms", "track_genre"}),
            (std::vector<Row>{{"7", "Song", "1500", "pop"}}));
}

TEST_F(ImportMap, TheMapGoesBeforeNamesAndAliases) {
  map("title = \"album_name\"\ntrack_name = false\nms_played = { column = \"duration_sec\" }\n");
  import_well("tracks", "track_id,title,track_name\n1,a,b\n");
  EXPECT_EQ(rows("tracks", {"album_name", "track_name"}), (std::vector<Row>{{"a", "~"}}));
  // The column itself, not the alias that divides.
  import_well("plays", "user_id,track_id,listen_time,ms_played\n1,1,2025-05-01,7\n");
  EXPECT_EQ(rows("streams", {"duration_sec"}), (std::vector<Row>{{"7"}}));
}

TEST_F(ImportMap, DecimalsAreConvertedExactly) {
  map("cents = { column = \"price_paid\", divide = 100 }\nid = \"subscription_id\"\n");
  options.max_rejects = 2;
  const ImportSummary summary =
      import_well("subscriptions", "id,cents\n1,999\n2,-5\n3,0.5\n4,99999999999999\n");
  EXPECT_EQ(summary.rejected, 2U);
  EXPECT_EQ(rows("subscriptions", {"subscription_id", "price_paid"}),
            (std::vector<Row>{{"1", "9.99"}, {"2", "-0.05"}}));
  const std::string rejects = read_file("rejects.csv");
  EXPECT_NE(rejects.find("too_many_decimals"), std::string::npos);
  EXPECT_NE(rejects.find("too_many_digits"), std::string::npos);
}

TEST_F(ImportMap, NewColumnsAndTablesTakeTheMapsNames) {
  map("a = \"alpha\"\nid = \"key\"\nb = false\n");
  options.create = NewTable{{"key"}, ""};
  EXPECT_EQ(import_well("t", "id,a,b\n1,x,y\n").new_columns,
            (std::vector<std::string>{"key", "alpha"}));
  options.create.reset();
  EXPECT_EQ(import_well("t", "id,a,b,c\n1,z,y,w\n").new_columns, (std::vector<std::string>{"c"}));
  EXPECT_EQ(rows("t", {"key", "alpha", "c"}), (std::vector<Row>{{"1", "z", "w"}}));
}

TEST_F(ImportMap, TwoHeadersOfOneColumnAreRefused) {
  map("a = \"track_name\"\n");
  const Result<ImportSummary> summary = import("tracks", "track_id,a,track_name\n1,x,y\n");
  ASSERT_FALSE(summary);
  EXPECT_NE(summary.error().message.find("`a` and `track_name`"), std::string::npos);
}

TEST_F(ImportMap, OnlyNumbersAreConverted) {
  for (const char* column : {"track_name", "track_id", "release_date", "brandnew"}) {
    map(std::string("x = { column = \"") + column + "\", divide = 2 }\nt = \"track_id\"\n");
    const Result<ImportSummary> summary = import(
        "tracks", std::string("x") + (std::string(column) == "track_id" ? "" : ",t") + "\n1,2\n");
    ASSERT_FALSE(summary) << column;
    EXPECT_EQ(summary.error().code, ErrorCode::kInvalidArgument) << summary.error().message;
  }
}

TEST_F(ImportMap, MapsThatCannotBeUsed) {
  for (const char* toml :
       {"a = 1\n", "a = true\n", "a = \"\"\n", "a = { multiply = 2 }\n",
        "a = { column = \"b\", divide = 0 }\n", "a = { column = \"b\", multiply = 0.5 }\n",
        "a = { column = \"b\", plus = 1 }\n", "a b = \"c\"\n", "a_b = \"c\"\n\"A B\" = \"d\"\n"}) {
    const Result<loading::ColumnMap> map = loading::ColumnMap::parse(toml, "map.toml");
    ASSERT_FALSE(map) << toml;
    EXPECT_EQ(map.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(map.error().message.find("map.toml"), std::string::npos);
  }
  options.map_path = path("missing.toml");
  EXPECT_EQ(import("users", "user_id\n1\n").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace stave::testing
