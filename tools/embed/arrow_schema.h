// The columns of a result as a schema of the Arrow C data interface.
#pragma once

#include <string>
#include <vector>

#include "engine/plan.h"
#include "stave/stave.h"
#include "tools/embed/owned.h"

namespace stave::embed {

// As the interface spells a type: "l", "d:18,2".
std::string arrow_format(Type type);

// A struct of the fields. The schema owns its children and texts until it is released.
Owned<ArrowSchema> make_schema(const std::vector<Field>& fields);

}  // namespace stave::embed
