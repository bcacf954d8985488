// See dump_format_options.h.
#include "tools/cli/dump_format_options.h"

#include <map>
#include <optional>

#include "tools/cli/argument_checks.h"

namespace stave::cli {
namespace {

const std::map<std::string, InputFormat> kFormats{{"csv", InputFormat::kCsv},
                                                  {"jsonl", InputFormat::kJsonLines},
                                                  {"parquet", InputFormat::kParquet},
                                                  {"dsr", InputFormat::kCsv}};  // converted
const std::map<std::string, TextEncoding> kEncodings{{"utf8", TextEncoding::kUtf8},
                                                     {"utf16le", TextEncoding::kUtf16LittleEndian},
                                                     {"utf16be", TextEncoding::kUtf16BigEndian},
                                                     {"latin1", TextEncoding::kLatin1},
                                                     {"iso88591", TextEncoding::kLatin1},
                                                     {"windows1252", TextEncoding::kWindows1252},
                                                     {"cp1252", TextEncoding::kWindows1252}};
const std::map<std::string, QuoteEscape> kEscapes{{"doubled", QuoteEscape::kDoubled},
                                                  {"backslash", QuoteEscape::kBackslash},
                                                  {"letters", QuoteEscape::kLetters}};
const std::map<std::string, LineEnd> kLineEnds{{"any", LineEnd::kAny},
                                               {"newline", LineEnd::kNewline},
                                               {"lf", LineEnd::kLineFeed},
                                               {"crlf", LineEnd::kCarriageReturnLineFeed},
                                               {"cr", LineEnd::kCarriageReturn}};
const std::map<std::string, std::string> kSeparatorNames{
    {"tab", "\t"}, {"comma", ","}, {"semicolon", ";"}, {"pipe", "|"}, {"space", " "}};

template <typename Value>
std::optional<Value> value_of(const std::map<std::string, Value>& words, const std::string& word) {
  const auto found = words.find(word);
  return found == words.end() ? std::nullopt : std::optional<Value>(found->second);
}

Failure wrong(const std::string& what, const std::string& text, const std::string& advice) {
  return fail(ErrorCode::kInvalidArgument, what + ": \"" + text + "\". " + advice);
}

// Encodings are called by many spellings: UTF8, utf_8, ISO-8859-1.
std::string plain_encoding_name(const std::string& name) {
  std::string plain;
  for (const char letter : name) {
    if (letter == '-' || letter == '_') continue;
    plain.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter);
  }
  return plain;
}

std::string check_encoding(const std::string& name) {
  if (value_of(kEncodings, plain_encoding_name(name))) return "";
  return "not one of utf-8, utf-16le, utf-16be, latin-1, windows-1252: \"" + name + "\"";
}

// `\t` and `\x1f` for what a terminal cannot type; nothing where there is no such character.
std::optional<std::string> with_escapes(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char escaped = text[at] == '\\' && at + 1 < text.size() ? text[at + 1] : '\0';
    if (escaped == 't') {
      plain.push_back('\t');
      ++at;
    } else if (escaped == 'x') {
      const std::string digits = text.substr(at + 2, 2);
      if (digits.size() < 2 ||
          digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
        return std::nullopt;
      }
      plain.push_back(static_cast<char>(std::stoi(digits, nullptr, 16)));
      at += 3;
    } else {
      plain.push_back(text[at]);
    }
  }
  return plain;
}

Result<void> read_separator(const std::string& text, DumpFormat& format) {
  if (text.empty()) {
    return {};
  }
  const auto named = value_of(kSeparatorNames, text);
  format.separator = named ? named : with_escapes(text);
  if (!format.separator) {
    return wrong("This is not a separator", text,
                 "Write --separator ';', --separator tab or --separator '\\x1f'.");
  }
  return {};
}

Result<void> read_character(const std::string& option, const std::string& text,
                            std::optional<char>& character) {
  if (text.empty()) {
    return {};
  }
  const auto plain = text == "none" ? std::string(1, '\0') : with_escapes(text);
  if (!plain || plain->size() != 1) {
    return wrong("This is not one character", text,
                 "Write --" + option + " with one, or --" + option + " none.");
  }
  character = plain->front();
  return {};
}

Result<void> read_header(const std::string& text, DumpFormat& format) {
  if (text.empty()) {
    return {};
  }
  const bool is_count =
      text.size() <= 2 && text.find_first_not_of("0123456789") == text.npos && std::stoi(text) > 0;
  if (!is_count && text != "yes" && text != "no") {
    return wrong("This does not say which rows name the columns", text,
                 "Write --header yes, --header no or --header 2.");
  }
  format.header = text != "no";
  format.header_rows = is_count ? static_cast<std::uint64_t>(std::stoi(text)) : 1;
  return {};
}

// A list in one argument; a name that holds a comma is quoted as in CSV. A column without a name is
// called by its place, as in a header.
Result<void> read_columns(const std::string& text, DumpFormat& format) {
  if (text.empty()) {
    return {};
  }
  std::string name;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"' && quoted && text.substr(at + 1, 1) == "\"") {
      name.push_back(text[at++]);
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (text[at] == ',' && !quoted) {
      format.column_names.push_back(name);
      name.clear();
    } else {
      name.push_back(text[at]);
    }
  }
  format.column_names.push_back(name);
  for (std::size_t i = 0; i < format.column_names.size(); ++i) {
    if (format.column_names[i].empty()) {
      format.column_names[i] = "column_" + std::to_string(i + 1);
    }
  }
  return {};
}

}  // namespace

void add_dump_format_options(CLI::App& parser, DumpFormatArguments& arguments, DumpFormat& format) {
  parser
      .add_option(
          "--input-format", arguments.format,
          "Of the dumps: csv (any separator), jsonl or parquet (default: found out); dsr: sales "
          "reports")
      ->type_name("NAME")
      ->check(one_of({"csv", "jsonl", "parquet", "dsr"}));
  parser
      .add_option(
          "--encoding", arguments.encoding,
          "Of the text: utf-8, utf-16le, utf-16be, latin-1 or windows-1252 (default: found out)")
      ->type_name("NAME")
      ->check(CLI::Validator([](std::string& name) { return check_encoding(name); }, ""));
  parser
      .add_option("--separator", arguments.separator,
                  "Between cells: characters, tab, \\t or \\x1f (default: found out)")
      ->type_name("TEXT");
  parser
      .add_option("--quote", arguments.quote,
                  "Around cells: one character, or none (default: found out)")
      ->type_name("CHAR");
  parser
      .add_option("--escape", arguments.escape,
                  "Quotes within cells are doubled, or behind a backslash (default: found out); "
                  "letters: \\t, \\n and \\N too mean what databases mean by them")
      ->type_name("HOW")
      ->check(one_of({"doubled", "backslash", "letters"}));
  parser
      .add_option("--line-end", arguments.line_end,
                  "What ends rows: newline (LF or CRLF), lf, crlf, cr or any (default: found out)")
      ->type_name("WHICH")
      ->check(one_of({"newline", "lf", "crlf", "cr", "any"}));
  parser
      .add_option("--comment", arguments.comment,
                  "Pass over lines that begin with this character, or none (default: found out)")
      ->type_name("CHAR");
  parser
      .add_option("--header", arguments.header,
                  "Whether the first row names the columns: yes or no (default: found out); or how "
                  "many rows do together: 2, 3 ...")
      ->type_name("WHICH");
  parser
      .add_option("--columns", arguments.columns,
                  "Names of the columns of files without a header: a,b,c")
      ->type_name("NAMES");
  parser
      .add_option("--skip-lines", format.skip_lines,
                  "Pass over this many lines at the beginning of each file")
      ->type_name("N");
  parser
      .add_option(
          "--ragged", arguments.ragged,
          "Rows that are too short or end with empty cells: reject or fill (default reject)")
      ->type_name("HOW")
      ->check(one_of({"reject", "fill"}));
  parser
      .add_option("--stray-quotes", arguments.stray_quotes,
                  "Rows with quotes out of place: reject, or text where the row then has as many "
                  "cells as the table (default reject)")
      ->type_name("HOW")
      ->check(one_of({"reject", "text"}));
}

Result<void> read_dump_format(const DumpFormatArguments& arguments, DumpFormat& format) {
  format.format = value_of(kFormats, arguments.format);
  format.encoding = value_of(kEncodings, plain_encoding_name(arguments.encoding));
  format.escape = value_of(kEscapes, arguments.escape);
  format.line_end = value_of(kLineEnds, arguments.line_end);
  if (auto read = read_header(arguments.header, format); !read) {
    return read;
  }
  if (!arguments.stray_quotes.empty()) {
    format.stray_quotes =
        arguments.stray_quotes == "text" ? StrayQuotes::kText : StrayQuotes::kReject;
  }
  if (!arguments.ragged.empty()) {
    format.ragged = arguments.ragged == "fill" ? RaggedRows::kFill : RaggedRows::kReject;
  }
  if (auto read = read_separator(arguments.separator, format); !read) {
    return read;
  }
  if (auto read = read_character("quote", arguments.quote, format.quote); !read) {
    return read;
  }
  if (auto read = read_character("comment", arguments.comment, format.comment); !read) {
    return read;
  }
  return read_columns(arguments.columns, format);
}

}  // namespace stave::cli
