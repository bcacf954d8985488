// What a load shows of itself before it commits, and what becomes of it when that is refused.
#include <functional>

#include "stave/load_preview.h"
#include "stave/output.h"
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

class ImportPreview : public ImportTest {
 protected:
  static std::string answer(const LoadPreview& preview, const std::string& program) {
    std::string text;
    const auto sink = make_output({OutputFormat::kCsv, 0}, [&](std::string_view piece) {
      text += piece;
      return Result<void>{};
    });
    const Result<void> ran = query(preview.store, program, {}, *sink);
    return ran ? text : ran.error().message;
  }
  // Imports while `look` sees the preview.
  void import_seen(const std::string& table, const std::string& csv,
                   const std::function<void(const LoadPreview&)>& look) {
    bool seen = false;
    options.before_commit = [&](const LoadPreview& preview) {
      look(preview);
      seen = true;
      return Result<void>{};
    };
    import_well(table, csv);
    options.before_commit = nullptr;
    EXPECT_TRUE(seen);
  }
};

constexpr const char* kHeader = "user_id,track_id,listen_time,likes\n";

TEST_F(ImportPreview, FactsAreThoseOfTheLoadAndOfTheStore) {
  import_well("tracks", "track_id,genre\na,rock\nb,pop\n");
  import_well("streams", std::string(kHeader) + "1,a,2025-05-01 10:00:00,5\n");
  import_seen("streams", std::string(kHeader) + "2,c,2025-05-01 11:00:00,1\n2,b,2025-05-02,2\n",
              [](const LoadPreview& preview) {
                EXPECT_EQ(preview.summary.rows, 2U);
                EXPECT_EQ(
                    preview.brought_columns,
                    (std::vector<std::string>{"user_id", "track_id", "listen_time", "likes"}));
                EXPECT_EQ(answer(preview, preview.rows_of_load +
                                              " | select user_id, track_id, track.track_genre, "
                                              "likes, day | sort likes"),
                          "user_id,track_id,track_genre,likes,day\n2,c,,1,2025-05-01\n"
                          "2,b,pop,2,2025-05-02\n");
                EXPECT_EQ(answer(preview, "from streams | summarize s = sum(likes)"), "s\n8\n");
              });
  EXPECT_EQ(rows("streams", {"likes"}).size(), 3U);
}

TEST_F(ImportPreview, RowsOfADimensionAreAsTheyWillBe) {
  import_well("users", "user_id,age,country\n1,20,SE\n2,30,NO\n");
  import_seen("users", "user_id,country,shoe\n2,FI,40\n3,DK,41\n", [](const LoadPreview& preview) {
    EXPECT_EQ(answer(preview, preview.rows_of_load + " | select user_id, age, country, shoe"),
              "user_id,age,country,shoe\n2,30,FI,40\n3,,DK,41\n");
    EXPECT_EQ(answer(preview, "from users | summarize n = count(), a = sum(age)"), "n,a\n3,50\n");
  });
}

TEST_F(ImportPreview, RowsOfADimensionWithSeveralKeysToo) {
  const std::string header = "artist_id,country,valid_from,rate\n";
  import_well("royalty_rates", header + "x,SE,2025-01-01,0.1\n");
  import_seen("royalty_rates", header + "x,SE,2025-02-01,0.2\n", [](const LoadPreview& preview) {
    EXPECT_EQ(answer(preview, preview.rows_of_load + " | select valid_from, rate"),
              "valid_from,rate\n2025-02-01,0.20000000\n");
  });
}

TEST_F(ImportPreview, ARefusedLoadLeavesNothing) {
  import_well("streams", std::string(kHeader) + "1,a,2025-05-01 10:00:00,5\n");
  const std::map<std::string, std::string> before = store_files();
  options.before_commit = [](const LoadPreview&) -> Result<void> {
    return fail(ErrorCode::kInvalidData, "Not these.");
  };
  const Result<ImportSummary> refused =
      import("streams", std::string(kHeader) + "2,new,2025-05-03,1\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Not these.");
  EXPECT_TRUE(store_files() == before);
  EXPECT_EQ(snapshot()->manifest().snapshot, 1U);
}

}  // namespace
}  // namespace stave::testing
