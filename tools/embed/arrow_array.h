// Batches of the engine as arrays of the Arrow C data interface. Numbers that the engine holds as
// Arrow does are shared with it; texts, bools, dates and short decimals are laid out anew.
// Invariant: an array owns what it points to, until its release callback is called, and so does
// each of its children once it was moved out.
#pragma once

#include <vector>

#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"
#include "stave/stave.h"
#include "tools/embed/owned.h"

namespace stave::embed {

using OwnedArray = Owned<ArrowArray>;

// A struct of the fields, one child for each.
Result<OwnedArray> make_array(const Batch& batch, const std::vector<Field>& fields);

}  // namespace stave::embed
