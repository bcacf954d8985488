// The layout of programs: what it looks like, and what it never changes. The programs are all that
// the tests, the reports and the language's reference have, also with other blanks, and with a
// comment in any gap.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "query/reports/report_catalogue.h"
#include "query/syntax/lexer.h"
#include "stave/program.h"
#include "tests/query/support/text_case.h"

namespace stave::testing {
namespace {

std::vector<std::string> known_programs() {
  std::vector<std::string> programs;
  for (const TextCase& one : read_cases(STAVE_SOURCE_FOLDER "/tests/query/cases")) {
    if (!one.program.empty()) programs.push_back(one.program);
  }
  for (const BuiltInReport& report : built_in_reports()) programs.emplace_back(report.text);
  std::ostringstream page;
  for (const char* name : {"/docs/language.md", "/docs/coming-from.md"}) {
    std::ifstream file(std::string(STAVE_SOURCE_FOLDER) + name);
    page << file.rdbuf();
  }
  const std::string text = page.str();
  const std::string fence = "```";
  for (std::size_t at = 0; (at = text.find(fence + "stave\n", at)) != std::string::npos;) {
    at += fence.size() + 6;
    const std::size_t end = text.find(fence, at);
    programs.push_back(text.substr(at, end - at));
    at = end + fence.size();
  }
  return programs;
}

// What must not change: kind and text of every token. The parser sees nothing else.
std::vector<std::string> tokens_of(const std::string& program) {
  std::vector<std::string> list;
  for (const Token& token : tokenize(SourceText(program, "q"))) {
    list.push_back(std::to_string(static_cast<int>(token.kind)) + " " + token.text);
  }
  return list;
}

std::size_t comments_in(const std::string& program) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = program.find("# mark", at)) != std::string::npos; ++at) ++count;
  return count;
}

void expect_kept(const std::string& program) {
  const auto once = format_program(program, "q");
  if (!once) return;  // a case about a fault
  EXPECT_EQ(tokens_of(program), tokens_of(*once)) << program;
  EXPECT_EQ(comments_in(program), comments_in(*once)) << program;
  const auto twice = format_program(*once, "q");
  ASSERT_TRUE(twice) << *once;
  EXPECT_EQ(*once, *twice) << program;
  EXPECT_TRUE(once->empty() || once->ends_with("\n"));
  EXPECT_EQ(once->find(" \n"), std::string::npos) << *once;
}

TEST(Format, KeepsEveryProgram) {
  const auto programs = known_programs();
  ASSERT_GT(programs.size(), 40U);
  for (const std::string& program : programs) expect_kept(program);
}

TEST(Format, KeepsCommentsInAnyGap) {
  std::mt19937_64 random(5);
  const std::vector<std::string> gaps = {
      " ", "\n", "  \n\n ", " # mark\n", "\n# mark\n", "# mark \n\n# mark\n", "\n\n\n# mark\n",
      "\t"};
  for (const std::string& program : known_programs()) {
    if (!format_program(program, "q")) continue;
    const SourceText source(program, "q");
    for (int round = 0; round < 8; ++round) {
      std::string other;
      for (const Token& token : tokenize(source)) {
        other += gaps[random() % (round < 2 ? 3 : gaps.size())];
        other += source.slice(token.span);
      }
      expect_kept(other);
    }
  }
}

// Blanks and line ends do not matter: the layout is the same.
TEST(Format, DependsOnTokensAlone) {
  for (const std::string& program : known_programs()) {
    const auto laid = format_program(program, "q");
    if (!laid || laid->find('#') != std::string::npos) continue;
    const SourceText source(program, "q");
    std::string narrow;
    for (const Token& token : tokenize(source))
      narrow += std::string(source.slice(token.span)) + "\n";
    std::string plain;
    for (std::size_t i = 0; i < laid->size(); ++i) {  // blank lines between statements are kept
      if (i == 0 || (*laid)[i] != '\n' || (*laid)[i - 1] != '\n') plain += (*laid)[i];
    }
    EXPECT_EQ(plain, format_program(narrow, "q").value()) << program;
  }
}

TEST(Format, BreaksWhatIsLong) {
  const std::string program =
      "# plays\nparam a:decimal( 6,4 )=-0.5;let x=from streams|where(user_id==1 or not(likes>- 2))"
      "|take 5;\n\nfrom streams  # all\n|summarize listen_count=count( "
      "),unique_listeners=distinct(user_id),"
      "total=sum(coalesce(duration_sec*1000,track.duration_ms)) by "
      "day,genre=track.track_genre|join inner "
      "(from tracks|where contains(track_name,\"a\") and popularity>10 and track_genre in "
      "(\"rock\",\"jazz\")) as t "
      "on track_id|derive r=sum(listen_count) over(per day sort genre desc rows -1 .. 0)::f64";
  EXPECT_EQ(format_program(program, "q").value(), R"(# plays
param a: decimal(6,4) = -0.5;
let x = from streams | where (user_id == 1 or not (likes > -2)) | take 5;

from streams  # all
| summarize
    listen_count = count(),
    unique_listeners = distinct(user_id),
    total = sum(coalesce(duration_sec * 1000, track.duration_ms))
  by day, genre = track.track_genre
| join inner (
    from tracks
    | where contains(track_name, "a") and popularity > 10 and track_genre in ("rock", "jazz")
  ) as t
  on track_id
| derive r = sum(listen_count) over (per day sort genre desc rows -1 .. 0)::f64
)");
}

TEST(Format, NamesTheFault) {
  std::vector<Diagnostic> faults;
  const auto laid = format_program("from streams | where", "q.stq", &faults);
  ASSERT_FALSE(laid);
  EXPECT_EQ(laid.error().code, ErrorCode::kInvalidProgram);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].code, "E002");
}

}  // namespace
}  // namespace stave::testing
