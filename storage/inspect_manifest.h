// A manifest as text.
#pragma once

#include <string>

#include "storage/manifest.h"

namespace stave {

std::string inspect_manifest(const Manifest& manifest, std::uint64_t file_bytes);

}  // namespace stave
