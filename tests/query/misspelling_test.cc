// Programs misspelt by a script: each message has a place, and says what would be right there, by a
// hint, by the names there are, or by what was expected.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "query/reports/report_catalogue.h"
#include "query/running/compile.h"
#include "query/syntax/lexer.h"
#include "tests/query/support/text_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::testing {
namespace {

constexpr int kMisspellings = 5'000;

void add_examples(const std::string& page, std::vector<std::string>& programs) {
  std::ifstream file(std::string(STAVE_SOURCE_FOLDER "/docs/") + page);
  std::ostringstream read;
  read << file.rdbuf();
  const std::string text = read.str();
  const std::string fence = "```";
  std::size_t at = 0;
  while ((at = text.find(fence + "stave\n", at)) != std::string::npos) {
    at += fence.size() + 6;
    const std::size_t end = text.find(fence, at);
    programs.push_back(text.substr(at, end - at));
    at = end + fence.size();
  }
}

std::vector<std::string> right_programs() {
  std::vector<std::string> programs;
  add_examples("language.md", programs);
  add_examples("coming-from.md", programs);
  for (const BuiltInReport& report : built_in_reports()) programs.emplace_back(report.text);
  return programs;
}

// As fingers do it: a letter lost, doubled, swapped with the next, or another one.
std::string mistype(std::string word, std::mt19937_64& random) {
  const std::size_t at = random() % word.size();
  switch (random() % 4) {
    case 0:
      word.erase(at, 1);
      break;
    case 1:
      word.insert(at, 1, word[at]);
      break;
    case 2:
      if (at + 1 < word.size()) std::swap(word[at], word[at + 1]);
      break;
    default:
      word[at] = static_cast<char>('a' + random() % 26);
  }
  return word;
}

// One token of the program mistyped, left out, or written twice.
std::string misspell(const std::string& program, std::mt19937_64& random) {
  const SourceText source(program, "q.stq");
  const std::vector<Token> tokens = tokenize(source);
  const Token& token = tokens[random() % (tokens.size() - 1)];
  const std::string text(source.slice(token.span));
  std::string wrong;
  if (token.kind == TokenKind::kWord) {
    wrong = mistype(text, random);
  } else if (random() % 2 == 0) {
    wrong = text + " " + text;
  }
  return program.substr(0, token.span.begin) + wrong + program.substr(token.span.end);
}

bool says_what_is_right(const Diagnostic& fault) {
  return !fault.hint.empty() || !fault.available.empty() || !fault.notes.empty() ||
         fault.message.starts_with("expected ");
}

TEST(Misspelling, EveryMessageHasAPlaceAndSaysWhatWouldBeRight) {
  const TemporaryFolder folder;
  make_text_store(folder.path() + "/s.stave", {}, {});
  const auto store = Store::open(folder.path() + "/s.stave");
  const std::vector<std::string> programs = right_programs();
  ASSERT_GT(programs.size(), 20U);
  std::mt19937_64 random(5);
  int wrong = 0;
  for (int round = 0; round < kMisspellings; ++round) {
    const std::string program = misspell(programs[random() % programs.size()], random);
    std::vector<Diagnostic> faults;
    std::vector<std::string> warnings;
    QueryOptions options;
    options.origin = "q.stq";
    const auto compiled =
        compile(store->snapshot(), program, options, faults, warnings, CompileFor::kChecking);
    if (compiled) continue;
    ++wrong;
    EXPECT_FALSE(faults.empty()) << program << "\n" << compiled.error().message;
    for (const Diagnostic& fault : faults) {
      EXPECT_TRUE(fault.line >= 1 && fault.column >= 1 && fault.length >= 1) << fault.text;
      EXPECT_TRUE(says_what_is_right(fault)) << fault.text;
    }
  }
  EXPECT_GT(wrong, kMisspellings / 2);  // the others are right in another way
}

}  // namespace
}  // namespace stave::testing
