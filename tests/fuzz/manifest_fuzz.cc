// The body of a manifest behind a head that is right: a manifest that keeps the rules and encodes
// to the same bytes, or an error.
#include <cstdlib>

#include "storage/checksum.h"
#include "storage/file_header.h"
#include "storage/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes = stave::new_file_header(stave::kManifestMagic);
  bytes.append(reinterpret_cast<const char*>(data), size);
  stave::seal_file_header(
      bytes, stave::checksum_of(std::string_view(bytes).substr(stave::kChecksummedFrom)));
  const auto manifest = stave::decode_manifest(bytes, "fuzz");
  if (manifest && stave::encode_manifest(*manifest) != bytes) {
    std::abort();
  }
  return 0;
}
