// Statements out of a stored run: nothing is computed again but where a line belongs.
#include <fmt/format.h>

#include "storage/guarded.h"
#include "storage/store_root.h"
#include "tools/royalty/book.h"
#include "tools/royalty/run_file.h"

namespace stave {
namespace {

using PoolsByNumber = std::map<std::uint64_t, const RoyaltyPool*>;
using LinesOfPayees = std::map<RoyaltyPayee, std::vector<const RoyaltyLine*>>;

RoyaltyPayee payee_of(const RoyaltyLine& line) {
  return {!line.rightsholder, line.rightsholder ? *line.rightsholder : line.artist.value_or("")};
}

RoyaltyStatementLine amount_line(const char* kind, const RoyaltyField& currency,
                                 const std::string& amount) {
  RoyaltyStatementLine line;
  line.kind = kind;
  line.currency = currency;
  line.amount = amount;
  return line;
}

// What is deducted has a minus.
std::string negated(const std::string& amount) {
  return amount.starts_with('-') ? amount.substr(1) : "-" + amount;
}

RoyaltyStatementLine earned_line(const RoyaltyLine& from, const RoyaltyPool& pool) {
  RoyaltyStatementLine line = amount_line(from.kind.c_str(), pool.currency, from.amount);
  line.track = from.track;
  line.country = pool.country;
  line.plan = pool.plan;
  line.right_type = pool.right_type;
  line.plays = from.plays;
  line.percent = from.percent;
  return line;
}

// One account: a payee in one currency.
void append_account(const RoyaltyBalance& balance, const std::vector<const RoyaltyLine*>& lines,
                    const PoolsByNumber& pools, std::vector<RoyaltyStatementLine>& out) {
  out.push_back(amount_line("opening_balance", balance.currency, balance.opening));
  for (const RoyaltyLine* line : lines) {
    const auto pool = pools.find(line->pool);
    if (pool != pools.end() && pool->second->currency == balance.currency) {
      out.push_back(earned_line(*line, *pool->second));
    }
  }
  const std::pair<const char*, std::string> deductions[] = {
      {"advances", negated(balance.advances)},
      {"costs", negated(balance.costs)},
      {"adjustments", balance.adjustments},
      {"paid_before", negated(balance.paid_before)}};
  for (const auto& [kind, amount] : deductions) {
    if (amount != "0.00" && amount != "-0.00") {
      out.push_back(amount_line(kind, balance.currency, amount));
    }
  }
  out.push_back(amount_line("payout", balance.currency, balance.payout));
  out.push_back(amount_line("closing_balance", balance.currency, balance.closing));
}

Result<std::vector<RoyaltyStatement>> statements_of(const RoyaltyRun& run,
                                                    const std::vector<RoyaltyLine>& lines,
                                                    const std::optional<RoyaltyPayee>& payee) {
  PoolsByNumber pools;
  for (const RoyaltyPool& pool : run.pools) {
    pools.emplace(pool.number, &pool);
  }
  LinesOfPayees by_payee;
  for (const RoyaltyLine& line : lines) {
    if (line.kind != "unallocated" && (!payee || payee_of(line) == *payee)) {
      by_payee[payee_of(line)].push_back(&line);
    }
  }
  std::vector<RoyaltyStatement> statements;
  for (const RoyaltyBalance& balance : run.balances) {
    if (payee && balance.payee != *payee) {
      continue;
    }
    if (statements.empty() || statements.back().payee != balance.payee) {
      statements.push_back({balance.payee, {}});
    }
    append_account(balance, by_payee[balance.payee], pools, statements.back().lines);
  }
  if (payee && statements.empty()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("Run {} has no account of {}. `stave royalty show` lists them.", run.id,
                            royalty::payee_text(*payee)));
  }
  return statements;
}

}  // namespace

Result<std::vector<RoyaltyStatement>> royalty_statements(const std::string& store, std::uint64_t id,
                                                         const std::optional<RoyaltyPayee>& payee) {
  return guarded("statements were made", [&]() -> Result<std::vector<RoyaltyStatement>> {
    const auto files = open_store_root(store);
    if (!files) {
      return pass(files);
    }
    const auto book = royalty::Book::read(**files);
    if (!book) {
      return pass(book);
    }
    const auto run = book->load(**files, id);
    if (!run) {
      return pass(run);
    }
    const auto text = book->lines(**files, id);
    if (!text) {
      return pass(text);
    }
    const auto lines = royalty::lines_of_text(*text, royalty::lines_file_name(id));
    if (!lines) {
      return pass(lines);
    }
    return statements_of(*run, *lines, payee);
  });
}

}  // namespace stave
