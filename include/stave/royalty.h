// Royalty runs: what a model paid for a period, kept in the store's ledger for good. A run is never
// changed; a correction is another run that replaces it. Amounts are texts of exact decimals.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stave/query.h"
#include "stave/result.h"

namespace stave {

using RoyaltyParameters = std::map<std::string, std::string>;

struct RoyaltyRunOptions {
  std::string model;             // empty: as the parameters say, or pro_rata
  std::string period;            // first day, ISO
  std::string to;                // last day; empty: the end of a month from `period` on
  RoyaltyParameters parameters;  // of the models; docs/royalties.md
  std::string as_of;             // the snapshot to read; empty: the last
  std::uint64_t replaces = 0;    // the run that this one restates
  bool dry_run = false;          // computes and checks, and keeps nothing
  int threads = 0;
  std::uint64_t memory_limit = 0;
  const std::atomic<bool>* cancelled = nullptr;
};

enum class RoyaltyState { kPending, kPartlyPaid, kPaid, kReplaced };
const char* name_of(RoyaltyState state);

// Who is paid: a rights-holder, or the artist of a track without one.
struct RoyaltyPayee {
  bool is_artist = false;
  std::string id;
  auto operator<=>(const RoyaltyPayee&) const = default;
};

struct RoyaltyInput {
  std::string table;
  std::uint64_t rows = 0;
  std::string digest;  // SHA-256 over its files, as the snapshot names them
};

using RoyaltyField = std::optional<std::string>;  // null: nothing

struct RoyaltyPool {
  std::uint64_t number = 0;
  RoyaltyField period, country, plan, currency, right_type;
  std::string amount;         // in `currency`
  RoyaltyField own_currency;  // before conversion
  RoyaltyField own_amount, rate, rate_date, rate_source;
  std::string shares, top_ups, unallocated;
};

struct RoyaltyBalance {
  RoyaltyPayee payee;
  RoyaltyField currency;
  std::string opening, earned, advances, costs, adjustments, paid_before, minimum, payout, closing;
  bool is_paid = false;  // of a run in the ledger
};

// `kind`: rightsholder, artist, unallocated, top_up. All of a currency sum to 0.
struct RoyaltyAdjustment {
  std::string kind;
  RoyaltyField id, currency;
  std::string before, now, difference;
};

struct RoyaltyLine {
  std::uint64_t pool = 0;
  RoyaltyField rightsholder, artist, track;
  std::string kind;  // share, top_up, unallocated
  std::uint64_t plays = 0;
  RoyaltyField percent;
  std::string amount;
};

struct RoyaltyRun {
  std::uint64_t id = 0;  // 0: not in the ledger
  std::string at;        // when it was stored
  std::string seal;      // of its entry in the ledger
  RoyaltyState state = RoyaltyState::kPending;
  std::uint64_t replaces = 0, replaced_by = 0;
  bool was_there = false;  // an equal run was in the ledger already
  std::string model, period, to;
  std::uint64_t snapshot = 0;
  RoyaltyParameters parameters;
  std::vector<RoyaltyInput> inputs;
  std::uint64_t plays_in = 0;
  std::vector<std::pair<std::string, std::uint64_t>> plays;  // counted, or by reason left out
  std::vector<RoyaltyPool> pools;
  std::vector<RoyaltyBalance> balances;
  std::vector<RoyaltyAdjustment> adjustments;  // of restatements
};

// Parameters out of a TOML file; `model` among them.
Result<RoyaltyParameters> read_royalty_rules(const std::string& path);

// Computes a run, checks that nothing is lost, and stores it. kAlreadyExists where a run in force
// pays one of the payees for one of the days; an equal run is given back instead.
Result<RoyaltyRun> run_royalties(const std::string& store, const RoyaltyRunOptions& options);

// Oldest first; without their pools, balances and adjustments.
Result<std::vector<RoyaltyRun>> list_royalty_runs(const std::string& store);
Result<RoyaltyRun> read_royalty_run(const std::string& store, std::uint64_t id);
Result<std::vector<RoyaltyLine>> read_royalty_lines(const std::string& store, std::uint64_t id);

// The files of a run as the ledger keeps them, by name.
Result<std::map<std::string, std::string>> export_royalty_run(const std::string& store,
                                                              std::uint64_t id);
// The same for a run that is not stored.
Result<std::map<std::string, std::string>> try_royalties(const std::string& store,
                                                         const RoyaltyRunOptions& options);

// Marks a run as paid, or one of its payees. What is paid stays so.
Result<RoyaltyRun> pay_royalties(const std::string& store, std::uint64_t id,
                                 const std::optional<RoyaltyPayee>& payee);

// A payee's part of a run: opening balance, lines, deductions, payout, closing balance.
struct RoyaltyStatementLine {
  std::string kind;  // opening_balance, share, top_up, advances, costs, adjustments, paid_before,
                     // payout, closing_balance
  RoyaltyField currency, track, country, plan, right_type, percent;
  std::optional<std::uint64_t> plays;
  std::string amount;
};
struct RoyaltyStatement {
  RoyaltyPayee payee;
  std::vector<RoyaltyStatementLine> lines;
};
// Of all payees of a run in its order, or of one; each is put together when it is asked for.
class RoyaltyStatements {
 public:
  static Result<RoyaltyStatements> open(const std::string& store, std::uint64_t id,
                                        const std::optional<RoyaltyPayee>& payee);

  const RoyaltyRun& run() const;
  std::size_t size() const;
  // From any thread.
  Result<RoyaltyStatement> at(std::size_t place) const;

 private:
  struct Parts;
  explicit RoyaltyStatements(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const Parts> parts_;
};

// What payees earned in two runs, and the difference.
Result<std::vector<RoyaltyAdjustment>> compare_royalty_runs(const std::string& store,
                                                            std::uint64_t before,
                                                            std::uint64_t now);

// The sums from the plays of a track to what is paid for it, for people. Reads the snapshot that
// the run read, where it is still there.
Result<std::string> explain_royalties(const std::string& store, std::uint64_t id,
                                      const std::string& track, const QueryOptions& options);

}  // namespace stave
