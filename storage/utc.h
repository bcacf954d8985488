// The zone that needs no zone data of the machine, which take longer to find than most else.
#pragma once

#include <string_view>

namespace stave {

inline bool is_utc(std::string_view zone) {
  return zone == "UTC" || zone == "Etc/UTC";
}

}  // namespace stave
