// See accounts.h; the same arithmetic for a single period is the report royalty.balances.
#include "tools/royalty/accounts.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/royalty/ask.h"

namespace stave::royalty {
namespace {

struct Account {
  Int128 opening = 0, earned = 0, advances = 0, costs = 0, adjustments = 0, paid_before = 0,
         minimum = 0;
};

// Numbers by size, then texts by bytes; rights-holders before artists.
struct InOrder {
  static bool is_number(const std::string& text) {
    return !text.empty() && text.size() < 19 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  }
  bool operator()(const PayeeAndCurrency& left, const PayeeAndCurrency& right) const {
    const auto& [one, of_one] = left;
    const auto& [other, of_other] = right;
    if (one.is_artist != other.is_artist) return other.is_artist;
    if (one.id != other.id) {
      const bool are_numbers = is_number(one.id) && is_number(other.id);
      return are_numbers && one.id.size() != other.id.size() ? one.id.size() < other.id.size()
                                                             : one.id < other.id;
    }
    return of_one < of_other;
  }
};

using Accounts = std::map<PayeeAndCurrency, Account, InOrder>;

// Adds an amount written as text.
Result<void> add(const Field& text, Int128& to, int sign = 1) {
  const auto amount = hundredths_of(text.value_or("0"));
  if (!amount) return pass(amount);
  const Int128 signed_amount = sign < 0 ? -*amount : *amount;
  if (__builtin_add_overflow(to, signed_amount, &to)) {
    return fail(ErrorCode::kOverflow, "A balance is outside 128 bits: at " + text.value_or("0") +
                                          ". Look at the opening balances and entries.");
  }
  return {};
}

class Settlement {
 public:
  Settlement(const FileSystem& files, const Book& book, const RoyaltyRunOptions& options,
             ComputedRun& computed)
      : files_(files), book_(book), options_(options), computed_(computed) {}

  Result<void> settle(const std::vector<TextRow>& holders) {
    for (const auto& [whose, total] : computed_.earned) accounts_[whose].earned = total.value();
    for (const TextRow& row : holders) {
      if (auto opened = open(row); !opened) return opened;
    }
    for (const RoyaltyRun& known : book_.runs()) {
      if (auto moved = carry_over(known); !moved) return moved;
    }
    return write();
  }

 private:
  // Columns of royalty.accounts: rightsholder_id, currency, minimum, opening, advances, costs,
  // adjustments.
  Result<void> open(const TextRow& row) {
    const RoyaltyPayee payee{false, row[0].value_or("")};
    RoyaltyField currency = row[1];
    if (!currency) {  // the first that it earns
      const auto first = accounts_.lower_bound({payee, std::nullopt});
      if (first != accounts_.end() && first->first.first == payee) currency = first->first.second;
    }
    Account& account = accounts_[{payee, currency}];
    Int128* const into[] = {&account.minimum, &account.opening, &account.advances, &account.costs,
                            &account.adjustments};
    for (std::size_t i = 0; i < std::size(into); ++i) {
      if (auto added = add(row[2 + i], *into[i]); !added) return added;
    }
    return {};
  }

  // What runs in force of earlier periods left, and what the run replaced has paid.
  Result<void> carry_over(const RoyaltyRun& known) {
    const bool is_replaced_now = known.id == options_.replaces;
    if (known.state == RoyaltyState::kReplaced) return {};
    const auto run = book_.load(files_, known.id);
    if (!run) return pass(run);
    const bool is_earlier = run->to < computed_.run.period;
    for (const RoyaltyBalance& balance : run->balances) {
      Account& account = accounts_[{balance.payee, balance.currency}];
      Result<void> added;
      if (is_replaced_now) {
        added = add(balance.paid_before, account.paid_before);
        if (added && balance.is_paid) added = add(balance.payout, account.paid_before);
      } else if (is_earlier) {
        added = add(balance.closing, account.opening);
        if (added) added = add(balance.opening, account.opening, -1);
      }
      if (!added) return added;
    }
    return {};
  }

  Result<void> write() {
    for (const auto& [whose, a] : accounts_) {
      Total balance;
      balance.add(a.opening);
      balance.add(a.earned);
      balance.subtract(a.advances);
      balance.subtract(a.costs);
      balance.add(a.adjustments);
      balance.subtract(a.paid_before);
      if (balance.is_lost()) {
        return fail(ErrorCode::kOverflow, "A balance is outside 128 bits: of " +
                                              payee_text(whose.first) +
                                              ". Look at its opening balance and entries.");
      }
      const bool is_moved = a.opening != 0 || a.earned != 0 || a.advances != 0 || a.costs != 0 ||
                            a.adjustments != 0 || a.paid_before != 0 ||
                            computed_.earned.contains(whose);
      if (!is_moved) continue;
      const bool pays = balance.value() > 0 && balance.value() >= a.minimum;
      const Int128 payout = pays ? balance.value() : 0;
      RoyaltyBalance row;
      row.payee = whose.first;
      row.currency = whose.second;
      row.opening = money_text(a.opening);
      row.earned = money_text(a.earned);
      row.advances = money_text(a.advances);
      row.costs = money_text(a.costs);
      row.adjustments = money_text(a.adjustments);
      row.paid_before = money_text(a.paid_before);
      row.minimum = money_text(a.minimum);
      row.payout = money_text(payout);
      row.closing = money_text(balance.value() - payout);
      computed_.run.balances.push_back(std::move(row));
    }
    return {};
  }

  const FileSystem& files_;
  const Book& book_;
  const RoyaltyRunOptions& options_;
  ComputedRun& computed_;
  Accounts accounts_;
};

// Sums by what is adjusted: payees, what is unallocated (of whom nobody is), top-ups (negative:
// they come from beside the pools).
using Earnings = std::map<std::tuple<std::string, RoyaltyField, RoyaltyField>, Int128>;

Result<void> collect(const RoyaltyRun& run, Earnings& earnings) {
  for (const RoyaltyBalance& balance : run.balances) {
    const char* kind = balance.payee.is_artist ? "artist" : "rightsholder";
    auto& sum = earnings[{kind, balance.payee.id, balance.currency}];
    if (auto added = add(balance.earned, sum); !added) return added;
  }
  for (const RoyaltyPool& pool : run.pools) {
    auto& unallocated = earnings[{"unallocated", std::nullopt, pool.currency}];
    if (auto added = add(pool.unallocated, unallocated); !added) return added;
    auto& top_ups = earnings[{"top_up", std::nullopt, pool.currency}];
    if (auto added = add(pool.top_ups, top_ups, -1); !added) return added;
  }
  return {};
}

}  // namespace

Result<std::vector<RoyaltyAdjustment>> adjustments_between(const RoyaltyRun& before,
                                                           const RoyaltyRun& now) {
  Earnings then;
  Earnings later;
  if (auto done = collect(before, then); !done) return pass(done);
  if (auto done = collect(now, later); !done) return pass(done);
  for (const auto& [whose, amount] : then) later.try_emplace(whose, 0);
  std::vector<RoyaltyAdjustment> adjustments;
  for (const auto& [whose, amount] : later) {
    const auto found = then.find(whose);
    const Int128 old = found == then.end() ? Int128{0} : found->second;
    const auto& [kind, id, currency] = whose;
    if (!id && old == 0 && amount == 0) continue;
    adjustments.push_back(
        {kind, id, currency, money_text(old), money_text(amount), money_text(amount - old)});
  }
  return adjustments;
}

Result<void> settle_accounts(const Store& store, const FileSystem& files, const Book& book,
                             const RoyaltyRunOptions& options, ComputedRun& computed) {
  const auto holders =
      rows_of_report(store, "royalty.accounts", query_options_of(computed.run, options));
  if (!holders) return pass(holders);
  if (auto settled = Settlement(files, book, options, computed).settle(*holders); !settled) {
    return settled;
  }
  if (options.replaces == 0) return {};
  const auto before = book.load(files, options.replaces);
  if (!before) return pass(before);
  auto adjustments = adjustments_between(*before, computed.run);
  if (!adjustments) return pass(adjustments);
  std::map<RoyaltyField, Int128> sums;
  for (const RoyaltyAdjustment& adjustment : *adjustments) {
    if (auto added = add(adjustment.difference, sums[adjustment.currency]); !added) return added;
  }
  for (const auto& [currency, sum] : sums) {
    if (sum != 0 && computed.run.model != "per_play") {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("A restatement moves money and makes none: its adjustments in {} sum "
                              "to {}, since its pools are not those of run {}. Restate over the "
                              "same pools, or book the difference in `ledger_entries`.",
                              currency.value_or("no currency"), money_text(sum), options.replaces));
    }
  }
  computed.run.adjustments = *std::move(adjustments);
  return {};
}

}  // namespace stave::royalty
