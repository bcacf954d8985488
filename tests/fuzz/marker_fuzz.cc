// Any bytes as the marker of a store: a snapshot's number whose marker is those bytes, or an error.
#include "storage/marker.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto snapshot = stave::decode_marker(text, "fuzz");
  if (snapshot && stave::marker_text(*snapshot) != text) {
    std::abort();
  }
  return 0;
}
