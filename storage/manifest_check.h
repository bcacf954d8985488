// What holds in every manifest that is read or written.
#pragma once

#include "stave/result.h"
#include "storage/manifest.h"

namespace stave {

// Codes 1..kLargestCode can be in use.
inline constexpr std::uint32_t kLargestCode = 0xFFFFFFFE;

// The schema is sound, tables match it, segments are in order and have runs that fill them, domain
// segments follow each other without gaps, ids are below the next ids, and paths stay in the store.
Result<void> check_manifest(const Manifest& manifest);

// Sets the type of every column that is typed by its domain to what the domain holds.
void type_columns_by_domain(Manifest& manifest);

}  // namespace stave
