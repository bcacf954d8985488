// The head that manifests and key domain segments begin with: who they are, the checksum of all
// that they vouch for, and what a reader must understand. Bytes: format-spec/store-folder.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stave/result.h"

namespace stave {

inline constexpr std::size_t kMagicBytes = 8;
// Magic, checksum (u64), version (u16), six zeros, required features (u64).
inline constexpr std::size_t kFileHeaderBytes = 32;
inline constexpr std::size_t kChecksummedFrom = 16;

inline constexpr std::string_view kManifestMagic = "STAVEMAN";
inline constexpr std::string_view kDomainMagic = "STAVEDOM";

// With a checksum of zero, for `seal_file_header` to fill in.
std::string new_file_header(std::string_view magic, std::uint64_t features = 0);
void seal_file_header(std::string& bytes, std::uint64_t checksum);

// Tests size and magic; the checksum that the header states.
Result<std::uint64_t> stated_checksum(std::string_view header, std::string_view magic,
                                      std::string_view what, std::string_view origin);
// After the checksum was tested: the version and the features, which it gives; more than `known`
// are of a newer format.
Result<std::uint64_t> check_file_version(std::string_view header, std::string_view what,
                                         std::string_view origin, std::uint64_t known = 0);

}  // namespace stave
