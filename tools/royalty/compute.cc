// The reports of query/reports, asked one after another, and the sums that must come out.
#include "tools/royalty/compute.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <future>
#include <utility>

#include "storage/sha256.h"
#include "storage/snapshot.h"
#include "storage/store_files.h"
#include "tools/royalty/ask.h"
#include "tools/royalty/checks.h"
#include "tools/royalty/fields.h"
#include "tools/royalty/line_text.h"
#include "tools/royalty/track_parts.h"

namespace stave::royalty {
namespace {

// One program, so that what its reports have in common is computed once. Of its lines only what
// the file of a run holds.
constexpr std::string_view kProgram =
    "param period: date; param to: date = null; param model: string = \"pro_rata\";"
    "from streams | where day >= $period and day <= coalesce($to, $period + 1mo - 1d)"
    "| summarize plays = count()"
    "| expect $model in (\"pro_rata\", \"user_centric\", \"artist_centric\", \"per_play\")"
    " else \"No such royalty model. The models are pro_rata, user_centric, artist_centric and "
    "per_play.\""
    "| select plays, first_day = $period, last_day = coalesce($to, $period + 1mo - 1d);"
    "from `royalty.play_counts`;"
    "from `royalty.paid_pools`;"
    "from `royalty.lines` | select pool, rightsholder_id, artist_id, track_id, line, plays, "
    "percent, amount";

// Tables that the reports read.
constexpr std::string_view kInputs[] = {"streams",        "tracks",  "subscriptions", "pools",
                                        "royalty_rates",  "splits",  "rightsholders", "exclusions",
                                        "ledger_entries", "fx_rates"};

// Names of parameters are those of the reports; the period is not one of the rules.
Result<void> check_parameters(const Store& store, const RoyaltyParameters& parameters) {
  std::vector<std::string> known;
  for (const ReportParameter& parameter : parameters_of(store, "royalty.lines")) {
    if (parameter.name != "period" && parameter.name != "to") known.push_back(parameter.name);
  }
  for (const auto& [name, value] : parameters) {
    if (std::ranges::find(known, name) != known.end()) continue;
    std::string all;
    for (const std::string& one : known) all += (all.empty() ? "" : ", ") + one;
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("No such rule of royalties: {}. There are {}.", name, all));
  }
  return {};
}

std::vector<RoyaltyInput> inputs_of(const Manifest& manifest) {
  std::vector<RoyaltyInput> inputs;
  for (const std::string_view name : kInputs) {
    const auto place = std::ranges::find(manifest.tables, name, &TableState::name);
    if (place == manifest.tables.end()) continue;
    Manifest alone = manifest;
    alone.domains.clear();
    for (TableState& table : alone.tables) {
      if (table.name == name) continue;
      TableState other;
      other.name = table.name;
      table = std::move(other);
    }
    std::string files;
    for (const FileReference& file : references_of(alone)) {
      files += fmt::format("{} {} {:016x}\n", file.path, file.size, file.checksum);
    }
    inputs.push_back({std::string(name), place->rows, sha256_of(files)});
  }
  return inputs;
}

class RunComputer {
 public:
  RunComputer(const Store& store, const RoyaltyRunOptions& options)
      : store_(store), options_(options) {}

  Result<ComputedRun> compute() {
    if (auto begun = begin(); !begun) return pass(begun);
    ResultReaders readers({[this](const ResultBatch& batch) { return read_period(batch); },
                           [this](const ResultBatch& batch) { return read_plays(batch); },
                           [this](const ResultBatch& batch) { return read_pools(batch); },
                           [this](const ResultBatch& batch) { return read_lines(batch); }});
    auto asked = query(store_, kProgram, query_, readers);
    if (!asked) return pass(asked);
    if (auto whole = tracks_.finish(pool_); !whole) return pass(whole);
    for (auto& [number, sums] : sums_) {
      RoyaltyPool& pool = pools_[number];
      pool.shares = money_text(sums.shares.value());
      pool.top_ups = money_text(sums.top_ups.value());
      pool.unallocated = money_text(sums.unallocated.value());
    }
    for (auto& [number, pool] : pools_) computed_.run.pools.push_back(std::move(pool));
    if (auto sound = check_sums(computed_.run, sums_); !sound) return pass(sound);
    return std::move(computed_);
  }

 private:
  Result<void> begin() {
    RoyaltyRun& run = computed_.run;
    run.parameters = options_.parameters;
    const auto model = run.parameters.find("model");
    run.model = !options_.model.empty()         ? options_.model
                : model != run.parameters.end() ? model->second
                                                : "pro_rata";
    run.parameters["model"] = run.model;
    if (auto known = check_parameters(store_, run.parameters); !known) return known;
    run.period = options_.period;
    run.to = options_.to;
    run.snapshot = store_.snapshot().manifest().snapshot;
    run.inputs = inputs_of(store_.snapshot().manifest());
    query_ = query_options_of(run, options_);
    query_.origin = "royalty run";
    return {};
  }

  // The period as it was meant, and all its plays.
  Result<void> read_period(const ResultBatch& batch) {
    RoyaltyRun& run = computed_.run;
    run.plays_in = static_cast<std::uint64_t>(batch.int64_at(0, 0));
    run.period = text_cell(batch, 0, 1).value_or("");
    run.to = text_cell(batch, 0, 2).value_or("");
    if (run.to < run.period) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("A period ends before it begins: {} to {}. Give a later last day.",
                              run.period, run.to));
    }
    return {};
  }

  Result<void> read_plays(const ResultBatch& batch) {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      computed_.run.plays.emplace_back(batch.string_at(row, 0), batch.int64_at(row, 1));
    }
    return {};
  }

  Result<void> read_pools(const ResultBatch& batch) {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      RoyaltyPool& pool = pools_[static_cast<std::uint64_t>(batch.int64_at(row, 0))];
      pool.number = static_cast<std::uint64_t>(batch.int64_at(row, 0));
      pool.period = text_cell(batch, row, 1);
      pool.country = text_cell(batch, row, 2);
      pool.plan = text_cell(batch, row, 3);
      pool.currency = text_cell(batch, row, 4);
      pool.right_type = text_cell(batch, row, 5);
      const auto units = hundredths_of(text_cell(batch, row, 6).value_or(""));
      if (!units) return pass(units);  // a hundred times the minor units
      pool.amount = money_text(batch.int64_at(row, 7) == 1 ? *units : *units / 100);
      pool.own_currency = text_cell(batch, row, 8);
      pool.own_amount = text_cell(batch, row, 9);
      pool.rate = text_cell(batch, row, 10);
      pool.rate_date = text_cell(batch, row, 11);
      pool.rate_source = text_cell(batch, row, 12);
    }
    return {};
  }

  // Another thread writes half of the lines, and this one the other half and sums up.
  Result<void> read_lines(const ResultBatch& batch) {
    const std::uint32_t half = options_.threads == 1 ? batch.rows() : batch.rows() / 2;
    std::future<std::string> rest;
    if (half < batch.rows()) {
      rest = std::async(std::launch::async | std::launch::deferred, text_of_lines, std::cref(batch),
                        half, batch.rows());
    }
    auto added = add_up(batch);
    computed_.lines.push_back(text_of_lines(batch, 0, half));
    if (rest.valid()) computed_.lines.push_back(rest.get());
    return added;
  }

  Result<void> add_up(const ResultBatch& batch) {
    RepeatedCells holders(batch, kHolder);
    RepeatedCells artists(batch, kArtist);
    RepeatedCells kinds(batch, kKind);
    tracks_.begin(batch);
    earned_ = nullptr;
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      const auto pool = static_cast<std::uint64_t>(batch.int64_at(row, kPool));
      if (sums_of_pool_ == nullptr || pool != pool_) {
        if (auto begun = begin_pool(pool); !begun) return begun;
      }
      kinds.move_to(row);
      const Int128 amount = decimal_in(batch, row, kAmount);
      if (kinds.text() == "unallocated") {
        sums_of_pool_->unallocated.add(amount);
        continue;
      }
      if (batch.is_null(row, kTrack)) {
        return does_not_add_up(
            fmt::format("a line of pool {} has no track, and {}", pool, money_text(amount)));
      }
      if (kinds.text() == "top_up") {
        sums_of_pool_->top_ups.add(amount);
      } else {
        sums_of_pool_->shares.add(amount);
        tracks_.add(row, static_cast<std::int64_t>(decimal_in(batch, row, kPercent)));
      }
      // Lines of one payee in one pool come together.
      const bool is_other_holder = holders.move_to(row);
      const bool is_other_artist = holders.is_null() && artists.move_to(row);
      if (earned_ == nullptr || is_other_holder || is_other_artist) {
        const RepeatedCells& ids = holders.is_null() ? artists : holders;
        earned_ = &computed_.earned[{{holders.is_null(), ids.text()}, pools_[pool].currency}];
      }
      earned_->add(amount);
    }
    return {};
  }

  // The lines of a pool come together.
  Result<void> begin_pool(std::uint64_t number) {
    if (sums_of_pool_ != nullptr) {
      if (auto whole = tracks_.finish(pool_); !whole) return whole;
      if (number < pool_) {
        return does_not_add_up(
            fmt::format("a line of pool {} comes after those of pool {}", number, pool_));
      }
    }
    pool_ = number;
    sums_of_pool_ = &sums_[number];
    earned_ = nullptr;
    return {};
  }

  static Int128 decimal_in(const ResultBatch& batch, std::uint32_t row, std::size_t column) {
    const auto [high, low] = batch.decimal_at(row, column);
    return static_cast<Int128>((static_cast<UInt128>(high) << 64) | low);
  }

  const Store& store_;
  const RoyaltyRunOptions& options_;
  QueryOptions query_;
  ComputedRun computed_;
  std::map<std::uint64_t, RoyaltyPool> pools_;
  std::map<std::uint64_t, PoolSums> sums_;
  TrackParts tracks_;
  // Of the last line:
  std::uint64_t pool_ = 0;
  PoolSums* sums_of_pool_ = nullptr;
  Total* earned_ = nullptr;
};

}  // namespace

QueryOptions query_options_of(const RoyaltyRun& run, const RoyaltyRunOptions& options) {
  QueryOptions query;
  query.parameters = run.parameters;
  query.parameters["period"] = run.period;
  if (!run.to.empty()) query.parameters["to"] = run.to;
  query.threads = options.threads;
  query.memory_limit = options.memory_limit;
  query.cancelled = options.cancelled;
  return query;
}

Result<ComputedRun> compute_run(const Store& store, const RoyaltyRunOptions& options) {
  return RunComputer(store, options).compute();
}

}  // namespace stave::royalty
