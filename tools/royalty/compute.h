// A run as a store gives it: pools, lines, plays and what each payee earned, before its accounts
// are settled (tools/royalty/accounts.h). Reads the store only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "stave/royalty.h"
#include "tools/royalty/money.h"

namespace stave::royalty {

using PayeeAndCurrency = std::pair<RoyaltyPayee, RoyaltyField>;

struct ComputedRun {
  RoyaltyRun run;                  // all but balances and adjustments
  std::vector<std::string> lines;  // the text of its lines, in pieces
  std::map<PayeeAndCurrency, Total> earned;
};

// What the reports of a run are asked with.
QueryOptions query_options_of(const RoyaltyRun& run, const RoyaltyRunOptions& options);
Result<ComputedRun> compute_run(const Store& store, const RoyaltyRunOptions& options);

}  // namespace stave::royalty
