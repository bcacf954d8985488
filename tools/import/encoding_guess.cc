// See encoding_guess.h.
#include "tools/import/encoding_guess.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "tools/import/text_decoder.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

using namespace std::string_view_literals;

struct KnownFormat {
  std::string_view magic;
  const char* name;
  const char* advice;
};

constexpr const char* kSaveAsCsv = "Save it as CSV first.";
constexpr const char* kExportIt = "Export the table as CSV first.";

constexpr std::array kKnownFormats{
    KnownFormat{"PAR1"sv, "a Parquet file", kExportIt},
    KnownFormat{"SQLite format 3\0"sv, "an SQLite database", kExportIt},
    KnownFormat{"ARROW1"sv, "an Arrow file", kExportIt},
    KnownFormat{"ORC"sv, "an ORC file", kExportIt},
    KnownFormat{"Obj\1"sv, "an Avro file", kExportIt},
    KnownFormat{"\x89HDF"sv, "an HDF5 file", kExportIt},
    KnownFormat{"\xD0\xCF\x11\xE0"sv, "an old Excel workbook or another Office file", kSaveAsCsv},
    KnownFormat{"\x89PNG"sv, "a PNG image", "Name another file."},
    KnownFormat{"\xFF\xD8\xFF"sv, "a JPEG image", "Name another file."},
    KnownFormat{"GIF8"sv, "a GIF image", "Name another file."},
    KnownFormat{"%PDF-"sv, "a PDF document", "Name another file."},
    KnownFormat{"\x7F"
                "ELF"sv,
                "a program", "Name another file."},
    KnownFormat{"OggS"sv, "an Ogg recording", "Name another file."},
    KnownFormat{"ID3"sv, "an MP3 recording", "Name another file."},
    KnownFormat{"fLaC"sv, "a FLAC recording", "Name another file."},
    KnownFormat{"\x93NUMPY"sv, "an array of NumPy", kExportIt},
    KnownFormat{"\x80\x04\x95"sv, "an object that Python pickled", kExportIt},
    KnownFormat{"\x1F\x8B\x08"sv, "compressed twice", "Decompress it once first."},
    KnownFormat{"BZh91AY&SY"sv, "compressed twice", "Decompress it once first."},
    KnownFormat{"\x28\xB5\x2F\xFD"sv, "compressed twice", "Decompress it once first."},
    KnownFormat{"\xFF\xFE\0\0"sv, "text in UTF-32", "Convert it with `iconv -f UTF-32 -t UTF-8`."},
    KnownFormat{"\0\0\xFE\xFF"sv, "text in UTF-32", "Convert it with `iconv -f UTF-32 -t UTF-8`."},
};

bool has_zip_name(std::string_view text, std::string_view name) {
  return text.substr(0, 4096).find(name) != std::string_view::npos;
}

// Text may hold the first letters of a magic too: all of these but the first few bytes are text.
bool is_magic_of_text(std::string_view magic, std::string_view text) {
  const bool letters = std::all_of(magic.begin(), magic.end(), [](char byte) {
    return static_cast<unsigned char>(byte) >= 0x20 && static_cast<unsigned char>(byte) < 0x7F;
  });
  return letters && text.substr(0, 64).find('\0') == std::string_view::npos && magic != "%PDF-";
}

bool is_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  // Tab, line ends, and the separators of ASCII and Hive.
  return value < 0x20 && value != '\t' && value != '\n' && value != '\r' && value != 0x01 &&
         value < 0x1C;
}

// Where nobody writes a character in either encoding of one byte: the controls that Windows-1252
// leaves out, and the y with dots, which stands in fill bytes more often than in words.
bool is_no_letter(unsigned char byte) {
  return byte == 0xFF || (byte >= 0x80 && byte <= 0x9F && !is_windows_byte(byte));
}

// Text in which nearly every letter has two bytes other than zero, as Chinese has them. `low`: the
// place of the lower byte.
bool has_whole_lines(std::string_view text, std::size_t low) {
  std::size_t line_feeds = 0;
  bool after_high = false;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    const auto byte = static_cast<unsigned char>(text[at + low]);
    const auto page = static_cast<unsigned char>(text[at + 1 - low]);
    const bool is_low_surrogate = page >= 0xDC && page < 0xE0;
    if (is_low_surrogate != after_high) return false;
    after_high = page >= 0xD8 && page < 0xDC;
    const bool is_nothing = page == 0xFF && byte >= 0xFE;
    if (is_nothing || (page == 0 && is_control(static_cast<char>(byte)))) return false;
    if (page == 0 && byte == '\n') ++line_feeds;
  }
  return line_feeds >= 2;
}

}  // namespace

ByteOrderMark find_byte_order_mark(std::string_view text) {
  if (text.starts_with(kUtf8Mark)) return {TextEncoding::kUtf8, kUtf8Mark.size()};
  if (text.starts_with("\xFF\xFE")) return {TextEncoding::kUtf16LittleEndian, 2};
  if (text.starts_with("\xFE\xFF")) return {TextEncoding::kUtf16BigEndian, 2};
  return {};
}

std::optional<TextEncoding> guess_utf16(std::string_view text) {
  constexpr std::size_t kMostBytes = 4096;
  text = text.substr(0, std::min(text.size(), kMostBytes) & ~std::size_t{1});
  std::array<std::size_t, 2> zeros{};             // in even places and in odd ones
  std::array<std::size_t, 2> line_feeds{};        // likewise
  std::array<std::size_t, 2> whole_line_feeds{};  // with a zero for the other byte
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\0') ++zeros[at % 2];
    if (text[at] != '\n') continue;
    ++line_feeds[at % 2];
    if (text[at ^ 1] == '\0') ++whole_line_feeds[at % 2];
  }
  for (const std::size_t low : {std::size_t{0}, std::size_t{1}}) {
    const std::size_t high = 1 - low;
    const bool enough = zeros[high] >= 2 && zeros[high] * 2 * 10 >= text.size() * 3;
    // Few letters have a zero or a line feed for their low byte, but Ā and 上 do.
    const bool few_others = zeros[low] * 8 <= zeros[high] &&
                            (line_feeds[low] - whole_line_feeds[low]) * 2 <= line_feeds[low];
    if ((enough && few_others) || has_whole_lines(text, low)) {
      return low == 0 ? TextEncoding::kUtf16LittleEndian : TextEncoding::kUtf16BigEndian;
    }
  }
  return std::nullopt;
}

TextEncoding guess_by_first_high_byte(std::string_view text, bool at_end) {
  // For each character of UTF-8 so many bytes that are none can be damage. In text of another
  // encoding such characters come about by chance, but seldom.
  constexpr std::size_t kMostDamage = 20;
  // One such byte in so many is damage in text of one byte for each character too.
  constexpr std::size_t kFewestLetters = 4;
  std::size_t good = 0;
  std::size_t bad = 0;
  std::size_t no_letters = 0;  // among the bad ones
  bool windows = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      ++at;
      continue;
    }
    const std::size_t size = utf8_sequence_size(text.substr(at));
    windows = windows || is_windows_byte(byte);
    if (size > 0) {
      ++good;
      at += size;
    } else if (!at_end && text.size() - at < 4 && good > 0) {
      break;  // cut off by the sample's end
    } else {
      ++bad;
      if (is_no_letter(byte)) ++no_letters;
      ++at;
    }
  }
  if (bad <= good * kMostDamage || no_letters * kFewestLetters > bad) return TextEncoding::kUtf8;
  return windows ? TextEncoding::kWindows1252 : TextEncoding::kLatin1;
}

namespace {

Failure refuse(const KnownFormat& format, const std::string& path) {
  return fail(ErrorCode::kInvalidData,
              fmt::format("The input is not CSV but {}: {}. {}", format.name, path, format.advice));
}

// As clients of databases draw them: +----+----+ over | id | name |.
bool is_drawn_table(std::string_view text) {
  const std::size_t end = text.find_first_not_of("+-=");
  if (!text.starts_with("+-") || end == std::string_view::npos) return false;
  text.remove_prefix(end);
  if (text.starts_with('\r')) text.remove_prefix(1);
  return text.starts_with("\n|");
}

}  // namespace

// What a download gives instead of the dump: text too, but no table.
Result<void> check_is_no_page(std::string_view text, const std::string& path) {
  constexpr const char* kFetchIt = "Look at what it says, and fetch the dump again.";
  constexpr std::array kPages{
      KnownFormat{"<!doctype html"sv, "a web page", kFetchIt},
      KnownFormat{"<html"sv, "a web page", kFetchIt},
      KnownFormat{"<?xml"sv, "XML", "Export the table as CSV first, or fetch the dump again."},
      KnownFormat{"-----begin pgp message"sv, "encrypted", "Decrypt it first."},
      KnownFormat{"version https://git-lfs.github.com/"sv, "a pointer of Git LFS",
                  "Fetch the file itself with `git lfs pull`."},
  };
  text.remove_prefix(find_byte_order_mark(text).size);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const auto begins_with = [text](std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(), [](char letter, char byte) {
             return letter == (byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte);
           });
  };
  for (const KnownFormat& page : kPages) {
    if (begins_with(page.magic)) return refuse(page, path);
  }
  if (is_drawn_table(text)) {
    return refuse({"", "a table drawn for people",
                   "Export it with tabs or commas: `mysql --batch`, `psql --csv`."},
                  path);
  }
  return {};
}

Result<void> check_is_text(std::string_view text, const std::string& path,
                           std::optional<TextEncoding> given) {
  for (const KnownFormat& format : kKnownFormats) {
    if (text.starts_with(format.magic) && !is_magic_of_text(format.magic, text)) {
      return refuse(format, path);
    }
  }
  if (text.starts_with("PK\3\4")) {
    if (has_zip_name(text, "xl/") || has_zip_name(text, "[Content_Types].xml")) {
      return refuse({"", "an Excel workbook (.xlsx) or another Office file", kSaveAsCsv}, path);
    }
    if (has_zip_name(text, "opendocument")) {
      return refuse({"", "an OpenDocument file", kSaveAsCsv}, path);
    }
    return refuse({"", "a ZIP archive", "Unpack it first."}, path);
  }
  if (text.size() > 262 && text.substr(257, 5) == "ustar") {
    return refuse({"", "a tar archive", "Unpack it first."}, path);
  }
  const std::string_view start = text.substr(0, 4096);
  const auto controls =
      static_cast<std::size_t>(std::count_if(start.begin(), start.end(), is_control));
  const bool is_given =
      given == TextEncoding::kUtf16LittleEndian || given == TextEncoding::kUtf16BigEndian;
  const bool is_utf16 = is_given || find_byte_order_mark(start).size > 0 || guess_utf16(start);
  if (controls * 4 > start.size() && !is_utf16) {
    const auto first = static_cast<std::size_t>(
        std::find_if(start.begin(), start.end(), is_control) - start.begin());
    return fail(
        ErrorCode::kInvalidData,
        fmt::format("The input is not text: {} (byte {} is {:#04x}). Stave imports CSV, "
                    "plain or as .gz, .bz2 or .zst. If it is UTF-16, say `--encoding utf-16le` or "
                    "`utf-16be`.",
                    path, first, static_cast<unsigned>(start[first])));
  }
  return {};
}

}  // namespace stave::loading
