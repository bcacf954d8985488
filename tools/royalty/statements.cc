// Statements out of a stored run: nothing is computed again but where a line belongs. Of the lines
// only their text is held, and where in it those of each payee are.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "storage/guarded.h"
#include "storage/store_root.h"
#include "tools/royalty/book.h"
#include "tools/royalty/fields.h"
#include "tools/royalty/run_file.h"

namespace stave {
namespace {

using PoolsByNumber = std::map<std::uint64_t, const RoyaltyPool*>;

// Lines of one payee in one pool, which come together in the text.
struct Stretch {
  std::uint64_t pool = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};
using StretchesOfPayees = std::map<RoyaltyPayee, std::vector<Stretch>>;

// Takes the field before the next tab off a line.
std::string_view take_field(std::string_view& line) {
  const std::size_t tab = line.find('\t');
  const std::string_view field = line.substr(0, tab);
  line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
  return field;
}

StretchesOfPayees stretches_of(std::string_view text) {
  StretchesOfPayees stretches;
  std::string_view last_pool, last_holder, last_artist;
  Stretch* last = nullptr;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t line_end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    std::string_view line = text.substr(begin, line_end - begin);
    const std::string_view pool = take_field(line);
    const std::string_view holder = take_field(line);
    const std::string_view artist = holder.empty() ? take_field(line) : std::string_view();
    if (!holder.empty()) take_field(line);
    take_field(line);  // the track
    if (take_field(line) == "unallocated") {
      last = nullptr;
    } else if (last != nullptr && pool == last_pool && holder == last_holder &&
               artist == last_artist) {
      last->end = line_end;
    } else {
      const RoyaltyPayee payee{holder.empty(),
                               royalty::unescaped(holder.empty() ? artist : holder)};
      const auto number = royalty::number_of(std::string(pool)).value_or(0);
      last = &stretches[payee].emplace_back(Stretch{number, begin, line_end});
    }
    last_pool = pool;
    last_holder = holder;
    last_artist = artist;
    begin = line_end;
  }
  return stretches;
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

RoyaltyStatementLine earned_line(RoyaltyLine&& from, const RoyaltyPool& pool) {
  RoyaltyStatementLine line = amount_line(from.kind.c_str(), pool.currency, from.amount);
  line.track = std::move(from.track);
  line.country = pool.country;
  line.plan = pool.plan;
  line.right_type = pool.right_type;
  line.plays = from.plays;
  line.percent = std::move(from.percent);
  return line;
}

// One account: a payee in one currency.
void append_account(const RoyaltyBalance& balance, std::vector<RoyaltyLine> lines,
                    const PoolsByNumber& pools, std::vector<RoyaltyStatementLine>& out) {
  out.push_back(amount_line("opening_balance", balance.currency, balance.opening));
  for (RoyaltyLine& line : lines) {
    const RoyaltyPool& pool = *pools.at(line.pool);
    out.push_back(earned_line(std::move(line), pool));
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

}  // namespace

struct RoyaltyStatements::Parts {
  RoyaltyRun run;
  PoolsByNumber pools;  // of the run
  std::string text;     // of its lines
  StretchesOfPayees stretches;
  std::vector<std::span<const RoyaltyBalance>> accounts;  // of each payee

  // Lines of a payee in pools of a currency.
  Result<std::vector<RoyaltyLine>> lines_of(const RoyaltyBalance& balance) const {
    std::vector<RoyaltyLine> lines;
    const auto found = stretches.find(balance.payee);
    if (found == stretches.end()) return lines;
    for (const Stretch& stretch : found->second) {
      const auto pool = pools.find(stretch.pool);
      if (pool == pools.end() || pool->second->currency != balance.currency) continue;
      auto more = royalty::lines_of_text(
          std::string_view(text).substr(stretch.begin, stretch.end - stretch.begin),
          royalty::lines_file_name(run.id));
      if (!more) return more;
      std::ranges::move(*more, std::back_inserter(lines));
    }
    return lines;
  }
};

Result<RoyaltyStatements> RoyaltyStatements::open(const std::string& store, std::uint64_t id,
                                                  const std::optional<RoyaltyPayee>& payee) {
  return guarded("statements were made", [&]() -> Result<RoyaltyStatements> {
    const auto files = open_store_root(store);
    if (!files) return pass(files);
    const auto book = royalty::Book::read(**files);
    if (!book) return pass(book);
    auto run = book->load(**files, id);
    if (!run) return pass(run);
    auto text = book->lines(**files, id);
    if (!text) return pass(text);
    auto parts = std::make_shared<Parts>();
    parts->run = *std::move(run);
    parts->text = *std::move(text);
    parts->stretches = stretches_of(parts->text);
    for (const RoyaltyPool& pool : parts->run.pools) parts->pools.emplace(pool.number, &pool);
    const std::span<const RoyaltyBalance> balances(parts->run.balances);
    for (std::size_t begin = 0; begin < balances.size();) {
      std::size_t end = begin + 1;
      while (end < balances.size() && balances[end].payee == balances[begin].payee) ++end;
      if (!payee || balances[begin].payee == *payee) {
        parts->accounts.push_back(balances.subspan(begin, end - begin));
      }
      begin = end;
    }
    if (payee && parts->accounts.empty()) {
      return fail(ErrorCode::kNotFound,
                  fmt::format("Run {} has no account of {}. `stave royalty show` lists them.", id,
                              royalty::payee_text(*payee)));
    }
    return RoyaltyStatements(std::move(parts));
  });
}

const RoyaltyRun& RoyaltyStatements::run() const {
  return parts_->run;
}

std::size_t RoyaltyStatements::size() const {
  return parts_->accounts.size();
}

Result<RoyaltyStatement> RoyaltyStatements::at(std::size_t place) const {
  return guarded("a statement was made", [&]() -> Result<RoyaltyStatement> {
    const std::span<const RoyaltyBalance> accounts = parts_->accounts[place];
    RoyaltyStatement statement{accounts.front().payee, {}};
    for (const RoyaltyBalance& balance : accounts) {
      auto lines = parts_->lines_of(balance);
      if (!lines) return pass(lines);
      append_account(balance, *std::move(lines), parts_->pools, statement.lines);
    }
    return statement;
  });
}

}  // namespace stave
