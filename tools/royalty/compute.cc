// The reports of query/reports, asked one after another, and the sums that must come out.
#include "tools/royalty/compute.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <future>
#include <utility>

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

// One program, so that what its reports have in common is computed once. Of its lines only what
// the file of a run holds; pools without rows in royalty.pools are told by their lines.
std::string program_of(const std::string& model) {
  return "param period: date; param to: date = null; param model: string = \"pro_rata\";"
         "from streams | where day >= $period and day <= coalesce($to, $period + 1mo - 1d)"
         "| summarize plays = count()"
         "| expect $model in (\"pro_rata\", \"user_centric\", \"artist_centric\", \"per_play\")"
         " else \"No such royalty model. The models are pro_rata, user_centric, artist_centric and "
         "per_play.\""
         "| select plays, first_day = $period, last_day = coalesce($to, $period + 1mo - 1d);"
         "from `royalty.play_counts`;"
         "from `royalty.pools`;"
         "from `royalty.lines` | select pool, rightsholder_id, artist_id, track_id, line, plays, "
         "percent, amount" +
         std::string(model == kPerPlay
                         ? ", period, country, plan, currency, right_type, pool_currency"
                         : "");
}

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
    for (const FileReference& file : files_of(alone)) {
      files += fmt::format("{} {} {:016x}\n", file.path, file.size, file.checksum);
    }
    inputs.push_back({std::string(name), place->rows, sha256_of(files)});
  }
  return inputs;
}

// Of a cell in a text of lines.
struct TextPlace {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_null = false;

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

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
    auto asked = query(store_, program_of(computed_.run.model), query_, readers);
    if (!asked) return pass(asked);
    for (auto& [number, sums] : sums_) {
      RoyaltyPool& pool = pools_[number];
      pool.shares = money_text(sums.shares.value());
      pool.top_ups = money_text(sums.top_ups.value());
      pool.unallocated = money_text(sums.unallocated.value());
      if (computed_.run.model == kPerPlay) pool.amount = pool.shares;
    }
    for (auto& [number, pool] : pools_) computed_.run.pools.push_back(std::move(pool));
    if (auto sound = check_sums(computed_.run, sums_); !sound) return pass(sound);
    join_lines();
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

  // Those of per_play are known by their lines.
  Result<void> read_pools(const ResultBatch& batch) {
    for (std::uint32_t row = 0; row < batch.rows() && computed_.run.model != kPerPlay; ++row) {
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

  // Columns of lines.
  enum : std::size_t {
    kPool,
    kHolder,
    kArtist,
    kTrack,
    kKind,
    kPlays,
    kPercent,
    kAmount,
    kPeriod,  // the rest of per_play only
    kCountry,
    kPlan,
    kCurrency,
    kRightType,
    kOwnCurrency
  };

  // Writing them is most of the work, and is shared by two threads: one writes most of the lines
  // while the other writes the first few and sums up.
  Result<void> read_lines(const ResultBatch& batch) {
    constexpr std::uint32_t kPartOfFirst = 4;
    const std::uint32_t few = options_.threads == 1 ? batch.rows() : batch.rows() / kPartOfFirst;
    std::future<WrittenLines> second;
    if (few < batch.rows()) {
      second = std::async(std::launch::async | std::launch::deferred, write_lines, std::cref(batch),
                          few, batch.rows());
    }
    WrittenLines first = write_lines(batch, 0, few);
    auto added = add(batch, std::move(first), 0);
    if (!second.valid()) return added;
    WrittenLines rest = second.get();
    return added ? add(batch, std::move(rest), few) : added;
  }

  void join_lines() {
    std::size_t bytes = 0;
    for (const std::string& piece : pieces_) bytes += piece.size();
    computed_.lines.reserve(bytes);
    for (std::string& piece : pieces_) computed_.lines += std::exchange(piece, {});
  }

  // What was written of some rows of a batch.
  struct WrittenLine {
    TextPlace holder, artist, track;
  };
  struct WrittenLines {
    std::string text;
    std::vector<WrittenLine> lines;
  };

  static WrittenLines write_lines(const ResultBatch& batch, std::uint32_t from, std::uint32_t to) {
    constexpr std::size_t kUsualLine = 80;
    WrittenLines written;
    written.lines.reserve(to - from);
    std::string& out = written.text;
    out.reserve(std::size_t{to - from} * kUsualLine);
    for (std::uint32_t row = from; row < to; ++row) {
      batch.append_text(row, kPool, out);
      WrittenLine line;
      line.holder = append_cell(batch, row, kHolder, out);
      line.artist = append_cell(batch, row, kArtist, out);
      line.track = append_cell(batch, row, kTrack, out);
      for (const std::size_t column : {kKind, kPlays, kPercent, kAmount}) {
        append_cell(batch, row, column, out);
      }
      out.push_back('\n');
      written.lines.push_back(line);
    }
    return written;
  }

  // A tab and the cell.
  static TextPlace append_cell(const ResultBatch& batch, std::uint32_t row, std::size_t column,
                               std::string& out) {
    out.push_back('\t');
    const std::size_t begin = out.size();
    const bool is_null = batch.is_null(row, column);
    if (!is_null) batch.append_text(row, column, out);
    if (!is_null) escape_from(begin, out);
    return {begin, out.size(), is_null};
  }

  Result<void> add(const ResultBatch& batch, WrittenLines written, std::uint32_t row) {
    const std::string_view text = pieces_.emplace_back(std::move(written.text));
    for (const WrittenLine& line : written.lines) {
      const auto number = static_cast<std::uint64_t>(batch.int64_at(row, kPool));
      if (last_sums_ == nullptr || number != last_pool_) begin_pool(batch, row, number);
      const std::string_view kind = batch.string_at(row, kKind);
      const Int128 amount = decimal_in(batch, row, kAmount);
      const LineParts parts{line.track.is_null ? std::nullopt : std::optional(line.track.in(text)),
                            kind, static_cast<std::int64_t>(decimal_in(batch, row, kPercent)),
                            amount};
      if (auto sound = last_sums_->add(parts, number); !sound) return sound;
      if (kind != "unallocated") earned_by(line, text).add(amount);
      ++row;
    }
    return {};
  }

  // The lines of a pool come together.
  void begin_pool(const ResultBatch& batch, std::uint32_t row, std::uint64_t number) {
    last_pool_ = number;
    last_sums_ = &sums_[number];
    earned_ = nullptr;
    if (computed_.run.model != kPerPlay) return;
    RoyaltyPool& pool = pools_[number];
    pool.number = number;
    pool.period = text_cell(batch, row, kPeriod);
    pool.country = text_cell(batch, row, kCountry);
    pool.plan = text_cell(batch, row, kPlan);
    pool.currency = text_cell(batch, row, kCurrency);
    pool.right_type = text_cell(batch, row, kRightType);
    pool.own_currency = text_cell(batch, row, kOwnCurrency);
  }

  static Int128 decimal_in(const ResultBatch& batch, std::uint32_t row, std::size_t column) {
    const auto [high, low] = batch.decimal_at(row, column);
    return static_cast<Int128>((static_cast<UInt128>(high) << 64) | low);
  }

  // Lines of one payee in one pool come together.
  Total& earned_by(const WrittenLine& line, std::string_view text) {
    const TextPlace& id = line.holder.is_null ? line.artist : line.holder;
    if (earned_ == nullptr || line.holder.is_null != last_.is_artist || id.in(text) != last_text_) {
      last_text_ = id.in(text);
      last_ = {line.holder.is_null, id.is_null ? "" : unescaped(last_text_)};
      earned_ = &computed_.earned[{last_, pools_[last_pool_].currency}];
    }
    return *earned_;
  }

  const Store& store_;
  const RoyaltyRunOptions& options_;
  QueryOptions query_;
  ComputedRun computed_;
  std::map<std::uint64_t, RoyaltyPool> pools_;
  std::deque<std::string> pieces_;  // of the text of the lines
  std::map<std::uint64_t, PoolSums> sums_;
  // Of the last line:
  std::uint64_t last_pool_ = 0;
  PoolSums* last_sums_ = nullptr;
  RoyaltyPayee last_;
  std::string last_text_;
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
