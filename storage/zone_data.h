// The rules of one time zone, read from the machine's zone data. Other zones are not looked at:
// listing them takes longer than most questions.
#pragma once

#include <absl/time/time.h>

#include <optional>
#include <string>

namespace stave {

// None for what is no name of a zone, or has no data. Names are those below the folder of zone
// data: no other file is opened whatever the name says.
std::optional<absl::TimeZone> find_zone_data(const std::string& name);

}  // namespace stave
