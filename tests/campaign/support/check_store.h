// What must hold of a store that was interrupted: it opens at a commit that may be there, all of it
// can be read and is right, and the next writer goes on from there.
#pragma once

#include <memory>
#include <string>

#include "tests/campaign/support/faulty_file_system.h"
#include "tests/campaign/support/workloads.h"

namespace stave::campaign {

// Of files that no snapshot names, once the next writer is done.
enum class Leftovers { kAreGone, kMayStay };

// Each is empty where all is well, else it says what is not.

// Opens at a commit that may be there; every value of it is right.
std::string check_readable(const std::shared_ptr<FileSystem>& files, const Progress& progress,
                           Content& found);

// The same, and every file verifies, and one more load goes well.
std::string check_store(const std::shared_ptr<FileSystem>& files, const Progress& progress,
                        Leftovers leftovers = Leftovers::kAreGone);

// The same on a disk after a power cut; what the next load committed survives another.
std::string check_after_power_loss(DiskModel disk, const Progress& progress,
                                   Leftovers leftovers = Leftovers::kAreGone);

// Cuts the power now, with nothing on disk but what was synced.
std::string check_is_durable(const FaultyFileSystem& files, const Progress& progress);

}  // namespace stave::campaign
