// Plays: by day, genre and country, by hour, rankings by month, and who comes back.
#include <fmt/format.h>

#include <iterator>

#include "stave/program.h"
#include "tools/dashboard/figures.h"

namespace stave {
namespace {

constexpr std::size_t kMostNames = 15;  // genres and countries that have a place of their own
constexpr int kCohorts = 16;            // weeks, the last ones

// `kept`: a row for each name.
std::string grouped(const std::string& column, const std::vector<TextRow>& kept) {
  std::string list;
  for (const TextRow& row : kept) {
    list += (list.empty() ? "" : ", ") + quoted_text(text_of(row[0]));
  }
  const std::string own = list.empty() ? "" : fmt::format("{0} in ({1}) => {0}, ", column, list);
  return fmt::format("case {{ {} is null => \"(unknown)\", {}else => \"(other)\" }}", column, own);
}

}  // namespace

void Figures::find_names() {
  const auto names = ask_all(
      fmt::format(
          "let plays = from streams | where day is not null "
          "| summarize plays = count() by genre = track.track_genre, country = country_code; "
          "from plays | where genre is not null | summarize plays = sum(plays) by genre "
          "| top {0} by plays desc, genre | select genre; "
          "from plays | where country is not null | summarize plays = sum(plays) by country "
          "| top {0} by plays desc, country | select country",
          kMostNames),
      2);
  genre_ = grouped("track.track_genre", names[0]);
  country_ = grouped("country_code", names[1]);
}

void Figures::write_days() {
  const auto figures = ask_all(
      "from streams | where day is not null | summarize listeners = distinct(user_id) by day;"
      "from streams | where day is not null and user_id is not null | distinct user_id "
      "| summarize listeners = count();"
      "from streams | where day is not null and track_id is not null | distinct track_id "
      "| summarize tracks = count();"
      "from streams | where day is not null "
      "| summarize hours = sum(coalesce(duration_sec * 1000, track.duration_ms)) // 3600000",
      4);
  json_.key("listeners").begin_array();
  for (const TextRow& row : figures[0]) {
    days_.of(text_of(row[0]));
    json_.raw(text_of(row[1]));
  }
  json_.end_array();
  json_.key("totals").begin_object();
  const char* const names[] = {"listeners", "tracks", "hours"};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<TextRow>& total = figures[i + 1];
    json_.key(names[i]).raw(total.empty() ? "0" : total[0][0].value_or("0"));
  }
  json_.end_object();
}

void Figures::write_cells() {
  const std::string from = "from streams | where day is not null | summarize ";
  const auto cells = ask(fmt::format(
      "{}plays = count(), listeners = distinct(user_id) by day, genre = {}, country = {}", from,
      genre_, country_));
  write_rows("cells", cells, [&](const TextRow& row) {
    json_.number(days_.of(text_of(row[0])));
    json_.number(genres_.of(text_of(row[1])));
    json_.number(countries_.of(text_of(row[2])));
    json_.raw(text_of(row[3]));
    json_.raw(text_of(row[4]));
  });
  const auto by = [&](const char* key, const std::string& expression, Numbering& names) {
    const auto rows =
        ask(fmt::format("{}listeners = distinct(user_id) by day, name = {}", from, expression));
    write_rows(key, rows, [&](const TextRow& row) {
      json_.number(days_.of(text_of(row[0])));
      json_.number(names.of(text_of(row[1])));
      json_.raw(text_of(row[2]));
    });
  };
  by("listeners_by_genre", genre_, genres_);
  by("listeners_by_country", country_, countries_);
}

void Figures::write_hours() {
  const auto by = [&](const char* key, const std::string& expression, Numbering& names) {
    const auto rows =
        ask(fmt::format("from streams | where day is not null | summarize plays = count() by day, "
                        "hour = hour(listen_time), name = {}",
                        expression));
    write_rows(key, rows, [&](const TextRow& row) {
      json_.number(days_.of(text_of(row[0])));
      json_.raw(text_of(row[1]));
      json_.number(names.of(text_of(row[2])));
      json_.raw(text_of(row[3]));
    });
  };
  by("hours_by_genre", genre_, genres_);
  by("hours_by_country", country_, countries_);
}

// Rankings of each month: of all plays, of each genre, and of each country. Plays are counted by
// track, and by track and country; all others are sums of these.
void Figures::write_tops() {
  std::string program = fmt::format(
      "let by_track = from streams | where day is not null and track_id is not null "
      "| summarize plays = count() by month = bucket(day, month), track_id; "
      "let by_country = from streams | where day is not null and track_id is not null "
      "| summarize plays = count() by month = bucket(day, month), part = {}, track_id; ",
      country_);
  const auto rank = [&](const std::string& from, const std::string& item,
                        const std::string& label) {
    program += fmt::format(
        "from {0} | where {1} is not null | top 10 by plays desc, {1} per month, part "
        "| select month, part, label = {2}, plays; ",
        from, item, label);
  };
  const std::string label =
      "coalesce(track.track_name, track_id::string) + coalesce(\" \xE2\x80\x94 \" + "
      "track.artists, \"\")";
  rank("by_track | derive part = \"\"", "track_id", label);
  rank("by_track | derive part = " + genre_, "track_id", label);
  rank("by_country", "track_id", label);
  const std::string artists =
      " | summarize plays = sum(plays) by month, part, artist = track.artists";
  rank("by_track | derive part = \"\"" + artists, "artist", "artist");
  rank("by_track | derive part = " + genre_ + artists, "artist", "artist");
  rank("by_country" + artists, "artist", "artist");
  Results rankings = ask_all(program, 6);
  const Results of_artists(std::make_move_iterator(rankings.begin() + 3),
                           std::make_move_iterator(rankings.end()));
  Numbering months;
  write_ranking("top_tracks", "track_names", rankings, months);
  write_ranking("top_artists", "artist_names", of_artists, months);
  json_.key("months").texts(months.names());
}

// Of all plays, by genre, by country.
void Figures::write_ranking(const char* key, const char* names_key, const Results& rankings,
                            Numbering& months) {
  Numbering names;
  json_.key(key).begin_array();
  for (std::size_t by = 0; by < 3; ++by) {
    for (const TextRow& row : rankings[by]) {
      json_.begin_array();
      json_.number(months.of(text_of(row[0]).substr(0, 7)));
      json_.raw(by != 1 ? "-1" : std::to_string(genres_.of(text_of(row[1]))));
      json_.raw(by != 2 ? "-1" : std::to_string(countries_.of(text_of(row[1]))));
      json_.number(names.of(text_of(row[2])));
      json_.raw(text_of(row[3]));
      json_.end_array();
    }
  }
  json_.end_array();
  json_.key(names_key).texts(names.names());
}

// [week of the first play, weeks since, listeners].
void Figures::write_retention() {
  const auto rows = ask(
      fmt::format("from streams | where day is not null | derive week = bucket(day, week), first = "
                  "min(bucket(day, week)) over (per user_id) "
                  "| summarize listeners = distinct(user_id) by first, week "
                  "| derive since = (week - first) // 7, age = dense_rank() over (sort first desc) "
                  "| where age <= {} | select first, since, listeners | sort first, since",
                  kCohorts));
  write_rows("retention", rows, [&](const TextRow& row) {
    json_.text(text_of(row[0]));
    json_.raw(text_of(row[1]));
    json_.raw(text_of(row[2]));
  });
}

}  // namespace stave
