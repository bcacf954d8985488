// A load's report as part of a larger JSON object.
#pragma once

#include "stave/load_report.h"
#include "tools/output/json_writer.h"

namespace stave {

// The keys and values of the report, into an object that is open.
void write_load(const LoadReport& report, JsonWriter& json);

}  // namespace stave
