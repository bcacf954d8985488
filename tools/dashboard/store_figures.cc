// What the store lacks, and how it came to be.
#include <fmt/format.h>

#include "stave/upkeep.h"
#include "tools/dashboard/figures.h"

namespace stave {
namespace {

constexpr std::size_t kLatestLoads = 100;

struct QualityCheck {
  const char* name;
  const char* condition;
};

constexpr QualityCheck kChecks[] = {
    {"Plays without a time", "day is null"},
    {"Plays of tracks without a genre", "track.track_genre is null"},
    {"Plays without a country", "country_code is null"},
    {"Plays without a duration", "duration_sec is null"},
    {"Plays shorter than 30 seconds", "duration_sec < 30"},
    {"Plays without a platform", "platform is null"}};

}  // namespace

void Figures::write_quality() {
  std::string program = "from streams | summarize plays = count()";
  for (std::size_t i = 0; i < std::size(kChecks); ++i) {
    program += fmt::format(", c{} = count_if({})", i, kChecks[i].condition);
  }
  const auto counts = ask(program);
  json_.key("quality").begin_array();
  for (std::size_t i = 0; i < std::size(kChecks) && !counts.empty(); ++i) {
    json_.begin_array();
    json_.text(kChecks[i].name);
    json_.raw(text_of(counts[0][i + 1]));
    json_.raw(text_of(counts[0][0]));
    json_.end_array();
  }
  json_.end_array();
}

void Figures::write_imports(const std::string& path) {
  const auto described = describe_loads(path);
  if (!described && !fault_) fault_ = described.error();
  const auto loads = described ? *described : std::vector<LoadDescription>{};
  json_.key("imports").begin_array();
  std::size_t written = 0;
  for (auto load = loads.rbegin(); load != loads.rend() && written < kLatestLoads;
       ++load, ++written) {
    std::string files;
    for (const LoadedFileDescription& file : load->files) {
      if (files.size() > 200) {
        files += ", ...";
        break;
      }
      files += (files.empty() ? "" : ", ") + file.name;
    }
    json_.begin_array();
    json_.number(load->id);
    json_.text(load->at.substr(0, 19));  // to the second
    json_.text(load->table);
    json_.number(load->rows);
    json_.number(load->rejected);
    json_.text(files);
    json_.end_array();
  }
  json_.end_array();
}

}  // namespace stave
