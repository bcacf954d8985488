// Sums of allocations by key are worked out user by user (engine/operators/allocated_sums.h): they
// must be what windows and groupings give, which is what runs that spill do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/operators/allocated_sums.h"
#include "query/planning/optimize.h"
#include "query/running/compile.h"
#include "stave/query.h"
#include "tests/query/support/run_program.h"
#include "tests/query/support/text_sink.h"
#include "tests/query/support/text_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::testing {
namespace {

constexpr const char* kFees =
    "let fees = from subscriptions | summarize paid = sum(price_paid) by user_id, currency "
    "| select user_id, currency, net = round(paid * 0.70, 3); ";
constexpr const char* kShares =
    "from streams | summarize plays = count() by user_id, country_code, track_id "
    "| join inner many fees as f on user_id == f.user_id "
    "| derive part = allocate(net, plays) over (per user_id, currency sort track_id, country_code) "
    "| summarize part = sum(part) by country_code, currency, track_id";

class AllocatedSumsTest : public ::testing::Test {
 protected:
  void make_store(unsigned seed, const std::string& price) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
    const auto one_of = [&](std::vector<std::string> texts) {
      return texts[below(static_cast<unsigned>(texts.size()))];
    };
    std::string plays = "user_id,track_id,country_code,listen_time\n";
    for (unsigned play = 0, all = 1 + below(400); play < all; ++play) {
      plays += fmt::format(
          "{},{},{},2025-05-01T00:00:00\n", below(20) == 0 ? "" : std::to_string(below(30)),
          below(20) == 0 ? "" : fmt::format("t{}", below(9)), one_of({"DE", "SE", ""}));
    }
    std::string paid = "subscription_id,user_id,start_date,price_paid,currency\n";
    for (unsigned fee = 0, all = 1 + below(40); fee < all; ++fee) {
      paid += fmt::format("{},{},2025-05-01,{},{}\n", fee, below(30),
                          price.empty() ? fmt::format("{}.{:02}", below(20), below(100)) : price,
                          one_of({"EUR", "USD", ""}));
    }
    const std::string path = fmt::format("{}/{}.stave", folder_.path(), seed);
    make_text_store(path, {{"streams", plays}, {"subscriptions", paid}}, {});
    auto store = Store::open(path);
    ASSERT_TRUE(store) << store.error().message;
    store_.emplace(*std::move(store));
  }

  // Every way gives what the spilling ones give.
  void expect_same_always(const std::string& program) {
    std::optional<std::string> expected;
    for (const RunWay& way : run_ways()) {
      if (way.execution.spill_rows == 0) continue;
      const auto result = run_program(*store_, program, way);
      ASSERT_TRUE(result) << result.error().message;
      expected = *result;
      break;
    }
    for (const RunWay& way : run_ways()) {
      const auto result = run_program(*store_, program, way);
      ASSERT_TRUE(result) << way.name << ": " << result.error().message;
      ASSERT_EQ(*result, *expected) << way.name;
    }
  }

  bool is_found(const std::string& program) const {
    std::vector<Diagnostic> diagnostics;
    std::vector<std::string> warnings;
    const auto compiled =
        compile(store_->snapshot(), program, QueryOptions(), diagnostics, warnings);
    EXPECT_TRUE(compiled);
    const Plan* plan = compiled->pipelines.at(0).plan.get();
    while (const auto* project = std::get_if<ProjectNode>(&plan->node)) plan = project->input.get();
    const auto* sums = std::get_if<AggregateNode>(&plan->node);
    return sums != nullptr && find_allocated_sums(*sums, [](const Plan&) { return false; });
  }

  TemporaryFolder folder_;
  std::optional<Store> store_;
};

TEST_F(AllocatedSumsTest, AreWhatWindowsAndGroupingsGive) {
  for (unsigned seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    make_store(seed, "");
    if (HasFatalFailure()) return;
    expect_same_always(std::string(kFees) + kShares);
    if (HasFatalFailure()) return;
  }
  EXPECT_TRUE(is_found(std::string(kFees) + kShares));
}

TEST_F(AllocatedSumsTest, LeaveNegativeTotalsToWindows) {
  make_store(1000, "-3.33");
  expect_same_always(std::string(kFees) + kShares);
}

TEST_F(AllocatedSumsTest, AreExactForLargeTotals) {
  make_store(1001, "9000000000.07");
  std::string program = std::string(kFees) + kShares;
  program.replace(program.find("paid * 0.70, 3"), 14, "paid * 0.7000000, 9");
  expect_same_always(program);
}

TEST_F(AllocatedSumsTest, TotalsThatAreNotToldApartAreAnErrorAsEver) {
  make_store(1002, "");
  std::string program = std::string(kFees) + kShares;
  program.replace(program.find("per user_id, currency"), 21, "per user_id");
  ASSERT_TRUE(is_found(program));
  TextSink sink;
  const auto ran = query(*store_, program, QueryOptions(), sink);
  ASSERT_FALSE(ran);
  EXPECT_NE(ran.error().message.find("not the same in its whole partition"), std::string::npos);
}

TEST_F(AllocatedSumsTest, OtherPlansAreLeftAlone) {
  make_store(1003, "");
  const auto changed = [](const std::string& from, const std::string& to) {
    std::string program = std::string(kFees) + kShares;
    program.replace(program.find(from), from.size(), to);
    return program;
  };
  for (const std::string& program :
       {changed("sort track_id, country_code", "sort track_id desc, country_code"),
        changed("sort track_id, country_code", "sort plays, track_id, country_code"),
        changed("by country_code, currency, track_id", "by currency, track_id"),
        changed("plays = count()", "plays = sum(duration_sec)"),
        changed("join inner many", "join left many"), changed("sum(part)", "max(part)")}) {
    EXPECT_FALSE(is_found(program)) << program;
  }
}

}  // namespace
}  // namespace stave::testing
