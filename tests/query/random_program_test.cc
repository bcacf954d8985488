// Random programs over small random stores against a reference that goes row by row. The seeds are
// fixed; STAVE_CAMPAIGN_TIMES does as many times the number of programs, with further seeds.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "stave/query.h"
#include "tests/query/support/random_program.h"
#include "tests/query/support/run_program.h"
#include "tests/query/support/text_sink.h"
#include "tests/query/support/text_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::testing {
namespace {

constexpr unsigned kStores = 12;
constexpr unsigned kProgramsOfStore = 40;
// What programs must have among them.
constexpr const char* kParts[] = {
    "union (",    "join semi", "join anti",    "inner many", "left many", "full many", " is t",
    "with ties",  "quantile(", "first_by(",    "last_by(",   "expand ",   "allocate(", " rows -",
    "::decimal(", "div(",      "dense_rank()", "lead(",      "lag(",      "first(",    "last(",
    "bucket(",    "hour(",     "distinct(",    "top_value(", "offset ",   "let b",     " per "};
constexpr std::int64_t kFirstDay = 20'209;  // 2025-05-01

struct Data {
  TestRows plays;
  TestRows tracks;
  std::string play_text;
  std::string track_text;
};

std::string csv_of(const TestRows& rows, std::size_t columns) {
  std::string text;
  for (std::size_t i = 0; i < columns; ++i) text += (i > 0 ? "," : "") + rows.columns[i].name;
  for (const Row& row : rows.rows) {
    text += '\n';
    for (std::size_t i = 0; i < columns; ++i) {
      text += (i > 0 ? "," : "") + cell_text(row[i], rows.columns[i].kind);
    }
  }
  return text + '\n';
}

Data random_data(std::mt19937& random) {
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  const auto some = [&](std::int64_t limit) {
    return below(6) == 0 ? Cell() : integer_cell(below(static_cast<unsigned>(limit)));
  };
  const auto one_of = [&](const std::vector<std::string>& texts) {
    return below(6) == 0 ? Cell() : text_cell(texts[below(static_cast<unsigned>(texts.size()))]);
  };
  Data data;
  data.tracks.columns = {{"track_id", Kind::kText},
                         {"popularity", Kind::kInteger},
                         {"track_genre", Kind::kText},
                         {"track_name", Kind::kText},
                         {"duration_ms", Kind::kInteger}};
  const unsigned tracks = 1 + below(9);
  for (unsigned track = 0; track < tracks; ++track) {
    data.tracks.rows.push_back({text_cell("t" + std::to_string(track)), some(50),
                                one_of({"rock", "Jazz", "folk"}), one_of({"One", "", "two"}),
                                some(300'000)});
  }
  data.tracks.rows.push_back({text_cell("unplayed"), some(50), Cell(), Cell(), Cell()});
  // Stored columns, then what a play's day and track tell.
  data.plays.columns = {{"user_id", Kind::kInteger},
                        {"track_id", Kind::kText},
                        {"duration_sec", Kind::kInteger},
                        {"country_code", Kind::kText},
                        {"platform", Kind::kText},
                        {"listen_time", Kind::kTimestamp},
                        {"day", Kind::kDate, false},
                        {"date(listen_time)", Kind::kDate, false},
                        {"track.track_genre", Kind::kText, false},
                        {"track.popularity", Kind::kInteger, false},
                        {"track.track_name", Kind::kText, false}};
  data.play_text = "user_id,track_id,duration_sec,country_code,platform,listen_time\n";
  for (unsigned play = 0, plays = below(150); play < plays; ++play) {
    // Some tracks are played and not known.
    const unsigned track = below(tracks + 2);
    const std::int64_t day = kFirstDay + std::int64_t{below(5)} * 9;
    Row row = {some(6),
               below(9) == 0 ? Cell() : text_cell("t" + std::to_string(track)),
               some(90),
               one_of({"DE", "SE", ""}),
               one_of({"ios", "web"}),
               integer_cell((day * 86'400 + below(24) * 3600 + below(60) * 60) * 1'000'000),
               integer_cell(day),
               integer_cell(day),
               Cell(),
               Cell(),
               Cell()};
    if (!row[1].is_null && track < tracks) {
      row[8] = data.tracks.rows[track][2];
      row[9] = data.tracks.rows[track][1];
      row[10] = data.tracks.rows[track][3];
    }
    for (std::size_t i = 0; i < 6; ++i) {
      data.play_text += cell_text(row[i], data.plays.columns[i].kind) + (i < 5 ? "," : "\n");
    }
    data.plays.rows.push_back(std::move(row));
  }
  data.track_text = csv_of(data.tracks, data.tracks.columns.size());
  return data;
}

// Only what is shown is printed by a program that never says what it wants: all plays' columns are.
void expect_same(const Store& store, const RandomProgram& program, int threads) {
  QueryOptions options;
  options.threads = threads;
  TextSink sink;
  const auto ran = query(store, program.text(), options, sink);
  ASSERT_TRUE(ran) << program.text() << '\n' << ran.error().message;
  ASSERT_EQ(sink.results().size(), 1U);
  ASSERT_EQ(sink.results()[0], program.expected()) << program.text();
}

// However it is run: a few ways for each program, all of them in turn.
void expect_same_always(const Store& store, const RandomProgram& program,
                        const std::vector<RunWay>& ways, std::size_t& next_way) {
  constexpr int kWaysOfProgram = 4;
  const std::string expected = program.expected();
  for (int i = 0; i < kWaysOfProgram; ++i) {
    const RunWay& way = ways[next_way++ % ways.size()];
    const auto result = run_program(store, program.text(), way);
    ASSERT_TRUE(result) << way.name << ": " << program.text() << '\n' << result.error().message;
    ASSERT_EQ(*result, expected) << way.name << ": " << program.text();
  }
}

TEST(RandomPrograms, GiveTheRowsOfTheReference) {
  const char* given = std::getenv("STAVE_CAMPAIGN_TIMES");
  const unsigned times = given == nullptr ? 1 : static_cast<unsigned>(std::atoi(given));
  const std::vector<RunWay> ways = run_ways();
  std::size_t next_way = 0;
  std::map<std::string, int> met;
  for (const char* part : kParts) met[part] = 0;
  for (unsigned seed = 0; seed < kStores * times; ++seed) {
    std::mt19937 random(seed);
    const Data data = random_data(random);
    const TemporaryFolder folder;
    make_text_store(folder.path() + "/s.stave",
                    {{"tracks", data.track_text}, {"streams", data.play_text}}, {});
    const auto store = Store::open(folder.path() + "/s.stave");
    ASSERT_TRUE(store) << store.error().message;
    for (unsigned round = 0; round < kProgramsOfStore; ++round) {
      SCOPED_TRACE(fmt::format("seed {}, program {}", seed, round));
      const RandomProgram program(data.plays, data.tracks, random);
      expect_same(*store, program, 1 + static_cast<int>(round % 3));
      if (HasFatalFailure()) return;
      expect_same_always(*store, program, ways, next_way);
      for (auto& [part, count] : met) count += program.text().find(part) != std::string::npos;
      if (HasFatalFailure()) return;
    }
  }
  for (const auto& [part, count] : met) EXPECT_GT(count, 0) << "no program has " << part;
  fmt::print("campaign: random programs: {} over {} stores\n", kStores * times * kProgramsOfStore,
             kStores * times);
}

}  // namespace
}  // namespace stave::testing
