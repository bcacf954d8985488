// The formats that are read, and those that people try.
#include "tools/import/compression/compression.h"

#include <fmt/format.h>

#include <array>
#include <string>

namespace stave::loading {

namespace {

using namespace std::string_view_literals;

struct KnownFormat {
  std::string_view magic;
  Compression compression;
};
constexpr std::array kRead{
    KnownFormat{"\x1f\x8b", Compression::kGzip},
    KnownFormat{"BZh", Compression::kBzip2},
    KnownFormat{"\x28\xb5\x2f\xfd", Compression::kZstd},
    KnownFormat{"PAR1", Compression::kParquet},
};

struct ForeignFormat {
  std::string_view magic;
  const char* name;
  const char* program;  // that writes its content to standard output; null: it holds several files
};
constexpr std::array kForeign{
    ForeignFormat{"\xfd"
                  "7zXZ\0"sv,
                  "xz", "xz -dc"},
    ForeignFormat{"\x04\x22\x4d\x18", "LZ4", "lz4 -dc"},
    ForeignFormat{"\x1f\x9d", "compress", "zcat"},
    ForeignFormat{"LZIP", "lzip", "lzip -dc"},
    ForeignFormat{"7z\xbc\xaf\x27\x1c", "7z", nullptr},
    ForeignFormat{"Rar!\x1a\x07", "rar", nullptr},
};

// Skippable frames may come first: pzstd writes them.
bool is_skippable_frame(std::string_view first) {
  return first.size() >= 4 && (static_cast<unsigned char>(first[0]) & 0xf0) == 0x50 &&
         first.substr(1, 3) == "\x2a\x4d\x18";
}

}  // namespace

const char* name_of(Compression compression) {
  constexpr std::array kNames{"none", "gzip", "bzip2", "zstd", "parquet"};
  return kNames.at(static_cast<std::size_t>(compression));
}

Result<Compression> find_compression(std::string_view first, const std::string& path) {
  for (const KnownFormat& format : kRead) {
    if (first.starts_with(format.magic)) return format.compression;
  }
  if (is_skippable_frame(first)) return Compression::kZstd;
  for (const ForeignFormat& format : kForeign) {
    if (!first.starts_with(format.magic)) continue;
    const std::string advice =
        format.program == nullptr ? "Unpack it first, and import the files in it."
                                  : fmt::format("Pipe it in: `{} {} | stave import STORE TABLE -`.",
                                                format.program, path == "-" ? "FILE" : path);
    return fail(ErrorCode::kInvalidData,
                fmt::format("The input is packed with {}, which Stave does not read: {}. {}",
                            format.name, path, advice));
  }
  return Compression::kNone;
}

Failure broken_input(Compression compression, const std::string& path, std::string_view detail) {
  return fail(ErrorCode::kInvalidData,
              fmt::format("The compressed input is broken: {} ({}: {}). Test it with the program "
                          "that made it, or fetch it again.",
                          path, name_of(compression), detail));
}

Failure cut_off_input(Compression compression, const std::string& path) {
  return fail(ErrorCode::kInvalidData,
              fmt::format("The compressed input is cut off: {} ({}). Fetch it again, or wait until "
                          "it is complete.",
                          path, name_of(compression)));
}

}  // namespace stave::loading
