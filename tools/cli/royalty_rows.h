// What `stave royalty` prints of runs, as rows.
#pragma once

#include "stave/royalty.h"
#include "tools/cli/rows.h"

namespace stave::cli {

Rows rows_of_runs(const std::vector<RoyaltyRun>& runs);
Rows rows_of_balances(const RoyaltyRun& run);
Rows rows_of_adjustments(const std::vector<RoyaltyAdjustment>& adjustments);
std::vector<ResultColumn> statement_columns();
// Lines of statements are numbered for each payee.
Rows rows_of_statement(const RoyaltyStatement& statement);
// What a run read, counted and split, for people.
std::string run_summary(const RoyaltyRun& run);

}  // namespace stave::cli
