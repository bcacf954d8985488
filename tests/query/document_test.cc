// What the documents show is true: every example of the language reference and of the page for
// those who come from other languages compiles, and every code of the page of errors is provoked by
// its program.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "query/reports/report_catalogue.h"
#include "query/running/compile.h"
#include "tests/query/support/text_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::testing {
namespace {

std::string read_document(const std::string& name) {
  std::ifstream file(std::string(STAVE_SOURCE_FOLDER "/docs/") + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> blocks_of(const std::string& text) {
  const std::string fence = "```";
  std::vector<std::string> blocks;
  std::size_t at = 0;
  while ((at = text.find(fence + "stave\n", at)) != std::string::npos) {
    at += fence.size() + 6;
    const std::size_t end = text.find(fence, at);
    blocks.push_back(text.substr(at, end - at));
    at = end + fence.size();
  }
  return blocks;
}

class DocumentTest : public ::testing::Test {
 protected:
  void SetUp() override { make_text_store(path_, {{"streams", "user_id,track_id\n1,a\n"}}, {}); }

  std::vector<Diagnostic> faults_of(const std::string& program) {
    const auto store = Store::open(path_);
    std::vector<Diagnostic> faults;
    std::vector<std::string> warnings;
    QueryOptions options;
    options.now = "2025-06-01";
    const auto compiled = compile(store->snapshot(), program, options, faults, warnings);
    if (!compiled && faults.empty()) ADD_FAILURE() << compiled.error().message;
    return faults;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/documents.stave";
};

TEST_F(DocumentTest, EveryExampleCompiles) {
  for (const char* page : {"language.md", "coming-from.md"}) {
    const std::vector<std::string> examples = blocks_of(read_document(page));
    ASSERT_GT(examples.size(), 8U) << page;
    for (const std::string& example : examples) {
      const auto faults = faults_of(example);
      EXPECT_TRUE(faults.empty()) << page << "\n" << example << "\n" << render_all(faults);
    }
  }
}

// Rows of the page look like: | E104 | what it means | `program` |
TEST_F(DocumentTest, EveryCodeIsProvokedByItsProgram) {
  std::istringstream lines(read_document("errors.md"));
  std::string line;
  std::set<std::string> codes;
  while (std::getline(lines, line)) {
    if (!line.starts_with("| E")) continue;
    const std::string code = line.substr(2, 4);
    const std::size_t begin = line.find("`` ");
    const std::size_t end = line.rfind(" ``");
    ASSERT_NE(begin, std::string::npos) << line;
    std::string program = line.substr(begin + 3, end - begin - 3);
    for (std::size_t bar = 0; (bar = program.find("\\|", bar)) != std::string::npos; ++bar) {
      program.erase(bar, 1);
    }
    const auto faults = faults_of(program);
    ASSERT_FALSE(faults.empty()) << program;
    EXPECT_EQ(faults[0].code, code) << program << "\n" << render_all(faults);
    EXPECT_GT(faults[0].column, 0);
    codes.insert(code);
  }
  EXPECT_GT(codes.size(), 30U);
}

TEST_F(DocumentTest, EveryReportCompilesAndIsDescribed) {
  const auto store = Store::open(path_);
  const std::string page = read_document("reports.md");
  for (const ReportDescription& report : list_reports(*store)) {
    EXPECT_FALSE(report.summary.empty()) << report.name;
    EXPECT_NE(page.find(report.name), std::string::npos) << report.name;
    QueryOptions options;
    options.origin = report.name;
    for (const ReportParameter& parameter : report.parameters) {
      if (!parameter.default_text.empty()) continue;
      options.parameters[parameter.name] = parameter.type == "date" ? "2025-05-01" : "1";
    }
    std::vector<Diagnostic> faults;
    std::vector<std::string> warnings;
    const auto text = report_text(store->snapshot(), report.name);
    const auto compiled = compile(store->snapshot(), *text, options, faults, warnings);
    EXPECT_TRUE(compiled) << compiled.error().message;
    EXPECT_TRUE(warnings.empty()) << report.name;
  }
}

}  // namespace
}  // namespace stave::testing
