// In TOML, with the words of the options of `stave import`.
#include "tools/import/correction_origin.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr std::array kEscapes{QuoteEscape::kDoubled, QuoteEscape::kBackslash,
                              QuoteEscape::kLetters};
constexpr std::array kLineEnds{LineEnd::kAny, LineEnd::kNewline, LineEnd::kLineFeed,
                               LineEnd::kCarriageReturnLineFeed, LineEnd::kCarriageReturn};

// '\0' is the empty text.
std::string text_of(char byte) {
  return byte == '\0' ? std::string() : std::string(1, byte);
}
char char_of(const std::string& text) {
  return text.empty() ? '\0' : text.front();
}

// Behind blank lines, which stand for those that were passed over.
bool begins_with_line(const std::string& file, const std::string& line) {
  std::ifstream in(file, std::ios::binary);
  while (in.peek() == '\n' || in.peek() == '\r') in.get();
  std::string found(line.size() + 4, '\0');
  in.read(found.data(), static_cast<std::streamsize>(found.size()));
  found.resize(static_cast<std::size_t>(in.gcount()));
  // An editor may have put a byte order mark before it.
  if (found.starts_with(kUtf8Mark)) found.erase(0, kUtf8Mark.size());
  if (!found.starts_with(line)) return false;
  const std::string_view behind = std::string_view(found).substr(line.size());
  return behind.empty() || behind.front() == '\n' || behind.front() == '\r';
}

template <typename Value>
std::optional<Value> value_of(const toml::table& origin, std::string_view key) {
  return origin[key].value<Value>();
}

template <typename Enum, std::size_t kCount>
void take_word(const toml::table& origin, std::string_view key,
               const std::array<Enum, kCount>& choices, std::optional<Enum>& to) {
  const auto word = value_of<std::string>(origin, key);
  for (const Enum choice : choices) {
    if (!to && word && *word == name_of(choice)) to = choice;
  }
}

void take_character(const toml::table& origin, std::string_view key, std::optional<char>& to) {
  const auto text = value_of<std::string>(origin, key);
  if (!to && text) to = char_of(*text);
}

void take_dialect(const toml::table& origin, DumpFormat& format) {
  if (!format.separator) format.separator = value_of<std::string>(origin, "separator");
  take_character(origin, "quote", format.quote);
  take_character(origin, "comment", format.comment);
  take_word(origin, "escape", kEscapes, format.escape);
  take_word(origin, "line_end", kLineEnds, format.line_end);
  if (!format.blanks_around_quotes) {
    format.blanks_around_quotes = value_of<bool>(origin, "blanks_around_quotes");
  }
  if (!format.encoding) format.encoding = TextEncoding::kUtf8;
  if (!format.ragged && value_of<bool>(origin, "fill").value_or(false)) {
    format.ragged = RaggedRows::kFill;
  }
  if (!format.stray_quotes && value_of<bool>(origin, "stray_quotes").value_or(false)) {
    format.stray_quotes = StrayQuotes::kText;
  }
  if (!format.header && format.column_names.empty() && format.skip_lines == 0) {
    format.header = value_of<bool>(origin, "header");
    format.header_rows = value_of<std::uint64_t>(origin, "header_rows").value_or(1);
    format.skip_lines = value_of<std::uint64_t>(origin, "skip_lines").value_or(0);
    if (const toml::array* names = origin["columns"].as_array()) {
      for (const toml::node& name : *names) {
        format.column_names.push_back(name.value_or(std::string()));
      }
    }
  }
}

void take_values(const toml::table& origin, ValueFormat& values) {
  if (values.date_format.empty()) values.date_format = origin["date_format"].value_or("");
  if (values.time_zone.empty()) values.time_zone = origin["time_zone"].value_or("");
  // Either mark tells how numbers are written: `1.234` is another one by each.
  if (!values.thousands_separator && !values.decimal_mark) {
    values.thousands_separator = char_of(origin["thousands"].value_or(std::string()));
    values.decimal_mark = char_of(origin["decimal_mark"].value_or(std::string(".")));
  }
  const toml::array* nulls = origin["null"].as_array();
  if (!values.null_spellings.empty() || nulls == nullptr) return;
  for (const toml::node& word : *nulls) {
    values.null_spellings.push_back(word.value_or(std::string()));
  }
}

toml::array array_of(const std::vector<std::string>& texts) {
  toml::array array;
  for (const std::string& text : texts) array.push_back(text);
  return array;
}

}  // namespace

std::string origin_path(const std::string& corrections) {
  const std::filesystem::path path(corrections);
  return (path.parent_path() / ("." + path.filename().string() + ".origin")).string();
}

std::string describe_origin(const ImportOptions& options, const FilePlan& plan,
                            std::string_view first_line) {
  DumpFormat format = options.format;
  describe(plan.dialect, format);
  while (first_line.ends_with('\n') || first_line.ends_with('\r')) first_line.remove_suffix(1);
  const ValueFormat& values = options.values;
  toml::table origin;
  origin.insert("first_line", std::string(first_line));
  if (plan.json == JsonLayout::kNone) {
    origin.insert("separator", *format.separator);
    origin.insert("quote", text_of(*format.quote));
    origin.insert("comment", text_of(*format.comment));
    origin.insert("escape", name_of(*format.escape));
    // Editors change line ends.
    if (options.format.line_end) origin.insert("line_end", name_of(*options.format.line_end));
    origin.insert("blanks_around_quotes", *format.blanks_around_quotes);
    origin.insert("fill", format.ragged == RaggedRows::kFill);
    origin.insert("stray_quotes", format.stray_quotes == StrayQuotes::kText);
    origin.insert("header", format.header.value_or(format.column_names.empty()));
    origin.insert("header_rows", static_cast<std::int64_t>(format.header_rows));
    origin.insert("skip_lines", static_cast<std::int64_t>(format.skip_lines));
    origin.insert("columns", array_of(format.column_names));
  }
  origin.insert("date_format", values.date_format);
  origin.insert("time_zone", values.time_zone);
  origin.insert("thousands", text_of(values.thousands_separator.value_or('\0')));
  origin.insert("decimal_mark", text_of(values.decimal_mark.value_or('.')));
  origin.insert("null", array_of(values.null_spellings));
  std::error_code error;
  const std::filesystem::path map = std::filesystem::absolute(options.map_path, error);
  origin.insert("map", options.map_path.empty() || error ? std::string() : map.string());
  std::ostringstream text;
  text << "# How the dump was read whose rejected rows are to be corrected.\n" << origin << "\n";
  return text.str();
}

Result<KnownOrigin> with_origin(const std::string& file, ImportOptions options) {
  KnownOrigin known{std::move(options), ""};
  const std::string path = origin_path(file);
  std::ifstream in(path, std::ios::binary);
  if (!in) return known;
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  try {
    const toml::table origin = toml::parse(text);
    const auto first_line = value_of<std::string>(origin, "first_line");
    // Cut off: keys stand in the order of the alphabet.
    if (!first_line || !origin.contains("time_zone")) return known;
    if (!first_line->empty() && !begins_with_line(file, *first_line)) return known;
    known.path = path;
    if (origin.contains("separator")) take_dialect(origin, known.options.format);
    take_values(origin, known.options.values);
    if (known.options.map_path.empty()) {
      known.options.map_path = origin["map"].value_or("");
      std::error_code error;
      if (!known.options.map_path.empty() &&
          !std::filesystem::exists(known.options.map_path, error)) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("The map of columns is gone that the rows of {} were first read "
                                "with: {}. Put it back, or name another one with `--map`.",
                                file, known.options.map_path));
      }
    }
  } catch (const toml::parse_error&) {
    // Somebody else's file, or one that was cut off: what it says is found out or asked for.
  }
  return known;
}

}  // namespace stave::loading
