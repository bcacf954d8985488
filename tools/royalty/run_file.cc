// See run_file.h. Records are told apart by their first field.
#include "tools/royalty/run_file.h"

#include <fmt/format.h>

#include "tools/royalty/fields.h"

namespace stave::royalty {
namespace {

constexpr std::string_view kFirstLine = "Stave royalty run 1";

Field number_field(std::uint64_t number) {
  return std::to_string(number);
}

const char* kind_of(const RoyaltyPayee& payee) {
  return payee.is_artist ? "artist" : "rightsholder";
}

std::string text_of(const Field& field) {
  return field.value_or("");
}

bool read_pool(std::vector<Field>& f, RoyaltyRun& run) {
  if (f.size() != 16) return false;
  RoyaltyPool pool;
  pool.number = number_of(f[1]).value_or(0);
  pool.period = f[2];
  pool.country = f[3];
  pool.plan = f[4];
  pool.currency = f[5];
  pool.right_type = f[6];
  pool.amount = text_of(f[7]);
  pool.own_currency = f[8];
  pool.own_amount = f[9];
  pool.rate = f[10];
  pool.rate_date = f[11];
  pool.rate_source = f[12];
  pool.shares = text_of(f[13]);
  pool.top_ups = text_of(f[14]);
  pool.unallocated = text_of(f[15]);
  run.pools.push_back(std::move(pool));
  return true;
}

bool read_balance(std::vector<Field>& f, RoyaltyRun& run) {
  if (f.size() != 13) return false;
  RoyaltyBalance balance;
  balance.payee = {text_of(f[1]) == "artist", text_of(f[2])};
  balance.currency = f[3];
  std::string* const amounts[] = {&balance.opening, &balance.earned,      &balance.advances,
                                  &balance.costs,   &balance.adjustments, &balance.paid_before,
                                  &balance.minimum, &balance.payout,      &balance.closing};
  for (std::size_t i = 0; i < std::size(amounts); ++i) *amounts[i] = text_of(f[4 + i]);
  run.balances.push_back(std::move(balance));
  return true;
}

bool read_record(std::vector<Field> f, RoyaltyRun& run) {
  const std::string record = text_of(f[0]);
  if (record == "pool") return read_pool(f, run);
  if (record == "balance") return read_balance(f, run);
  if (record == "model" && f.size() == 2) {
    run.model = text_of(f[1]);
  } else if (record == "period" && f.size() == 3) {
    run.period = text_of(f[1]);
    run.to = text_of(f[2]);
  } else if (record == "snapshot" && f.size() == 2) {
    run.snapshot = number_of(f[1]).value_or(0);
  } else if (record == "parameter" && f.size() == 3) {
    run.parameters.emplace(text_of(f[1]), text_of(f[2]));
  } else if (record == "input" && f.size() == 4) {
    run.inputs.push_back({text_of(f[1]), number_of(f[2]).value_or(0), text_of(f[3])});
  } else if (record == "plays" && f.size() == 3) {
    const std::uint64_t plays = number_of(f[2]).value_or(0);
    if (text_of(f[1]) == "in") {
      run.plays_in = plays;
    } else {
      run.plays.emplace_back(text_of(f[1]), plays);
    }
  } else if (record == "adjustment" && f.size() == 7) {
    run.adjustments.push_back(
        {text_of(f[1]), f[2], f[3], text_of(f[4]), text_of(f[5]), text_of(f[6])});
  } else {
    return false;
  }
  return true;
}

// Calls `read` with each line, until it says no.
template <typename Read>
bool each_line(std::string_view text, const Read& read) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !read(text.substr(0, end))) return false;
    text.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

std::string run_file_name(std::uint64_t id) {
  return fmt::format("run_{:06}.tsv", id);
}

std::string lines_file_name(std::uint64_t id) {
  return fmt::format("run_{:06}_lines.tsv", id);
}

std::string run_text(const RoyaltyRun& run) {
  std::string out(kFirstLine);
  out.push_back('\n');
  append_line({"model", run.model}, out);
  append_line({"period", run.period, run.to}, out);
  append_line({"snapshot", number_field(run.snapshot)}, out);
  for (const auto& [name, value] : run.parameters) append_line({"parameter", name, value}, out);
  for (const RoyaltyInput& input : run.inputs) {
    append_line({"input", input.table, number_field(input.rows), input.digest}, out);
  }
  append_line({"plays", "in", number_field(run.plays_in)}, out);
  for (const auto& [reason, plays] : run.plays) {
    append_line({"plays", reason, number_field(plays)}, out);
  }
  for (const RoyaltyPool& pool : run.pools) {
    append_line(
        {"pool", number_field(pool.number), pool.period, pool.country, pool.plan, pool.currency,
         pool.right_type, pool.amount, pool.own_currency, pool.own_amount, pool.rate,
         pool.rate_date, pool.rate_source, pool.shares, pool.top_ups, pool.unallocated},
        out);
  }
  for (const RoyaltyBalance& b : run.balances) {
    append_line({"balance", kind_of(b.payee), b.payee.id, b.currency, b.opening, b.earned,
                 b.advances, b.costs, b.adjustments, b.paid_before, b.minimum, b.payout, b.closing},
                out);
  }
  for (const RoyaltyAdjustment& a : run.adjustments) {
    append_line({"adjustment", a.kind, a.id, a.currency, a.before, a.now, a.difference}, out);
  }
  return out;
}

Result<RoyaltyRun> run_of_text(std::string_view text, const std::string& origin) {
  RoyaltyRun run;
  bool is_first = true;
  const bool is_run = each_line(text, [&](std::string_view line) {
    if (is_first) {
      is_first = false;
      return line == kFirstLine;
    }
    return read_record(fields_of(line), run);
  });
  if (!is_run || is_first) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A royalty run does not read as one: {}. Run `stave verify`.", origin));
  }
  return run;
}

Result<std::vector<RoyaltyLine>> lines_of_text(std::string_view text, const std::string& origin) {
  std::vector<RoyaltyLine> lines;
  const bool are_lines = each_line(text, [&](std::string_view line) {
    const std::vector<Field> f = fields_of(line);
    if (f.size() != 8) return false;
    lines.push_back({number_of(f[0]).value_or(0), f[1], f[2], f[3], text_of(f[4]),
                     number_of(f[5]).value_or(0), f[6], text_of(f[7])});
    return true;
  });
  if (!are_lines) {
    return fail(
        ErrorCode::kDamaged,
        fmt::format("Lines of a royalty run do not read as such: {}. Run `stave verify`.", origin));
  }
  return lines;
}

}  // namespace stave::royalty
