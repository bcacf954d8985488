// In what order the files of an inbox are taken.
#pragma once

#include <vector>

#include "storage/schema.h"
#include "tools/watch/inbox.h"

namespace stave::watching {

// Files of tables that others lead to come before those of the others, so that a rule finds the
// tracks of the plays that came with them; then by folder and name. Files of no table are last.
void order_by_table(std::vector<InboxFile>& files, const Schema& schema);

}  // namespace stave::watching
