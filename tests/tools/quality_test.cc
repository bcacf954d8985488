// Rules against loads: the cases of tests/tools/cases/quality.txt, and what a refused load leaves.
//
//   ==== what is tested
//   ---- stored streams         loads before the rules, any number
//   ---- rules                  a TOML file
//   ---- load streams           the load that they are checked for
//   ---- findings               severity, name, finding, violations; examples below; empty: all
//   kept
//   ---- error                  or what becomes of the load, or of reading the rules
#include "stave/quality.h"

#include <fmt/format.h>

#include <fstream>
#include <set>

#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

constexpr std::int64_t kNoon = 1'746'187'200'000'000;  // 2025-05-02T12:00:00Z

struct RuleCase {
  std::string title;
  std::vector<std::pair<std::string, std::string>> sections;  // heading, text
};

std::vector<RuleCase> read_rule_cases() {
  std::ifstream file(STAVE_SOURCE_FOLDER "/tests/tools/cases/quality.txt");
  std::vector<RuleCase> cases;
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("==== ")) {
      cases.push_back({line.substr(5), {}});
    } else if (line.starts_with("---- ")) {
      cases.back().sections.emplace_back(line.substr(5), "");
    } else {
      cases.back().sections.back().second += line + "\n";
    }
  }
  return cases;
}

std::string text_of(const std::vector<RuleResult>& results) {
  std::string text;
  for (const RuleResult& result : results) {
    if (result.kept) continue;
    text += fmt::format("{} {}: {} ({})\n", name_of(result.severity), result.rule, result.finding,
                        result.violations);
    for (const std::string& example : result.examples) text += "  " + example + "\n";
  }
  return text;
}

class Quality : public ImportTest {
 protected:
  void run_case(const RuleCase& rule_case) {
    SCOPED_TRACE(rule_case.title);
    make_store();
    std::vector<RuleResult> results;
    std::string error;
    for (const auto& [heading, text] : rule_case.sections) {
      const std::string table = heading.substr(heading.find(' ') + 1);
      if (heading.starts_with("stored ")) {
        import_well(table, text);
      } else if (heading == "rules") {
        const auto rules = quality_rules_from_toml(text, "rules.toml");
        if (!rules) error = rules.error().message + "\n";
        if (rules) gate(*rules, results);
      } else if (heading.starts_with("load ")) {
        const auto loaded = import(table, text);
        if (!loaded) error = loaded.error().message + "\n";
      } else if (heading == "findings") {
        EXPECT_EQ(text_of(results), text);
        EXPECT_EQ(error, "");
      } else if (heading == "error") {
        EXPECT_EQ(error, text);
      } else {
        ADD_FAILURE() << "no section " << heading;
      }
    }
    options.before_commit = nullptr;
  }

  void gate(const std::vector<QualityRule>& rules, std::vector<RuleResult>& results) {
    QualityOptions quality;
    quality.now = kNoon;
    quality.arrival = kNoon - std::int64_t{86'400'000'000};
    options.before_commit = quality_gate(rules, quality, results);
  }

  std::string unfit(const std::string& toml, bool more_may_come) const {
    const auto store = Store::open(store_path());
    const auto fits = check_rules_fit(*quality_rules_from_toml(toml, "r"), *store, more_may_come);
    return fits ? "" : fits.error().message;
  }
};

TEST_F(Quality, CasesGiveWhatTheySay) {
  const std::vector<RuleCase> cases = read_rule_cases();
  EXPECT_GT(cases.size(), 20U);
  for (const RuleCase& rule_case : cases) run_case(rule_case);
}

TEST_F(Quality, ALoadThatFailsLeavesTheStoreAsItWas) {
  const std::string header = "user_id,track_id,listen_time,likes\n";
  import_well("streams", header + "1,a,2025-05-01 10:00:00,5\n");
  const auto before = store_files();
  std::vector<RuleResult> results;
  gate(*quality_rules_from_toml("[[rule]]\ntable = 'plays'\ncheck = 'range'\ncolumn = 'likes'\n"
                                "min = 0\n",
                                "r"),
       results);
  const auto refused = import("streams", header + "2,new,2025-05-03 10:00:00,-1\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidData);
  EXPECT_TRUE(store_files() == before);
  EXPECT_EQ(snapshot()->manifest().loads.size(), 1U);
}

TEST_F(Quality, RepeatsAreCountedTheSameForAnyMemoryAndThreads) {
  std::string csv = "stream_id,user_id,track_id,listen_time,source\n";
  std::set<std::pair<int, int>> kinds;
  for (int i = 0; i < 120; ++i) {
    csv += fmt::format("{},{},a,2025-05-{:02} 10:00:00,{}\n", i % 13, i % 7, 1 + i % 5,
                       i % 4 == 0 ? "" : "x");
    if (i % 4 != 0) kinds.emplace(i % 13, i % 5);
  }
  const std::string rule = "[[rule]]\ntable = 'plays'\ncheck = 'unique'\nseverity = 'warn'\n";
  for (const char* columns :
       {"['stream_id', 'source', 'listen_time']", "['stream_id', 'source']"}) {
    const bool by_day = std::string(columns).find("listen_time") != std::string::npos;
    for (const int threads : {1, 3}) {
      for (const std::uint64_t memory : {std::uint64_t{0}, std::uint64_t{64}}) {
        make_store();
        options.before_commit = nullptr;
        import_well("streams", csv);
        std::vector<RuleResult> results;
        QualityOptions quality;
        quality.threads = threads;
        quality.memory_limit = memory;
        options.before_commit = quality_gate(
            *quality_rules_from_toml(rule + "columns = " + columns + "\n" + rule +
                                         "columns = " + columns + "\nscope = 'table'\n",
                                     "r"),
            quality, results);
        options.again = true;
        import_well("streams", csv);
        ASSERT_EQ(results.size(), 2U);
        EXPECT_EQ(results[0].violations, 90U - (by_day ? kinds.size() : 13U));
        EXPECT_EQ(results[1].violations, 90U);
        EXPECT_EQ(results[0].examples.size(), 5U);
      }
    }
  }
}

TEST_F(Quality, FindingsOfAllStepsOfALoadAreTold) {
  const std::string header = "user_id,track_id,listen_time,likes\n";
  std::vector<std::string> paths;
  for (const char* likes : {"1", "-1", "2", "-2"}) {
    paths.push_back(
        file(std::string("step") + likes, header + "1,a,2025-05-01 10:00:00," + likes + "\n"));
  }
  std::vector<RuleResult> results;
  gate(*quality_rules_from_toml("[[rule]]\ntable = 'plays'\ncheck = 'range'\ncolumn = 'likes'\n"
                                "min = 0\nseverity = 'warn'\nname = 'r'\n",
                                "r"),
       results);
  options.resume = true;
  options.step_bytes = 1;
  ASSERT_TRUE(import_paths("streams", paths));
  EXPECT_EQ(text_of(results),
            "warn r: likes must be at least 0 (2)\n"
            "  likes=-1, user_id=1, track_id=a, listen_time=2025-05-01 10:00:00\n"
            "  likes=-2, user_id=1, track_id=a, listen_time=2025-05-01 10:00:00\n");
}

TEST_F(Quality, RulesCanBeCheckedBeforeAFileArrives) {
  const std::string like_of = "[[rule]]\ntable = 'streams'\ncheck = 'like'\npattern = 'a%'\n";
  EXPECT_EQ(unfit(like_of + "column = 'platform'\n", false), "");
  EXPECT_NE(unfit(like_of + "column = 'mood'\n", false).find("r, line 1"), std::string::npos);
  EXPECT_EQ(unfit(like_of + "column = 'mood'\n", true), "");
  const std::string condition = "[[rule]]\ntable = 'streams'\ncheck = 'condition'\n";
  EXPECT_NE(unfit(condition + "condition = 'likes >'\n", true), "");
  EXPECT_NE(unfit(condition + "condition = 'mood > 1'\n", false), "");
  EXPECT_EQ(unfit(condition + "condition = 'mood > 1'\n", true), "");
  const std::string unknown = "[[rule]]\ntable = 'strems'\ncheck = 'rows'\nmin = 1\n";
  EXPECT_NE(unfit(unknown, false).find("table strems"), std::string::npos);
  EXPECT_EQ(unfit(unknown, true), "");
}

TEST_F(Quality, AMissingFileOfRulesIsNamed) {
  const auto rules = read_quality_rules(path("none.toml"));
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().code, ErrorCode::kNotFound);
  EXPECT_NE(rules.error().message.find("none.toml"), std::string::npos);
}

}  // namespace
}  // namespace stave::testing
