// Reading case files, and running one case.
#include "tests/query/support/text_case.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/query/support/text_sink.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::testing {
namespace {

std::map<std::string, std::string> assignments(const std::string& text) {
  std::map<std::string, std::string> values;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) values[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return values;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

void add_section(TextCase& into, const std::string& heading, const std::string& text) {
  const std::size_t blank = heading.find(' ');
  const std::string kind = heading.substr(0, blank);
  const std::string argument = blank == std::string::npos ? "" : heading.substr(blank + 1);
  if (kind == "table") {
    into.tables.push_back({argument, text});
  } else if (kind == "program") {
    into.program = trimmed(text);
  } else if (kind == "report") {
    into.report = argument;
    into.parameters = assignments(text);
  } else if (kind == "parameters") {
    into.parameters = assignments(text);
  } else if (kind == "now") {
    into.now = trimmed(text);
  } else if (kind == "timezone") {
    into.store.timezone = trimmed(text);
  } else if (kind == "schema") {
    into.store.schema = text;
  } else if (kind == "result") {
    into.results.push_back(trimmed(text));
  } else if (kind == "error") {
    into.error = trimmed(text);
  } else if (kind == "warnings") {
    into.warnings = trimmed(text);
  } else {
    ADD_FAILURE() << into.file << ": no section " << kind;
  }
}

std::vector<TextCase> read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  TextCase shared;
  shared.file = path.stem().string();
  std::vector<TextCase> cases;
  TextCase* into = &shared;
  std::string heading;
  std::string text;
  std::string line;
  int number = 0;
  const auto flush = [&] {
    if (!heading.empty()) add_section(*into, heading, text);
    heading.clear();
    text.clear();
  };
  while (std::getline(file, line)) {
    ++number;
    if (line.starts_with("==== ")) {
      flush();
      cases.push_back(shared);
      into = &cases.back();
      into->title = line.substr(5);
      into->line = number;
    } else if (line.starts_with("---- ")) {
      flush();
      heading = line.substr(5);
    } else {
      text += line + "\n";
    }
  }
  flush();
  return cases;
}

}  // namespace

std::vector<TextCase> read_cases(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<TextCase> cases;
  for (const auto& file : files) {
    for (TextCase& one : read_file(file)) cases.push_back(std::move(one));
  }
  return cases;
}

void check_case(const TextCase& text_case, int threads) {
  SCOPED_TRACE(text_case.file + ".txt:" + std::to_string(text_case.line));
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/case.stave";
  make_text_store(path, text_case.tables, text_case.store);
  const auto store = Store::open(path);
  ASSERT_TRUE(store) << store.error().message;
  QueryOptions options;
  options.parameters = text_case.parameters;
  options.now = text_case.now;
  options.origin = "q.stq";
  options.threads = threads;
  TextSink sink;
  std::vector<std::string> warnings;
  const auto ran = text_case.report.empty()
                       ? query(*store, text_case.program, options, sink, nullptr, &warnings)
                       : report(*store, text_case.report, options, sink, &warnings);
  if (!text_case.error.empty()) {
    ASSERT_FALSE(ran) << "it should fail:\n" << text_case.error;
    EXPECT_EQ(ran.error().message, text_case.error);
    return;
  }
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(sink.results(), text_case.results);
  std::string joined;
  for (const std::string& warning : warnings) joined += (joined.empty() ? "" : "\n") + warning;
  EXPECT_EQ(joined, text_case.warnings);
}

}  // namespace stave::testing
