// Finding a zone, with a message for people.
#include "query/values/program_zone.h"

namespace stave {

Result<ProgramZone> ProgramZone::find(const std::string& name) {
  auto zone = TimeZone::find(name);
  if (!zone) {
    return fail(ErrorCode::kInvalidArgument,
                "No such time zone: " + name + ". Use a name such as UTC or Europe/Berlin.");
  }
  return ProgramZone(name, std::move(*zone));
}

std::int64_t ProgramZone::local(std::int64_t instant) const {
  return zone_->stretch_at(instant).local(instant);
}

std::int64_t ProgramZone::day_of(std::int64_t instant) const {
  return floor_divide(local(instant), kMicrosecondsOfDay);
}

}  // namespace stave
