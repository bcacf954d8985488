// A store of about 64 KiB with some of everything: facts of several days with runs and without,
// dimensions addressed by code and by several keys, domains of integers and strings with both kinds
// of index, every physical kind, five snapshots, loads.
#pragma once

#include "tests/campaign/support/store_image.h"

namespace stave::campaign {

// The same bytes each time but for the times of its commits.
StoreImage sample_store();

}  // namespace stave::campaign
