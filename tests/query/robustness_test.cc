// Programs of random bytes, mutated programs and programs nested too deep: every one is answered by
// a plan or by faults with a place.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "query/reports/report_catalogue.h"
#include "query/running/compile.h"
#include "query/syntax/parser.h"
#include "tests/query/support/text_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::testing {
namespace {

std::vector<Diagnostic> parse_faults(const std::string& program) {
  const SourceText source(program, "q.stq");
  Diagnostics diagnostics(source);
  parse(source, diagnostics);
  return diagnostics.sorted();
}

void expect_placed(const std::vector<Diagnostic>& faults) {
  EXPECT_LE(faults.size(), kMaxErrors);
  for (const Diagnostic& fault : faults) {
    EXPECT_GE(fault.line, 1);
    EXPECT_GE(fault.column, 1);
    EXPECT_GE(fault.length, 1);
    EXPECT_FALSE(fault.message.empty());
  }
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Robustness, RandomBytesAreParsed) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string program;
    if (round % 2 == 0) program = "from streams | ";
    const std::size_t length = random() % 120;
    for (std::size_t i = 0; i < length; ++i) program += static_cast<char>(random());
    expect_placed(parse_faults(program));
  }
}

TEST(Robustness, MutatedReportsAreCompiled) {
  const TemporaryFolder folder;
  make_text_store(folder.path() + "/s.stave", {}, {});
  const auto store = Store::open(folder.path() + "/s.stave");
  const std::string letters = "|;,.()=<>+-*/%{}:$@`\"'#_ \n09azAZ";
  std::mt19937_64 random(11);
  for (const BuiltInReport& report : built_in_reports()) {
    for (int round = 0; round < 60; ++round) {
      std::string program(report.text);
      for (std::size_t edits = 1 + random() % 3; edits > 0; --edits) {
        const std::size_t at = random() % program.size();
        switch (random() % 3) {
          case 0:
            program.erase(at, 1 + random() % 8);
            break;
          case 1:
            program.insert(at, 1, letters[random() % letters.size()]);
            break;
          default:
            program[at] = letters[random() % letters.size()];
        }
      }
      std::vector<Diagnostic> faults;
      std::vector<std::string> warnings;
      QueryOptions options;
      options.now = "2025-06-01";
      const auto compiled = compile(store->snapshot(), program, options, faults, warnings);
      EXPECT_EQ(faults.empty(), compiled.has_value()) << program;
      expect_placed(faults);
    }
  }
}

TEST(Robustness, DeepNestingIsAFault) {
  for (const std::string& deep :
       {repeated("(", 100'000), repeated("not ", 100'000), repeated("- ", 100'000),
        "1" + repeated(" + 1", 100'000), "x" + repeated("::i64", 100'000), repeated("if(", 100'000),
        repeated("case {", 100'000)}) {
    const auto faults = parse_faults("from streams | where " + deep);
    ASSERT_FALSE(faults.empty()) << deep.substr(0, 20);
    EXPECT_EQ(faults[0].code, "E003") << deep.substr(0, 20);
  }
  EXPECT_EQ(parse_faults(repeated("from (", 100'000))[0].code, "E003");
  EXPECT_EQ(parse_faults("from streams" + repeated(" | take 1", 10'000))[0].code, "E003");
}

TEST(Robustness, MetricsThatDoubleAreAFault) {
  const TemporaryFolder folder;
  make_text_store(folder.path() + "/s.stave", {}, {});
  const auto store = Store::open(folder.path() + "/s.stave");
  std::string program = "metric m0 = count();\n";
  for (int i = 1; i < 28; ++i) {
    const std::string before = "m" + std::to_string(i - 1);
    program += "metric m" + std::to_string(i) + " = " + before + " + " + before + ";\n";
  }
  program += "from streams | summarize m27 by day";
  std::vector<Diagnostic> faults;
  std::vector<std::string> warnings;
  EXPECT_FALSE(compile(store->snapshot(), program, {}, faults, warnings));
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults[0].code, "E003");
}

}  // namespace
}  // namespace stave::testing
