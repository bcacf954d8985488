// The bytes of a column file as they are, to be put elsewhere.
#pragma once

#include <string>

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/manifest.h"
#include "storage/open_packs.h"

namespace stave {

// kDamaged where a checksum is not as stated: damage is not carried on.
Result<std::string> read_column_bytes(const FileSystem& files, const FileReference& reference,
                                      OpenPacks& packs);

}  // namespace stave
