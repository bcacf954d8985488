// Plays: by day, genre and country, by hour, rankings by month, and who comes back.
#include <fmt/format.h>

#include "stave/program.h"
#include "tools/dashboard/figures.h"

namespace stave {
namespace {

constexpr std::size_t kMostNames = 15;  // genres and countries that have a place of their own
constexpr int kCohorts = 16;            // weeks, the last ones

std::string grouped(const std::string& column, const std::vector<std::string>& kept) {
  std::string list;
  for (const std::string& name : kept) list += (list.empty() ? "" : ", ") + quoted_text(name);
  const std::string own = list.empty() ? "" : fmt::format("{0} in ({1}) => {0}, ", column, list);
  return fmt::format("case {{ {} is null => \"(unknown)\", {}else => \"(other)\" }}", column, own);
}

}  // namespace

void Figures::find_names() {
  const auto most_played = [&](const std::string& column) {
    std::vector<std::string> names;
    for (const TextRow& row :
         ask(fmt::format("from streams | where day is not null and {0} is not null | summarize "
                         "plays = count() by name = {0} "
                         "| top {1} by plays desc, name | select name",
                         column, kMostNames))) {
      names.push_back(text_of(row[0]));
    }
    return names;
  };
  genre_ = grouped("track.track_genre", most_played("track.track_genre"));
  country_ = grouped("country_code", most_played("country_code"));
}

void Figures::write_days() {
  const auto rows =
      ask("from streams | where day is not null | summarize listeners = distinct(user_id) by day");
  json_.key("listeners").begin_array();
  for (const TextRow& row : rows) {
    days_.of(text_of(row[0]));
    json_.raw(text_of(row[1]));
  }
  json_.end_array();
  const auto totals =
      ask("from streams | where day is not null | summarize listeners = distinct(user_id), tracks "
          "= distinct(track_id), "
          "hours = sum(coalesce(duration_sec * 1000, track.duration_ms)) // 3600000");
  json_.key("totals").begin_object();
  const char* const names[] = {"listeners", "tracks", "hours"};
  for (std::size_t i = 0; i < 3; ++i) {
    json_.key(names[i]).raw(totals.empty() ? "0" : totals[0][i].value_or("0"));
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

// Rankings of each month: of all plays, of each genre, and of each country.
void Figures::write_tops() {
  Numbering months;
  const auto rankings = [&](const char* key, const char* names_key, const std::string& item,
                            const std::string& name, const std::string& label) {
    Numbering names;
    json_.key(key).begin_array();
    const auto add = [&](const std::string& group, Numbering* genres, Numbering* countries) {
      const std::string part = group.empty() ? "\"\"" : group;
      const auto rows =
          ask(fmt::format("from streams | where day is not null | summarize plays = count() by "
                          "month = bucket(day, month), part = {0}, {1} "
                          "| where {2} is not null | top 10 by plays desc, {2} per month, part | "
                          "select month, part, label = {3}, plays",
                          part, item, name, label));
      for (const TextRow& row : rows) {
        json_.begin_array();
        json_.number(months.of(text_of(row[0]).substr(0, 7)));
        json_.raw(genres == nullptr ? "-1" : std::to_string(genres->of(text_of(row[1]))));
        json_.raw(countries == nullptr ? "-1" : std::to_string(countries->of(text_of(row[1]))));
        json_.number(names.of(text_of(row[2])));
        json_.raw(text_of(row[3]));
        json_.end_array();
      }
    };
    add("", nullptr, nullptr);
    add(genre_, &genres_, nullptr);
    add(country_, nullptr, &countries_);
    json_.end_array();
    json_.key(names_key).texts(names.names());
  };
  rankings("top_tracks", "track_names", "track_id", "track_id",
           "coalesce(track.track_name, track_id::string) + coalesce(\" \xE2\x80\x94 \" + "
           "track.artists, \"\")");
  rankings("top_artists", "artist_names", "artist = track.artists", "artist", "artist");
  json_.key("months").texts(months.names());
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
