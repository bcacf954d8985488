// See royalty_rows.h.
#include "tools/cli/royalty_rows.h"

#include "tools/cli/quantity.h"

namespace stave::cli {
namespace {

const Type kMoneyType = decimal_type(38, 2);

Cell cell_of(const RoyaltyField& field) {
  return field ? Cell(*field) : Cell();
}

Cell reference_cell(std::uint64_t id) {
  return id == 0 ? Cell() : number_cell(id);
}

const char* kind_of(const RoyaltyPayee& payee) {
  return payee.is_artist ? "artist" : "rightsholder";
}

}  // namespace

Rows rows_of_runs(const std::vector<RoyaltyRun>& runs) {
  Rows rows({{"run", kInt64Type},
             {"state", kStringType},
             {"model", kStringType},
             {"period", kStringType},
             {"to", kStringType},
             {"payees", kInt64Type},
             {"plays", kInt64Type},
             {"snapshot", kInt64Type},
             {"replaces", kInt64Type},
             {"replaced_by", kInt64Type},
             {"at", kStringType},
             {"seal", kStringType}});
  for (const RoyaltyRun& run : runs) {
    rows.add({number_cell(run.id), std::string(name_of(run.state)), run.model, run.period, run.to,
              number_cell(run.balances.size()), number_cell(run.plays_in),
              number_cell(run.snapshot), reference_cell(run.replaces),
              reference_cell(run.replaced_by), run.at, run.seal});
  }
  return rows;
}

Rows rows_of_balances(const RoyaltyRun& run) {
  Rows rows({{"payee", kStringType},
             {"id", kStringType},
             {"currency", kStringType},
             {"opening", kMoneyType},
             {"earned", kMoneyType},
             {"advances", kMoneyType},
             {"costs", kMoneyType},
             {"adjustments", kMoneyType},
             {"paid_before", kMoneyType},
             {"minimum", kMoneyType},
             {"payout", kMoneyType},
             {"closing", kMoneyType},
             {"state", kStringType}});
  for (const RoyaltyBalance& b : run.balances) {
    const bool is_replaced = run.state == RoyaltyState::kReplaced;
    rows.add({std::string(kind_of(b.payee)), b.payee.id, cell_of(b.currency), b.opening, b.earned,
              b.advances, b.costs, b.adjustments, b.paid_before, b.minimum, b.payout, b.closing,
              std::string(is_replaced ? "replaced"
                          : b.is_paid ? "paid"
                                      : "pending")});
  }
  return rows;
}

Rows rows_of_adjustments(const std::vector<RoyaltyAdjustment>& adjustments) {
  Rows rows({{"kind", kStringType},
             {"id", kStringType},
             {"currency", kStringType},
             {"before", kMoneyType},
             {"now", kMoneyType},
             {"adjustment", kMoneyType}});
  for (const RoyaltyAdjustment& a : adjustments) {
    rows.add({a.kind, cell_of(a.id), cell_of(a.currency), a.before, a.now, a.difference});
  }
  return rows;
}

std::vector<ResultColumn> statement_columns() {
  return {{"rightsholder_id", kStringType},
          {"line", kInt64Type},
          {"track_id", kStringType},
          {"country", kStringType},
          {"plan", kStringType},
          {"plays", kInt64Type},
          {"amount", kMoneyType},
          {"kind", kStringType},
          {"currency", kStringType},
          {"artist_id", kStringType},
          {"right_type", kStringType},
          {"percent", decimal_type(9, 6)}};
}

Rows rows_of_statement(const RoyaltyStatement& statement) {
  Rows rows(statement_columns());
  const bool is_artist = statement.payee.is_artist;
  const Cell id = statement.payee.id;
  std::uint64_t number = 0;
  for (const RoyaltyStatementLine& line : statement.lines) {
    rows.add({is_artist ? Cell() : id, number_cell(++number), cell_of(line.track),
              cell_of(line.country), cell_of(line.plan),
              line.plays ? number_cell(*line.plays) : Cell(), line.amount, line.kind,
              cell_of(line.currency), is_artist ? id : Cell(), cell_of(line.right_type),
              cell_of(line.percent)});
  }
  return rows;
}

std::string run_summary(const RoyaltyRun& run) {
  std::string text = run.id == 0
                         ? "A run that was not stored"
                         : "Run " + std::to_string(run.id) + " (" + name_of(run.state) + ")";
  text += ": " + run.model + ", " + run.period + " to " + run.to + ", snapshot " +
          std::to_string(run.snapshot) + ".\n";
  if (run.was_there) {
    text += "It was there already, and running again gave the same lines.\n";
  }
  if (run.replaces != 0) {
    text += "It replaces run " + std::to_string(run.replaces) + ".\n";
  }
  if (run.replaced_by != 0) {
    text += "It was replaced by run " + std::to_string(run.replaced_by) + ".\n";
  }
  if (!run.seal.empty()) {
    text += "Stored " + run.at + " UTC, seal " + run.seal + ".\n";
  }
  std::string rules;
  for (const auto& [name, value] : run.parameters) {
    rules += (rules.empty() ? "" : ", ") + name + " = " + value;
  }
  text += "Rules: " + rules + ".\nPlays: " + grouped(run.plays_in) + " in";
  for (const auto& [reason, plays] : run.plays) {
    text += ", " + grouped(plays) + " " + reason;
  }
  text += ".\n";
  for (const RoyaltyPool& pool : run.pools) {
    text += "Pool " + std::to_string(pool.number) + ", country " + pool.country.value_or("all") +
            ", plan " + pool.plan.value_or("all") + ": " + pool.amount + " " +
            pool.currency.value_or("") + " (shares " + pool.shares + ", top-ups " + pool.top_ups +
            ", unallocated " + pool.unallocated + ").\n";
  }
  return text + "\n";
}

}  // namespace stave::cli
