// Each call has a table of its options: a name and what sets it.
#include "tools/embed/call_options.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <optional>
#include <utility>

#include "stave/suggest.h"

namespace stave::embed {
namespace {

template <typename T>
using Setters = std::map<std::string, std::function<Result<void>(T&, const std::string&)>>;

// A setter of a member that is a text.
template <typename T>
auto text(std::string T::*member) {
  return [member](T& options, const std::string& value) -> Result<void> {
    options.*member = value;
    return {};
  };
}

template <typename Number>
Result<Number> number_of(const std::string& value, const char* example) {
  Number number{};
  const char* const end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  if (parsed.ec == std::errc{} && parsed.ptr == end && number >= 0) return number;
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("This is no number: \"{}\". Write it as {}.", value, example));
}

template <typename T, typename Number>
auto number(Number T::*member) {
  return [member](T& options, const std::string& value) -> Result<void> {
    const auto read = number_of<Number>(value, "800000");
    if (!read) return pass(read);
    options.*member = *read;
    return {};
  };
}

Failure no_such_value(const std::string& value, const std::vector<std::string>& known) {
  return fail(
      ErrorCode::kInvalidArgument,
      fmt::format("There is no value \"{}\" here. Use one of {}.", value, fmt::join(known, ", ")));
}

template <typename Value>
Result<Value> word_of(const std::string& value,
                      const std::vector<std::pair<std::string, Value>>& words) {
  std::vector<std::string> known;
  for (const auto& [word, meaning] : words) {
    if (word == value) return meaning;
    known.push_back(word);
  }
  return no_such_value(value, known);
}

// A setter of what one of a few words stands for.
template <typename T, typename Member, typename Value>
auto word(Member T::*member, std::vector<std::pair<std::string, Value>> words) {
  return [member, words = std::move(words)](T& options, const std::string& value) -> Result<void> {
    const auto meaning = word_of(value, words);
    if (!meaning) return pass(meaning);
    options.*member = *meaning;
    return {};
  };
}

const std::vector<std::pair<std::string, bool>> kYesOrNo{{"yes", true}, {"no", false}};

template <typename T>
auto yes_or_no(bool T::*member) {
  return word(member, kYesOrNo);
}

std::vector<std::string> names_in(const std::string& value) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (begin <= value.size()) {
    const std::size_t end = std::min(value.find(',', begin), value.size());
    names.push_back(value.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

template <typename T>
Result<void> read(const stave_option* options, const Setters<T>& setters, T& into) {
  for (; options != nullptr && options->name != nullptr; ++options) {
    const auto value = text_argument(options->value, options->name);
    if (!value) return pass(value);
    const auto setter = setters.find(options->name);
    if (setter == setters.end()) {
      std::vector<std::string> known;
      for (const auto& [name, set] : setters) known.push_back(name);
      const std::string hint = did_you_mean(options->name, known);
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("This call has no option `{}`{} The options are {}.", options->name,
                              hint.empty() ? "." : ": " + hint, fmt::join(known, ", ")));
    }
    if (auto set = setter->second(into, *value); !set) {
      return fail(set.error().code,
                  fmt::format("Option `{}`: {}", options->name, set.error().message));
    }
  }
  return {};
}

// "5" rows, or "0.1%" of them.
Result<void> set_max_rejects(ImportOptions& import, const std::string& value) {
  if (value.empty() || value.back() != '%') {
    const auto rows = number_of<std::uint64_t>(value, "10 or 0.1%");
    if (!rows) return pass(rows);
    import.max_rejects = *rows;
    return {};
  }
  const auto percent = number_of<double>(value.substr(0, value.size() - 1), "10 or 0.1%");
  if (!percent) return pass(percent);
  import.max_rejects_percent = *percent;
  return {};
}

Result<char> character_of(const std::string& value) {
  if (value.size() == 1) return value.front();
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("This is not one character: \"{}\".", value));
}

Result<void> set_quote(ImportOptions& import, const std::string& value) {
  const auto quote = value == "none" ? Result<char>('\0') : character_of(value);
  if (!quote) return pass(quote);
  import.format.quote = *quote;
  return {};
}

template <std::optional<char> ValueFormat::*Member>
Result<void> set_mark(ImportOptions& import, const std::string& value) {
  const auto mark = character_of(value);
  if (!mark) return pass(mark);
  import.values.*Member = *mark;
  return {};
}

// Options of a part of the import.
template <typename Part, typename Set>
auto within(Part ImportOptions::*part, Set set) {
  return [part, set = std::move(set)](ImportOptions& import, const std::string& value) {
    return set(import.*part, value);
  };
}

NewTable& new_table(ImportOptions& import) {
  return import.create ? *import.create : import.create.emplace();
}

Setters<ImportOptions> import_setters() {
  return {
      {"max_rejects", set_max_rejects},
      {"rejects", text(&ImportOptions::rejects_directory)},
      {"extra", word(&ImportOptions::extra_columns,
                     std::vector<std::pair<std::string, ExtraColumns>>{
                         {"keep", ExtraColumns::kKeep},
                         {"drop", ExtraColumns::kDrop},
                         {"error", ExtraColumns::kFail}})},
      {"on_duplicate", word(&ImportOptions::on_duplicate,
                            std::vector<std::pair<std::string, OnDuplicate>>{
                                {"first", OnDuplicate::kFirst},
                                {"last", OnDuplicate::kLast},
                                {"error", OnDuplicate::kFail}})},
      {"dedup_key",
       [](ImportOptions& import, const std::string& value) -> Result<void> {
         import.deduplication.key = names_in(value);
         return {};
       }},
      {"create",
       [](ImportOptions& import, const std::string& value) -> Result<void> {
         const auto wanted = word_of(value, kYesOrNo);
         if (!wanted) return pass(wanted);
         if (*wanted) new_table(import);
         return {};
       }},
      {"key",
       [](ImportOptions& import, const std::string& value) -> Result<void> {
         new_table(import).key = names_in(value);
         return {};
       }},
      {"time",
       [](ImportOptions& import, const std::string& value) -> Result<void> {
         new_table(import).time_column = value;
         return {};
       }},
      {"map", text(&ImportOptions::map_path)},
      {"format", within(&ImportOptions::format,
                        word(&DumpFormat::format,
                             std::vector<std::pair<std::string, InputFormat>>{
                                 {"csv", InputFormat::kCsv}, {"jsonl", InputFormat::kJsonLines}, {"parquet", InputFormat::kParquet}}))},
      {"encoding",
       within(&ImportOptions::format, word(&DumpFormat::encoding,
                                           std::vector<std::pair<std::string, TextEncoding>>{
                                               {"utf-8", TextEncoding::kUtf8},
                                               {"utf-16le", TextEncoding::kUtf16LittleEndian},
                                               {"utf-16be", TextEncoding::kUtf16BigEndian},
                                               {"latin-1", TextEncoding::kLatin1},
                                               {"windows-1252", TextEncoding::kWindows1252}}))},
      {"separator",
       [](ImportOptions& import, const std::string& value) -> Result<void> {
         import.format.separator = value == "tab" ? "\t" : value;
         return {};
       }},
      {"quote", set_quote},
      {"header", within(&ImportOptions::format, word(&DumpFormat::header, kYesOrNo))},
      {"columns",
       [](ImportOptions& import, const std::string& value) -> Result<void> {
         import.format.column_names = names_in(value);
         return {};
       }},
      {"null",
       [](ImportOptions& import, const std::string& value) -> Result<void> {
         import.values.null_spellings.push_back(value);
         return {};
       }},
      {"date_format", within(&ImportOptions::values, text(&ValueFormat::date_format))},
      {"time_zone", within(&ImportOptions::values, text(&ValueFormat::time_zone))},
      {"decimal_mark", set_mark<&ValueFormat::decimal_mark>},
      {"thousands", set_mark<&ValueFormat::thousands_separator>},
      {"again", yes_or_no(&ImportOptions::again)},
      {"dry_run", yes_or_no(&ImportOptions::dry_run)},
      {"threads", number(&ImportOptions::threads)},
      {"memory_limit", number(&ImportOptions::memory_limit)},
  };
}

}  // namespace

Result<std::string> text_argument(const char* text, const char* name) {
  if (text != nullptr) return std::string(text);
  return fail(ErrorCode::kInvalidArgument, fmt::format("`{}` is NULL where a text must be.", name));
}

Result<CreateOptions> create_options(const stave_option* options) {
  CreateOptions create;
  const auto done = read(options,
                         Setters<CreateOptions>{{"schema", text(&CreateOptions::schema_path)},
                                                {"timezone", text(&CreateOptions::timezone)}},
                         create);
  if (!done) return pass(done);
  return create;
}

Result<OpenOptions> open_options(const stave_option* options) {
  OpenOptions open;
  const auto done = read(options,
                         Setters<OpenOptions>{{"as_of", text(&OpenOptions::as_of)},
                                              {"threads", number(&OpenOptions::threads)},
                                              {"memory_limit", number(&OpenOptions::memory_limit)}},
                         open);
  if (!done) return pass(done);
  return open;
}

Result<QueryOptions> query_options(const stave_option* options, const OpenOptions& store) {
  QueryOptions query;
  query.threads = store.threads;
  query.memory_limit = store.memory_limit;
  const auto done =
      read(options,
           Setters<QueryOptions>{{"now", text(&QueryOptions::now)},
                                 {"metrics", text(&QueryOptions::metrics)},
                                 {"origin", text(&QueryOptions::origin)},
                                 {"skip_damaged", yes_or_no(&QueryOptions::skip_damaged)},
                                 {"threads", number(&QueryOptions::threads)},
                                 {"memory_limit", number(&QueryOptions::memory_limit)}},
           query);
  if (!done) return pass(done);
  return query;
}

Result<ImportOptions> import_options(const stave_option* options) {
  ImportOptions import;
  if (const auto done = read(options, import_setters(), import); !done) return pass(done);
  return import;
}

Result<std::map<std::string, std::string>> parameters_of(const stave_option* parameters) {
  std::map<std::string, std::string> values;
  for (; parameters != nullptr && parameters->name != nullptr; ++parameters) {
    auto value = text_argument(parameters->value, parameters->name);
    if (!value) return pass(value);
    if (!values.emplace(parameters->name, *std::move(value)).second) {
      return fail(
          ErrorCode::kInvalidArgument,
          fmt::format("Parameter `{}` is given twice. Leave one of them out.", parameters->name));
    }
  }
  return values;
}

}  // namespace stave::embed
