// A track's way through a run, in words: plays of the snapshot, weights and pools, lines, accounts.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "storage/guarded.h"
#include "storage/store_root.h"
#include "tools/royalty/ask.h"
#include "tools/royalty/book.h"
#include "tools/royalty/compute.h"
#include "tools/royalty/run_file.h"

namespace stave {
namespace {

constexpr std::string_view kParameters =
    "param period: date; param to: date = null; param track: string;"
    "param model: string = \"pro_rata\"; param min_seconds: i64 = 30;";

std::string shown(const RoyaltyField& field) {
  return field.value_or("all");
}

std::string named(const RoyaltyPool& pool) {
  return fmt::format("pool {} ({}, country {}, plan {}, {}{})", pool.number,
                     pool.period.value_or(""), shown(pool.country), shown(pool.plan),
                     pool.currency.value_or("no currency"),
                     pool.right_type ? ", " + *pool.right_type : "");
}

class Explanation {
 public:
  Explanation(const RoyaltyRun& run, std::vector<RoyaltyLine> lines, std::string track)
      : run_(run), lines_(std::move(lines)), track_(std::move(track)) {}

  Result<std::string> tell(const std::string& path, const QueryOptions& options) {
    text_ = fmt::format("Track {} in run {}: {}, {} to {}, snapshot {}.\n\n", track_, run_.id,
                        run_.model, run_.period, run_.to, run_.snapshot);
    const auto store = Store::open(path, std::to_string(run_.snapshot));
    if (store) {
      if (auto told = tell_plays(*store, options); !told) return pass(told);
      if (auto told = tell_weights(*store, options); !told) return pass(told);
    } else {
      text_ += fmt::format(
          "Snapshot {} is not there any more, so the plays cannot be counted again:\n  {}\n\n",
          run_.snapshot, store.error().message);
    }
    tell_lines();
    tell_accounts();
    return text_;
  }

 private:
  QueryOptions with_track(const QueryOptions& options) const {
    QueryOptions query = options;
    query.parameters = run_.parameters;
    query.parameters["period"] = run_.period;
    query.parameters["to"] = run_.to;
    query.parameters["track"] = track_;
    query.origin = "royalty explain";
    return query;
  }

  // Only the parameters that a program takes may be given to it.
  static void keep(QueryOptions& query, std::initializer_list<std::string_view> names) {
    std::erase_if(query.parameters, [&](const auto& given) {
      return std::ranges::find(names, given.first) == names.end();
    });
  }

  Result<void> tell_plays(const Store& store, const QueryOptions& options) {
    QueryOptions query = with_track(options);
    keep(query, {"period", "to", "track", "min_seconds", "model"});
    const auto rows = royalty::rows_of_program(
        store,
        std::string(kParameters) +
            "from streams | where day >= $period and day <= $to and track_id :: string == $track"
            "| summarize plays = count(), short = count_if(duration_sec < $min_seconds)"
            "| expect $model is not null;",
        query);
    if (!rows) return pass(rows);
    text_ += fmt::format("Plays in the period: {}, of which {} are short.\n",
                         rows->front()[0].value_or("0"), rows->front()[1].value_or("0"));
    return {};
  }

  Result<void> tell_weights(const Store& store, const QueryOptions& options) {
    QueryOptions query = royalty::options_for(store, "royalty.shares", with_track(options));
    query.parameters["track"] = track_;
    const auto rows = royalty::rows_of_program(
        store,
        "param period: date; param to: date = null; param track: string;"
        "param model: string = \"pro_rata\";"
        "from `royalty.shares` | where line == \"share\""
        "| derive all_plays = sum(plays) over (per pool), all_weights = sum(weight) over (per pool)"
        "| where track_id :: string == $track"
        "| select pool, plays, weight, all_plays, all_weights,"
        "  exact = div(weight, all_weights, 12), part = (part * if(scale == 1, 1.00, 0.01)) :: "
        "decimal(18,2) | sort pool",
        query);
    if (!rows) return pass(rows);
    if (rows->empty()) text_ += "None of them entered a pool.\n";
    for (const TextRow& row : *rows) {
      const RoyaltyPool* pool = find_pool(royalty::number_of(row[0]).value_or(0));
      if (pool == nullptr) continue;
      text_ += fmt::format(
          "\nIn {}:\n"
          "  {} of {} counted plays; weight {} of {}, which is {} of the pool.\n",
          named(*pool), row[1].value_or("0"), row[3].value_or("0"), row[2].value_or("0"),
          row[4].value_or("0"), row[5].value_or("0"));
      if (pool->rate) {
        text_ +=
            fmt::format("  The pool of {} {} was converted at {} ({}, {}).\n",
                        pool->own_amount.value_or(""), pool->own_currency.value_or(""), *pool->rate,
                        pool->rate_source.value_or("no source"), pool->rate_date.value_or(""));
      }
      text_ += fmt::format("  Pool {} x {} = {} by largest remainder.\n", pool->amount,
                           row[5].value_or("0"), row[6].value_or("0"));
    }
    text_ += "\n";
    return {};
  }

  void tell_lines() {
    text_ += "Lines of the run:\n";
    bool has_any = false;
    for (const RoyaltyLine& line : lines_) {
      if (line.track != track_) continue;
      has_any = true;
      const RoyaltyPool* pool = find_pool(line.pool);
      const RoyaltyPayee payee{!line.rightsholder,
                               line.rightsholder ? *line.rightsholder : line.artist.value_or("")};
      payees_.insert(payee);
      text_ +=
          fmt::format("  pool {}: {} {} {}{}, {} plays\n", line.pool, royalty::payee_text(payee),
                      line.amount, pool != nullptr ? pool->currency.value_or("") : "",
                      line.kind == "top_up" ? " to reach the minimum for each play"
                      : line.percent        ? " for " + *line.percent + " percent"
                                            : "",
                      line.plays);
    }
    if (!has_any) text_ += "  none\n";
  }

  void tell_accounts() {
    text_ += "\nAccounts of those paid for it:\n";
    for (const RoyaltyBalance& b : run_.balances) {
      if (!payees_.contains(b.payee)) continue;
      text_ += fmt::format(
          "  {} ({}): opening {} + earned {} - advances {} - costs {} + adjustments {} - paid "
          "before {};\n    payout {} (minimum {}), closing {}{}\n",
          royalty::payee_text(b.payee), b.currency.value_or("no currency"), b.opening, b.earned,
          b.advances, b.costs, b.adjustments, b.paid_before, b.payout, b.minimum, b.closing,
          b.is_paid ? ", paid" : "");
    }
  }

  const RoyaltyPool* find_pool(std::uint64_t number) const {
    const auto found = std::ranges::find(run_.pools, number, &RoyaltyPool::number);
    return found == run_.pools.end() ? nullptr : &*found;
  }

  const RoyaltyRun& run_;
  std::vector<RoyaltyLine> lines_;
  std::string track_;
  std::string text_;
  std::set<RoyaltyPayee> payees_;
};

}  // namespace

Result<std::string> explain_royalties(const std::string& store, std::uint64_t id,
                                      const std::string& track, const QueryOptions& options) {
  return guarded("a royalty run was explained", [&]() -> Result<std::string> {
    const auto files = open_store_root(store);
    if (!files) return pass(files);
    const auto book = royalty::Book::read(**files);
    if (!book) return pass(book);
    const auto run = book->load(**files, id);
    if (!run) return pass(run);
    const auto text = book->lines(**files, id);
    if (!text) return pass(text);
    auto lines = royalty::lines_of_text(*text, royalty::lines_file_name(id));
    if (!lines) return pass(lines);
    return Explanation(*run, *std::move(lines), track).tell(store, options);
  });
}

}  // namespace stave
