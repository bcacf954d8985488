// The reports of query/reports, asked one after another, and the sums that must come out.
#include "tools/royalty/compute.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "storage/sha256.h"
#include "storage/snapshot.h"
#include "storage/store_files.h"
#include "tools/royalty/ask.h"
#include "tools/royalty/checks.h"
#include "tools/royalty/fields.h"
#include "tools/royalty/run_file.h"

namespace stave::royalty {
namespace {

constexpr std::string_view kPerPlay = "per_play";

// Tables that the reports read.
constexpr std::string_view kInputs[] = {"streams",        "tracks",  "subscriptions", "pools",
                                        "royalty_rates",  "splits",  "rightsholders", "exclusions",
                                        "ledger_entries", "fx_rates"};

std::string text_of(const Field& field) {
  return field.value_or("");
}

// Names of parameters are those of the reports; the period is not one of the rules.
Result<void> check_parameters(const Store& store, const RoyaltyParameters& parameters) {
  std::vector<std::string> known;
  for (const ReportDescription& report : list_reports(store)) {
    if (report.name != "royalty.lines") continue;
    for (const ReportParameter& parameter : report.parameters) {
      if (parameter.name != "period" && parameter.name != "to") known.push_back(parameter.name);
    }
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
    for (const FileReference& file : files_of(alone)) {
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
    using Step = Result<void> (RunComputer::*)();
    for (const Step step : {&RunComputer::begin, &RunComputer::count_plays,
                            &RunComputer::read_pools, &RunComputer::read_lines}) {
      if (auto done = (this->*step)(); !done) return pass(done);
    }
    for (auto& [number, sums] : sums_) {
      RoyaltyPool& pool = pools_[number];
      pool.shares = money_text(sums.shares.value());
      pool.top_ups = money_text(sums.top_ups.value());
      pool.unallocated = money_text(sums.unallocated.value());
      if (computed_.run.model == kPerPlay) pool.amount = pool.shares;
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
    const auto rows = rows_of_program(
        store_,
        "param period: date; param to: date = null; param model: string = \"pro_rata\";"
        "from streams | where day >= $period and day <= coalesce($to, $period + 1mo - 1d)"
        "| summarize plays = count()"
        "| expect $model in (\"pro_rata\", \"user_centric\", \"artist_centric\", \"per_play\")"
        " else \"No such royalty model. The models are pro_rata, user_centric, artist_centric and "
        "per_play.\""
        "| select plays, first_day = $period, last_day = coalesce($to, $period + 1mo - 1d)",
        only({"period", "to", "model"}));
    if (!rows) return pass(rows);
    run.plays_in = number_of(rows->front()[0]).value_or(0);
    run.period = text_of(rows->front()[1]);
    run.to = text_of(rows->front()[2]);
    if (run.to < run.period) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("A period ends before it begins: {} to {}. Give a later last day.",
                              run.period, run.to));
    }
    return {};
  }

  QueryOptions only(const std::set<std::string>& names) const {
    QueryOptions query = query_;
    std::erase_if(query.parameters,
                  [&](const auto& given) { return !names.contains(given.first); });
    query.origin = "royalty run";
    return query;
  }

  Result<void> count_plays() {
    const auto rows = rows_of_report(store_, "royalty.play_counts", query_);
    if (!rows) return pass(rows);
    for (const TextRow& row : *rows) {
      computed_.run.plays.emplace_back(text_of(row[0]), number_of(row[1]).value_or(0));
    }
    return {};
  }

  Result<void> read_pools() {
    if (computed_.run.model == kPerPlay) return {};
    const auto rows = rows_of_report(store_, "royalty.pools", query_);
    if (!rows) return pass(rows);
    for (const TextRow& row : *rows) {
      RoyaltyPool pool;
      pool.number = number_of(row[0]).value_or(0);
      pool.period = row[1];
      pool.country = row[2];
      pool.plan = row[3];
      pool.currency = row[4];
      pool.right_type = row[5];
      const auto units = hundredths_of(text_of(row[6]));  // a hundred times the minor units
      if (!units) return pass(units);
      pool.amount = money_text(text_of(row[7]) == "1" ? *units : *units / 100);
      pool.own_currency = row[8];
      pool.own_amount = row[9];
      pool.rate = row[10];
      pool.rate_date = row[11];
      pool.rate_source = row[12];
      pools_.emplace(pool.number, std::move(pool));
    }
    return {};
  }

  // Columns of royalty.lines.
  enum : std::size_t {
    kPool,
    kPeriod,
    kCountry,
    kPlan,
    kCurrency,
    kRightType,
    kHolder,
    kArtist,
    kTrack,
    kKind,
    kPlays,
    kPercent,
    kAmount,
    kOwnCurrency
  };

  Result<void> read_lines() {
    return ask_report(store_, "royalty.lines", query_, [&](const ResultBatch& batch) {
      Result<void> read;
      for (std::uint32_t row = 0; read && row < batch.rows(); ++row) read = read_line(batch, row);
      return read;
    });
  }

  Result<void> read_line(const ResultBatch& batch, std::uint32_t row) {
    RoyaltyLine line;
    line.pool = static_cast<std::uint64_t>(batch.int64_at(row, kPool));
    line.rightsholder = text_cell(batch, row, kHolder);
    line.artist = text_cell(batch, row, kArtist);
    line.track = text_cell(batch, row, kTrack);
    line.kind = batch.string_at(row, kKind);
    line.plays = static_cast<std::uint64_t>(batch.int64_at(row, kPlays));
    line.percent = text_cell(batch, row, kPercent);
    batch.append_text(row, kAmount, line.amount);
    const auto amount = hundredths_of(line.amount);
    if (!amount) return pass(amount);
    append_royalty_line(line, computed_.lines);
    if (!pools_.contains(line.pool)) {
      RoyaltyPool pool;
      pool.number = line.pool;
      pool.period = text_cell(batch, row, kPeriod);
      pool.country = text_cell(batch, row, kCountry);
      pool.plan = text_cell(batch, row, kPlan);
      pool.currency = text_cell(batch, row, kCurrency);
      pool.right_type = text_cell(batch, row, kRightType);
      pool.own_currency = text_cell(batch, row, kOwnCurrency);
      pools_.emplace(line.pool, std::move(pool));
    }
    if (auto sound = sums_[line.pool].add(line, *amount); !sound) return sound;
    if (line.kind != "unallocated") earned_by(line).add(*amount);
    return {};
  }

  // Lines of one payee in one pool come together.
  Total& earned_by(const RoyaltyLine& line) {
    const RoyaltyField& id = line.rightsholder ? line.rightsholder : line.artist;
    if (earned_ == nullptr || line.pool != last_pool_ || !line.rightsholder != last_.is_artist ||
        id.value_or("") != last_.id) {
      last_ = {!line.rightsholder, id.value_or("")};
      last_pool_ = line.pool;
      earned_ = &computed_.earned[{last_, pools_[line.pool].currency}];
    }
    return *earned_;
  }

  const Store& store_;
  const RoyaltyRunOptions& options_;
  QueryOptions query_;
  RoyaltyPayee last_;
  std::uint64_t last_pool_ = 0;
  Total* earned_ = nullptr;  // of these two
  ComputedRun computed_;
  std::map<std::uint64_t, RoyaltyPool> pools_;
  std::map<std::uint64_t, PoolSums> sums_;
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
