// The table that a load names: one of the schema, or one that the load makes.
#pragma once

#include <optional>
#include <string>

#include "stave/import.h"
#include "stave/result.h"
#include "storage/manifest.h"
#include "tools/import/load_table.h"

namespace stave::loading {

// By name or alias; an error that suggests the nearest name. With `create` a table that the schema
// lacks is made by the load, and one that it has must agree with what is said of it.
Result<LoadTable> find_target_table(const Schema& schema, const std::string& name,
                                    const std::optional<NewTable>& create);

// Brings what the load found out into the manifest: the made table, or the columns that are new.
Result<void> enter_target_table(const LoadTable& table, Manifest& manifest);

}  // namespace stave::loading
