// Versions are looked at only once the checksum holds: a flipped bit is damage, not a newer format.
#include "storage/file_header.h"

#include <fmt/format.h>

#include <cstring>

#include "storage/bytes.h"
#include "storage/manifest.h"

namespace stave {

std::string new_file_header(std::string_view magic, std::uint64_t features) {
  std::string bytes;
  ByteWriter out(bytes);
  out.write_bytes(magic);
  out.write_u64(0);
  out.write_u16(kFormatVersion);
  out.write_u16(0);
  out.write_u32(0);
  out.write_u64(features);
  return bytes;
}

void seal_file_header(std::string& bytes, std::uint64_t checksum) {
  std::memcpy(bytes.data() + kMagicBytes, &checksum, sizeof(checksum));
}

Result<std::uint64_t> stated_checksum(std::string_view header, std::string_view magic,
                                      std::string_view what, std::string_view origin) {
  if (header.size() < kFileHeaderBytes || header.substr(0, kMagicBytes) != magic) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A {} does not begin as it must: {} bytes, \"{}\" expected ({}). Run "
                            "`stave verify`.",
                            what, header.size(), magic, origin));
  }
  return ByteReader(header.substr(kMagicBytes)).read_u64();
}

Result<std::uint64_t> check_file_version(std::string_view header, std::string_view what,
                                         std::string_view origin, std::uint64_t known) {
  ByteReader in(header.substr(kChecksummedFrom));
  const std::uint16_t version = in.read_u16();
  std::uint64_t reserved = in.read_u16();
  reserved |= in.read_u32();
  const std::uint64_t features = in.read_u64();
  if (version > kFormatVersion) {
    return fail(ErrorCode::kNewerFormat,
                fmt::format("A {} was written by a newer Stave: format version {}, and this one "
                            "reads up to {} ({}). Install a newer Stave.",
                            what, version, kFormatVersion, origin));
  }
  if ((features & ~known) != 0) {
    return fail(
        ErrorCode::kNewerFormat,
        fmt::format("A {} needs features that this Stave lacks: bits {:#x} of format version "
                    "{}, and this one knows {} ({}). Install a newer Stave.",
                    what, features, version, known == 0 ? "none" : fmt::format("{:#x}", known),
                    origin));
  }
  if (version == 0 || reserved != 0) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A {} has a header that no Stave writes: version {}, reserved {} ({}). "
                            "Run `stave verify`.",
                            what, version, reserved, origin));
  }
  return features;
}

}  // namespace stave
