// Which segments `compact` gathers anew. Invariant: what it gathers once it leaves alone the
// next time.
#pragma once

#include <cstdint>
#include <set>
#include <span>

#include "storage/manifest.h"

namespace stave {

// Ids of those among `kept`, the segments of a table that are not written again for another reason,
// that lie in packs which are mostly unused or small, or in files of their own. Nothing where that
// would not make fewer files or less of them; `adds_small`: other small segments come to them.
std::set<std::uint64_t> segments_to_gather(const Manifest& manifest,
                                           std::span<const SegmentState* const> kept,
                                           bool adds_small);

}  // namespace stave
