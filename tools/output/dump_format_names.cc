// The words of options and summaries for what a DumpFormat says.
#include "stave/dump_format.h"

namespace stave {

const char* name_of(InputFormat format) {
  switch (format) {
    case InputFormat::kCsv:
      return "csv";
    case InputFormat::kJsonLines:
      return "jsonl";
    case InputFormat::kParquet:
      return "parquet";
  }
  return "";
}

const char* name_of(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::kUtf8:
      return "utf-8";
    case TextEncoding::kUtf16LittleEndian:
      return "utf-16le";
    case TextEncoding::kUtf16BigEndian:
      return "utf-16be";
    case TextEncoding::kLatin1:
      return "latin-1";
    case TextEncoding::kWindows1252:
      return "windows-1252";
  }
  return "";
}

const char* name_of(QuoteEscape escape) {
  if (escape == QuoteEscape::kLetters) return "letters";
  return escape == QuoteEscape::kBackslash ? "backslash" : "doubled";
}

const char* name_of(LineEnd line_end) {
  switch (line_end) {
    case LineEnd::kAny:
      return "any";
    case LineEnd::kNewline:
      return "newline";
    case LineEnd::kLineFeed:
      return "lf";
    case LineEnd::kCarriageReturnLineFeed:
      return "crlf";
    case LineEnd::kCarriageReturn:
      return "cr";
  }
  return "";
}

}  // namespace stave
