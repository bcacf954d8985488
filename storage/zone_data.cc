// Abseil takes names for more than zones: fixed offsets, files by their path, the machine's own
// zone by what the environment says. By the path of its file a zone has one meaning only.
#include "storage/zone_data.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace stave {
namespace {

constexpr std::string_view kFolder = "/usr/share/zoneinfo/";

// What else is in the folder: zones by other names, with leap seconds counted, what this machine
// has, and lists.
constexpr std::array<std::string_view, 11> kNoZones = {
    "Factory",      "iso3166.tab", "right",       "+VERSION",          "version",  "zone.tab",
    "zone1970.tab", "tzdata.zi",   "leapseconds", "leap-seconds.list", "localtime"};

bool may_be_part(std::string_view part) {
  return !part.empty() && part.front() != '.' && !part.starts_with("posix") &&
         part.find('\0') == std::string_view::npos &&
         std::ranges::find(kNoZones, part) == kNoZones.end();
}

bool may_be_zone(std::string_view name) {
  for (std::size_t end = 0; (end = name.find('/')) != std::string_view::npos;) {
    if (!may_be_part(name.substr(0, end))) return false;
    name.remove_prefix(end + 1);
  }
  return may_be_part(name);
}

}  // namespace

std::optional<absl::TimeZone> find_zone_data(const std::string& name) {
  if (!may_be_zone(name)) return std::nullopt;
  const std::string path = std::string(kFolder) + name;
  // Abseil remembers every name that it is asked for.
  std::error_code fault;
  if (!std::filesystem::is_regular_file(path, fault)) return std::nullopt;
  absl::TimeZone zone;
  return absl::LoadTimeZone(path, &zone) ? std::optional(zone) : std::nullopt;
}

}  // namespace stave
