// Files that a crashed transaction left: no snapshot names them.
#pragma once

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/manifest.h"

namespace stave {

// Removes temporary files, unfinished manifests, and files whose number is not below the manifest's
// next, for good: what went is gone after a power cut too. Only under the writer's lock. Faults on
// single files are passed over: they stay harmless.
Result<void> remove_leftovers(FileSystem& files, const Manifest& manifest);

}  // namespace stave
