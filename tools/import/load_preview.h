// Shows a load that is put together to the caller's `before_commit`.
#pragma once

#include "stave/import.h"
#include "stave/result.h"
#include "tools/import/load.h"

namespace stave::loading {

// `Load::touched` says which positions of a dimension the load wrote. Does nothing where nobody
// wants to see it.
Result<void> ask_before_commit(Load& load, const std::string& store, const ImportSummary& summary);

}  // namespace stave::loading
