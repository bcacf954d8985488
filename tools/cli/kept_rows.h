// Kept reports in the words of the command line.
#pragma once

#include <map>
#include <string>

#include "stave/materialize.h"

namespace stave::cli {

// " -p from=2025-05-01 -p k=3", each after `before`.
inline std::string given_text(const std::map<std::string, std::string>& parameters,
                              const std::string& before = " -p ") {
  std::string text;
  for (const auto& [name, value] : parameters) {
    text += (before.empty() && !text.empty() ? " " : before) + name + "=" + value;
  }
  return text;
}

// "by day"; "as a whole".
inline std::string kept_by_text(const std::string& unit) {
  return unit.empty() ? "as a whole" : "by " + unit;
}

// "kept by day, 90 days, 1440 rows: fresh".
inline std::string kept_text(const KeptReport& kept) {
  std::string text = "kept" + given_text(kept.parameters);
  if (!kept.now.empty()) {
    text += " --now " + kept.now;
  }
  text += " " + kept_by_text(kept.kept_by);
  if (!kept.kept_by.empty()) {
    text +=
        ", " + std::to_string(kept.periods) + " " + kept.kept_by + (kept.periods == 1 ? "" : "s");
  }
  text += ", " + std::to_string(kept.rows) + (kept.rows == 1 ? " row" : " rows");
  return text + (kept.is_fresh ? ": fresh" : ": to be refreshed, " + kept.stale_because);
}

}  // namespace stave::cli
