// The accounts of a run: what each payee has, is deducted, gets, and carries over.
#pragma once

#include "stave/store.h"
#include "tools/royalty/book.h"
#include "tools/royalty/compute.h"

namespace stave::royalty {

// Adds balances, and adjustments where it replaces a run. Opening balances are those of
// `rightsholders`, moved by all runs in force of earlier periods.
Result<void> settle_accounts(const Store& store, const FileSystem& files, const Book& book,
                             const RoyaltyRunOptions& options, ComputedRun& computed);

// What payees earned before and now; both lists are of whole runs. Sums to 0 in each currency for
// runs over the same pools, since what is unallocated and topped up counts too.
Result<std::vector<RoyaltyAdjustment>> adjustments_between(const RoyaltyRun& before,
                                                           const RoyaltyRun& now);

}  // namespace stave::royalty
