// The built-in schema: storage/schemas/music.toml, made a string by CMake and read on first use.
#include <cstdio>
#include <cstdlib>
#include <new>

#include "storage/schema.h"

namespace stave {

extern const std::string_view kMusicSchemaText;

const Schema& music_schema() {
  static const Schema kSchema = [] {
    auto schema = schema_from_toml(kMusicSchemaText, "music.toml");
    if (!schema && schema.error().code == ErrorCode::kOutOfMemory) {
      throw std::bad_alloc();
    }
    if (!schema) {
      // Our own file, tested: only a broken build gets here.
      std::fputs(schema.error().message.c_str(), stderr);
      std::abort();
    }
    return *std::move(schema);
  }();
  return kSchema;
}

}  // namespace stave
