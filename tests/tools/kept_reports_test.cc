// What is kept of a report always equals computing it, whatever happened to the store in between.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "stave/materialize.h"
#include "stave/output.h"
#include "stave/upkeep.h"
#include "storage/inspect.h"
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

struct Shape {
  std::string name;
  std::string unit;  // that it must be kept by
  std::string program;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all{
      {"day", "day",
       "from streams | summarize n = count(), u = distinct(user_id) by day, genre = "
       "track.track_genre | sort day, genre"},
      {"hour", "day",
       "from streams | summarize n = count(), best = top_value(track.artists) by hour "
       "= bucket(listen_time, 1h) | sort hour"},
      {"week", "week",
       "from streams | summarize n = count() by week = bucket(listen_time, week), "
       "track.artist.artist_name | sort week, artist_name"},
      {"month", "month",
       "from streams | summarize n = count(), s = sum(likes) by month = "
       "bucket(day, month) | sort month"},
      {"latest", "day",
       "from streams | summarize n = count() by day, track.track_name | sort day "
       "desc, n, track_name"},
      {"share", "day",
       "from streams | summarize n = count() by day, track_id | derive part = "
       "share(n) over (per day) | sort day, track_id"},
      {"hidden", "day",
       "from streams | summarize n = count() by day, country_code | sort day, "
       "country_code | select at = country_code + \"/\" + day::string, n"},
      {"joined", "day",
       "let all = from streams | summarize total = count() by all_day = day;\n"
       "from streams | summarize n = count() by day, track_id | join left all on "
       "day == all_day | sort day, track_id"},
      {"both", "day",
       "let a = from streams | summarize n = count() by day | select day, kind = "
       "\"plays\", n;\nlet b = from streams | summarize n = distinct(track.artist_id) "
       "by day | select day, kind = \"artists\", n;\nfrom a | union b | sort day, "
       "kind"},
      {"users", "day",
       "from streams | join left users as u on user_id == u.user_id | summarize n = "
       "count() by day, u.country | sort day, country"},
      {"split", "day",
       "from streams | expand artist = split(track.artists, \";\") | summarize n = "
       "count() by day, artist | top 2 by n desc, artist per day"},
      {"raw", "day",
       "from streams | select listen_time, track.track_name, likes | sort "
       "listen_time, track_name, likes"},
      {"first", "",
       "from streams | derive first_day = min(day) over (per user_id) | summarize n = "
       "count() by day, is_new = day == first_day | sort day, is_new"},
      {"total", "",
       "from streams | summarize n = count() by genre = track.track_genre | sort genre"},
      {"unordered", "", "from streams | summarize n = count() by day | sort n"},
      {"limited", "", "from streams | summarize n = count() by day | sort day | take 3"},
      {"catalogue", "", "from tracks | summarize n = count() by track_genre | sort track_genre"}};
  return all;
}

class KeptReportsTest : public ImportTest {
 protected:
  void make_reports() {
    std::filesystem::create_directories(store_path() + "/reports");
    for (const Shape& shape : shapes()) write_report(shape.name, shape.program);
  }
  void write_report(const std::string& name, const std::string& program) const {
    std::ofstream(store_path() + "/reports/" + name + ".stq") << program << "\n";
  }

  using Answer = Result<void> (*)(const Store&, const std::string&, const QueryOptions&,
                                  ResultSink&, std::vector<std::string>*);
  std::string text_of(const std::string& name, Answer answer, const std::string& as_of = "") {
    std::string text;
    const auto store = Store::open(store_path(), as_of);
    EXPECT_TRUE(store);
    const auto output = make_output({OutputFormat::kCsv}, [&](std::string_view part) {
      text += part;
      return Result<void>();
    });
    warnings_.clear();
    const auto answered = answer(*store, name, asked_, *output, &warnings_);
    EXPECT_TRUE(answered) << (answered ? "" : answered.error().message);
    EXPECT_TRUE(output->finish());
    return text;
  }
  void expect_equal_to_computing(const std::string& after) {
    for (const Shape& shape : shapes()) {
      EXPECT_EQ(text_of(shape.name, report), text_of(shape.name, compute_report))
          << shape.name << " after " << after;
    }
  }
  std::vector<RefreshedReport> refresh_well(bool full = false) {
    RefreshOptions how;
    how.full = full;
    auto refreshed = refresh(store_path(), how);
    EXPECT_TRUE(refreshed) << (refreshed ? "" : refreshed.error().message);
    return refreshed ? *refreshed : std::vector<RefreshedReport>();
  }
  void expect_no_stray_is_kept() const {
    const auto verified = verify_store(store_path());
    ASSERT_TRUE(verified);
    for (const std::string& stray : verified->strays) {
      EXPECT_FALSE(stray.starts_with("kept")) << stray;
    }
  }
  std::uint64_t computed(const std::vector<RefreshedReport>& all, const std::string& name) const {
    const auto found = std::ranges::find(all, name, &RefreshedReport::name);
    return found == all.end() ? 999 : found->computed;
  }
  void keep_all() {
    for (const Shape& shape : shapes()) {
      const auto kept = materialize(store_path(), shape.name, {});
      ASSERT_TRUE(kept) << kept.error().message;
    }
  }
  std::vector<KeptReport> kept() const {
    const auto store = Store::open(store_path());
    const auto all = list_kept_reports(*store);
    EXPECT_TRUE(all) << (all ? "" : all.error().message);
    return all ? *all : std::vector<KeptReport>();
  }

  QueryOptions asked_;
  std::vector<std::string> warnings_;
};

constexpr const char* kTracks =
    "track_id,track_name,track_genre,artists,artist_id,duration_ms,popularity\n";
constexpr const char* kPlaysHead = "user_id,track_id,listen_time,likes,country_code\n";

TEST_F(KeptReportsTest, are_kept_by_the_unit_that_their_rows_fall_into) {
  make_reports();
  import_well("streams", std::string(kPlaysHead) + "1,a,2025-05-01 10:00:00,1,DE\n");
  keep_all();
  for (const Shape& shape : shapes()) {
    for (const KeptReport& one : kept()) {
      if (one.name == shape.name) {
        EXPECT_EQ(one.kept_by, shape.unit) << shape.name;
      }
    }
  }
}

TEST_F(KeptReportsTest, only_what_changed_is_computed_again) {
  make_reports();
  import_well("artists", "artist_id,artist_name\nx,Ann\ny,Ben\n");
  import_well("tracks", std::string(kTracks) + "a,A,rock,Ann,x,1000,1\nb,B,pop,Ben,y,1000,1\n");
  import_well("users", "user_id,country\n1,DE\n2,FR\n");
  import_well("streams", std::string(kPlaysHead) +
                             "1,a,2025-05-01 10:00:00,1,DE\n2,b,2025-05-02 10:00:00,1,DE\n"
                             "1,a,2025-05-03 10:00:00,1,DE\n2,c,2025-05-04 10:00:00,1,DE\n");
  keep_all();
  EXPECT_TRUE(std::ranges::all_of(kept(), &KeptReport::is_fresh));
  EXPECT_EQ(computed(refresh_well(), "day"), 0);

  // A day of plays by users and of tracks that are new.
  import_well("streams", std::string(kPlaysHead) + "9,z,2025-05-05 10:00:00,1,DE\n");
  auto refreshed = refresh_well();
  EXPECT_EQ(computed(refreshed, "day"), 1);
  EXPECT_EQ(computed(refreshed, "hour"), 1);
  EXPECT_EQ(computed(refreshed, "month"), 1);
  EXPECT_EQ(computed(refreshed, "total"), 1);
  EXPECT_EQ(computed(refreshed, "catalogue"), 0);

  // The track that came with them gets its genre.
  import_well("tracks", std::string(kTracks) + "z,Z,jazz,Cid,x,1000,1\n");
  EXPECT_EQ(computed(refresh_well(), "day"), 1);

  // A catalogue that grows by what no day holds.
  import_well("tracks", std::string(kTracks) + "n,N,jazz,Cid,x,1000,1\n");
  refreshed = refresh_well();
  EXPECT_EQ(computed(refreshed, "day"), 0);
  EXPECT_EQ(computed(refreshed, "catalogue"), 1);

  // A track that was heard before it came, on one day.
  import_well("tracks", std::string(kTracks) + "c,C,jazz,Cid,x,1000,1\n");
  EXPECT_EQ(computed(refresh_well(), "day"), 1);

  // Another genre of a track that was heard on two days.
  import_well("tracks", std::string(kTracks) + "a,A,soul,Ann,x,1000,1\n");
  refreshed = refresh_well();
  EXPECT_EQ(computed(refreshed, "day"), 2);
  EXPECT_EQ(computed(refreshed, "latest"), 0) << "names stayed";
  EXPECT_EQ(computed(refreshed, "hidden"), 0) << "it asks for no track";

  // A name two steps away, heard on one day: the week is computed again.
  import_well("artists", "artist_id,artist_name\ny,Benno\n");
  refreshed = refresh_well();
  EXPECT_EQ(computed(refreshed, "week"), 1);
  EXPECT_EQ(computed(refreshed, "day"), 0);

  const auto compacted = compact_store(store_path(), {});
  ASSERT_TRUE(compacted);
  EXPECT_GT(compacted->tables.size(), 0);
  for (const RefreshedReport& one : refresh_well()) {
    EXPECT_EQ(one.computed, 0) << one.name << " after compacting: " << one.because;
  }
  EXPECT_EQ(computed(refresh_well(true), "day"), 5);
  expect_equal_to_computing("all of it");
}

// Imports, late rows, corrections, undone loads and compaction, in any order and in a zone whose
// clock changes within.
class RandomKeptReportsTest : public KeptReportsTest {
 protected:
  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }
  std::string track() { return fmt::format("t{}", below(12)); }

  std::string plays() {
    std::string csv = kPlaysHead;
    const unsigned day = below(40);
    for (unsigned left = 1 + below(30); left > 0; --left) {
      // Around the end of March and the whole day, with hours that are missing or come twice.
      const unsigned at = std::min(day + below(3), 39U);
      const std::string when = below(20) == 0
                                   ? ""
                                   : fmt::format("2025-{:02}-{:02} {:02}:{:02}:00", at < 20 ? 3 : 4,
                                                 at < 20 ? 12 + at : at - 19, below(24), below(60));
      csv += fmt::format("u{},{},{},{},{}\n", below(9), track(), when, below(3),
                         below(2) == 0 ? "DE" : "FR");
    }
    return csv;
  }
  std::string change() {
    switch (below(10)) {
      case 0:
      case 1:
      case 2:
      case 3:
        import_well("streams", plays());
        return "plays";
      case 4:
        import_well("tracks", fmt::format("{}{},T{},{},A;B{},a{},{}000,{}\n", kTracks, track(),
                                          below(4), below(2) == 0 ? "rock" : "pop", below(3),
                                          below(3), below(9) + 1, below(99)));
        return "a track";
      case 5:
        import_well("artists", fmt::format("artist_id,artist_name\na{},N{}\n", below(3), below(5)));
        return "an artist";
      case 6:
        import_well("users", fmt::format("user_id,country\nu{},{}\n", below(9),
                                         below(2) == 0 ? "IT" : "ES"));
        return "a user";
      case 7: {
        const auto loads = describe_loads(store_path());
        if (!loads || loads->empty()) return "nothing";
        // Dimensions that changed since refuse; that is as good as nothing.
        return undo_load(store_path(), (*loads)[below(static_cast<unsigned>(loads->size()))].id)
                   ? "an undone load"
                   : "nothing";
      }
      case 8:
        EXPECT_TRUE(compact_store(store_path(), {}));
        return "compaction";
      default:
        EXPECT_TRUE(collect_garbage(store_path(), {1 + below(3), false}));
        return "collection";
    }
  }

  std::mt19937 random_;
};

TEST_F(RandomKeptReportsTest, equal_a_full_recomputation) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    random_.seed(seed);
    make_store("", seed % 2 == 0 ? "Europe/Berlin" : seed % 3 == 0 ? "America/Havana" : "UTC");
    make_reports();
    import_well("streams", plays());
    keep_all();
    std::string happened;
    for (int step = 0; step < 16; ++step) {
      happened += change() + ", ";
      if (below(3) == 0) expect_equal_to_computing(fmt::format("{} (seed {})", happened, seed));
      if (below(2) == 0) {
        refresh_well();
        for (const KeptReport& one : kept()) {
          EXPECT_TRUE(one.is_fresh) << one.name << ": " << one.stale_because;
        }
        expect_equal_to_computing(fmt::format("{} refresh (seed {})", happened, seed));
        happened += "refresh, ";
      }
      if (HasFailure()) return;
    }
    const auto verified = verify_store(store_path());
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->damages.empty());
    expect_no_stray_is_kept();
  }
}

TEST_F(KeptReportsTest, an_older_snapshot_is_answered_as_it_was) {
  make_reports();
  import_well("streams", std::string(kPlaysHead) + "1,a,2025-05-01 10:00:00,1,DE\n");
  const std::string before = std::to_string(snapshot()->manifest().snapshot);
  import_well("streams", std::string(kPlaysHead) + "1,a,2025-05-01 11:00:00,1,DE\n");
  keep_all();
  EXPECT_EQ(text_of("month", report, before), "month,n,s\n2025-05-01,1,1\n");
  EXPECT_EQ(text_of("month", report), "month,n,s\n2025-05-01,2,2\n");
}

TEST_F(KeptReportsTest, another_text_parameter_or_time_is_another_question) {
  make_reports();
  import_well("streams", std::string(kPlaysHead) + "1,a,2025-05-01 10:00:00,1,DE\n");
  write_report("own",
               "param k: i64 = 1;\nfrom streams | summarize n = count() + $k by day | sort day");
  ASSERT_TRUE(materialize(store_path(), "own", {}));
  asked_.parameters = {{"k", "5"}};
  EXPECT_EQ(text_of("own", report), "day,n\n2025-05-01,6\n");
  asked_.parameters.clear();
  write_report("own", "from streams | summarize n = count() + 7 by day | sort day");
  EXPECT_FALSE(kept()[0].is_fresh);
  EXPECT_EQ(text_of("own", report), "day,n\n2025-05-01,8\n");

  write_report("now",
               "from streams | where day < today() | summarize n = count() by day | sort day");
  const auto refused = materialize(store_path(), "now", {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("asks for the present time"), std::string::npos);
  asked_.now = "2025-05-01T12:00:00";
  ASSERT_TRUE(materialize(store_path(), "now", asked_));
  EXPECT_EQ(text_of("now", report), "day,n\n");
  asked_.now = "2025-05-02T12:00:00";
  EXPECT_EQ(text_of("now", report), "day,n\n2025-05-01,1\n");
  write_report("two", "from streams | take 1;\nfrom streams | take 1");
  EXPECT_FALSE(materialize(store_path(), "two", {}));
}

TEST_F(KeptReportsTest, damage_is_found_computed_around_and_repaired) {
  make_reports();
  import_well("streams", std::string(kPlaysHead) + "1,a,2025-05-01 10:00:00,1,DE\n");
  ASSERT_TRUE(materialize(store_path(), "month", {}));
  std::string path;
  for (const auto& file : std::filesystem::directory_iterator(store_path() + "/kept.reports")) {
    if (file.path().extension() == ".kept") path = file.path();
  }
  const auto index = inspect_file(store_path() + "/kept.reports/index");
  ASSERT_TRUE(index);
  EXPECT_NE(index->find("month: kept.reports/000001.kept"), std::string::npos) << *index;
  const auto result = inspect_file(path);
  ASSERT_TRUE(result);
  EXPECT_NE(result->find("by month, of snapshot "), std::string::npos) << *result;
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(60);
  file.put('\x55');
  file.close();
  EXPECT_EQ(text_of("month", report), "month,n,s\n2025-05-01,1,1\n");
  ASSERT_EQ(warnings_.size(), 1);
  EXPECT_NE(warnings_[0].find("not what was written"), std::string::npos);
  EXPECT_EQ(verify_store(store_path())->damages.size(), 1);
  const auto repaired = repair_store(store_path(), {});
  ASSERT_TRUE(repaired);
  EXPECT_FALSE(repaired->was_sound);
  EXPECT_TRUE(verify_store(store_path())->damages.empty());
  expect_no_stray_is_kept();
  EXPECT_EQ(refresh_well().size(), 1) << "the question is still known";
  EXPECT_EQ(computed(refresh_well(), "month"), 0);
  ASSERT_EQ(*forget_kept_report(store_path(), "month"), 1);
  EXPECT_FALSE(std::filesystem::exists(store_path() + "/kept.reports"));
}

// A repair may give the codes and numbers of a lost snapshot again.
TEST_F(KeptReportsTest, nothing_of_a_lost_snapshot_is_taken_for_fresh) {
  make_reports();
  import_well("streams", std::string(kPlaysHead) + "1,a,2025-05-01 10:00:00,1,DE\n");
  import_well("streams", std::string(kPlaysHead) + "1,b,2025-05-02 10:00:00,1,DE\n");
  keep_all();
  const std::string last =
      fmt::format("{}/snapshots/{:012}.manifest", store_path(), snapshot()->manifest().snapshot);
  std::filesystem::resize_file(last, 40);
  ASSERT_TRUE(repair_store(store_path(), {}));
  for (const KeptReport& one : kept()) EXPECT_FALSE(one.is_fresh) << one.name;
  import_well("streams", std::string(kPlaysHead) + "1,c,2025-05-02 10:00:00,1,DE\n");
  expect_equal_to_computing("repair");
  refresh_well();
  expect_equal_to_computing("repair and refresh");
}

}  // namespace
}  // namespace stave::testing
