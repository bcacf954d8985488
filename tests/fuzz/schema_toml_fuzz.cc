// Any bytes as a schema file: a schema that keeps the rules and comes back from its own TOML, or an
// error.
#include <cstdlib>

#include "storage/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto schema = stave::schema_from_toml(text, "fuzz");
  if (!schema) {
    return 0;
  }
  const std::string toml = stave::schema_to_toml(*schema);
  const auto again = stave::schema_from_toml(toml, "again");
  if (!again || stave::schema_to_toml(*again) != toml) {
    std::abort();
  }
  return 0;
}
