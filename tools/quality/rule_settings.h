// Rules out of a tree of settings.
#pragma once

#include <vector>

#include "stave/quality.h"
#include "tools/settings/settings_reader.h"

namespace stave::quality {

// The `[[rule]]` sections below `root`; faults are the reader's.
std::vector<QualityRule> read_rules(const settings::Setting& root,
                                    settings::SettingsReader& reader);

}  // namespace stave::quality
