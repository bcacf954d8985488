// Stages that read what was done so far more than once, or by an order: unions, joins of any kind
// and condition, ties, lists, windows by an order, shares to the last unit.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "tests/query/support/random_aggregate.h"
#include "tests/query/support/random_program.h"

namespace stave::testing {
namespace {

// Joins with itself multiply rows: from here on other stages come in their place.
constexpr std::size_t kMostJoinedRows = 60;
constexpr std::int64_t kShared = 100'000;  // 1000.00

bool passes(const MadeExpression& condition, const Row& row) {
  const Cell cell = condition.of(row);
  return !cell.is_null && cell.integer != 0;
}

}  // namespace

std::string RandomProgram::name_so_far() {
  std::string name = "b" + std::to_string(++names_);
  lets_ += "let " + name + " = " + text_ + ";\n";
  return name;
}

void RandomProgram::add_union() {
  if (now_.rows.size() > 4 * kMostJoinedRows) return add_where();
  const std::string base = name_so_far();
  const MadeExpression first = maker().make(Kind::kBool, 2);
  const MadeExpression second = maker().make(Kind::kBool, 2);
  text_ = fmt::format("from {} | where {}\n| union (from {} | where {})", base, first.text, base,
                      second.text);
  std::vector<Row> rows;
  for (const MadeExpression& condition : {first, second}) {
    for (const Row& row : now_.rows) {
      if (passes(condition, row)) rows.push_back(row);
    }
  }
  now_.rows = std::move(rows);
}

// On equal values, on an interval, or both.
void RandomProgram::add_join_with_itself() {
  std::vector<std::size_t> integers;
  for (const std::size_t column : shown()) {
    if (now_.columns[column].kind == Kind::kInteger) integers.push_back(column);
  }
  if (integers.empty() || now_.rows.size() > kMostJoinedRows) return add_derive();
  const std::size_t key = shown()[below(static_cast<unsigned>(shown().size()))];
  const std::size_t low = integers[below(static_cast<unsigned>(integers.size()))];
  const std::size_t inside = integers[below(static_cast<unsigned>(integers.size()))];
  const std::int64_t width = below(9);
  const MadeExpression condition = maker().make(Kind::kBool, 2);
  const bool by_key = below(4) != 0 && now_.columns[key].kind != Kind::kReal;
  const bool is_null_safe = below(3) == 0;
  const bool by_interval = !by_key || below(2) == 0;
  static constexpr const char* kKinds[] = {"semi", "anti", "inner many", "left many", "full many"};
  const unsigned kind = below(5);
  const std::string base = name_so_far();
  const std::string right = "t" + std::to_string(names_);
  const std::string right_key = new_name();
  const std::string right_low = new_name();
  const std::string key_test = fmt::format("{} {} {}.{}", now_.columns[key].name,
                                           is_null_safe ? "is" : "==", right, right_key);
  const std::string interval_test =
      fmt::format("{} in {}.{} .. {}.{} + {}", now_.columns[inside].name, right, right_low, right,
                  right_low, width);
  text_ =
      fmt::format("from {}\n| join {} (from {} | where {} | select {} = {}, {} = {}) as {} on {}",
                  base, kKinds[kind], base, condition.text, right_key, now_.columns[key].name,
                  right_low, now_.columns[low].name, right,
                  !by_interval ? key_test
                  : by_key     ? key_test + " and " + interval_test
                               : interval_test);
  std::vector<const Row*> candidates;
  for (const Row& row : now_.rows) {
    if (passes(condition, row)) candidates.push_back(&row);
  }
  const auto matches = [&](const Row& left, const Row& other) {
    if (by_key) {
      const bool any_null = left[key].is_null || other[key].is_null;
      const bool is_same = compare_cells(left[key], other[key], now_.columns[key].kind) == 0;
      if (!is_same || (any_null && !is_null_safe)) return false;
    }
    if (!by_interval) return true;
    if (left[inside].is_null) return false;
    if (other[low].is_null) return true;  // both bounds are open
    return left[inside].integer >= other[low].integer &&
           left[inside].integer <= other[low].integer + width;
  };
  std::vector<Row> rows;
  std::vector<bool> is_matched(candidates.size(), false);
  for (const Row& row : now_.rows) {
    bool any = false;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (!matches(row, *candidates[i])) continue;
      any = true;
      is_matched[i] = true;
      if (kind < 2) continue;
      Row& made = rows.emplace_back(row);
      made.push_back((*candidates[i])[key]);
      made.push_back((*candidates[i])[low]);
    }
    if (kind < 2 && any == (kind == 0)) rows.push_back(row);
    if (kind > 2 && !any) {
      Row& made = rows.emplace_back(row);
      made.resize(row.size() + 2);
    }
  }
  for (std::size_t i = 0; kind == 4 && i < candidates.size(); ++i) {
    if (is_matched[i]) continue;
    Row& made = rows.emplace_back(now_.columns.size());
    made.push_back((*candidates[i])[key]);
    made.push_back((*candidates[i])[low]);
  }
  now_.rows = std::move(rows);
  if (kind < 2) return;
  now_.columns.push_back({right_key, now_.columns[key].kind, true});
  now_.columns.push_back({right_low, Kind::kInteger, true});
}

void RandomProgram::add_top_with_ties() {
  Order order = random_order();
  order.keys.resize(1);
  order.text = now_.columns[order.keys[0].first].name + (order.keys[0].second ? " desc" : "");
  const std::size_t count = 1 + below(3);
  std::vector<MadeExpression> per;
  if (below(2) == 0) per.push_back(maker().column(some_shown(1)[0]));
  text_ += fmt::format("\n| top {} with ties by {}{}", count, order.text,
                       per.empty() ? "" : " per " + per[0].text);
  std::vector<Row> rows;
  for (Members& members : groups_by(per)) {
    std::stable_sort(members.begin(), members.end(), [&](std::size_t left, std::size_t right) {
      return comes_before(now_.rows[left], now_.rows[right], order);
    });
    for (std::size_t place = 0; place < members.size(); ++place) {
      const bool ties = place >= count && !comes_before(now_.rows[members[count - 1]],
                                                        now_.rows[members[place]], order);
      if (place < count || ties) rows.push_back(now_.rows[members[place]]);
    }
  }
  now_.rows = std::move(rows);
}

void RandomProgram::add_expand() {
  static constexpr const char* kSeparators[] = {"o", " ", "t", ";"};
  const MadeExpression list = maker().make(Kind::kText, 2);
  const std::string separator = kSeparators[below(4)];
  const std::string name = new_name();
  text_ += fmt::format("\n| expand {} = split({}, \"{}\")", name, list.text, separator);
  std::vector<Row> rows;
  for (const Row& row : now_.rows) {
    const Cell cell = list.of(row);
    if (cell.is_null) continue;
    for (std::size_t begin = 0;;) {
      const std::size_t end = cell.text.find(separator, begin);
      rows.emplace_back(row).push_back(text_cell(cell.text.substr(begin, end - begin)));
      if (end == std::string::npos) break;
      begin = end + separator.size();
    }
  }
  now_.rows = std::move(rows);
  now_.columns.push_back({name, Kind::kText, true});
}

void RandomProgram::add_window_column(
    const std::string& call, Kind kind, const Order* order,
    const std::function<std::vector<Cell>(const Members&)>& cells_of) {
  std::vector<MadeExpression> per;
  std::vector<std::string> parts;
  for (const std::size_t column : below(4) == 0 ? Members() : some_shown(2)) {
    per.push_back(maker().column(column));
    parts.push_back(per.back().text);
  }
  const std::size_t border = call.find(" rows ");
  const std::string name = new_name();
  text_ += fmt::format("\n| derive {} = {} over ({}{}{})", name, call.substr(0, border),
                       per.empty() ? "" : fmt::format("per {} ", fmt::join(parts, ", ")),
                       order == nullptr ? "" : "sort " + order->text,
                       border == std::string::npos ? "" : call.substr(border));
  std::vector<Cell> made(now_.rows.size());
  for (Members& members : groups_by(per)) {
    std::stable_sort(members.begin(), members.end(), [&](std::size_t left, std::size_t right) {
      return order != nullptr && comes_before(now_.rows[left], now_.rows[right], *order);
    });
    const std::vector<Cell> cells = cells_of(members);
    for (std::size_t place = 0; place < members.size(); ++place)
      made[members[place]] = cells[place];
  }
  for (std::size_t row = 0; row < made.size(); ++row) now_.rows[row].push_back(made[row]);
  now_.columns.push_back({name, kind, true});
}

// Ranks, neighbours, ends of frames, and aggregates up to a row and its peers.
void RandomProgram::add_ordered_window() {
  Order order = random_order();
  const unsigned which = below(6);
  const bool by_few = which < 2 || which == 5;  // where peers have a meaning
  if (by_few) {
    order.keys.resize(1);
    order.text = now_.columns[order.keys[0].first].name + (order.keys[0].second ? " desc" : "");
  }
  const auto is_peer = [&](std::size_t left, std::size_t right) {
    return !comes_before(now_.rows[left], now_.rows[right], order) &&
           !comes_before(now_.rows[right], now_.rows[left], order);
  };
  if (which < 2) {
    return add_window_column(
        which == 0 ? "rank()" : "dense_rank()", Kind::kInteger, &order,
        [&](const Members& members) {
          std::vector<Cell> cells;
          std::int64_t rank = 0;
          for (std::size_t place = 0; place < members.size(); ++place) {
            const bool is_new = place == 0 || !is_peer(members[place - 1], members[place]);
            if (is_new) rank = which == 0 ? static_cast<std::int64_t>(place) + 1 : rank + 1;
            cells.push_back(integer_cell(rank));
          }
          return cells;
        });
  }
  static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText, Kind::kDecimal, Kind::kTimestamp};
  if (which == 5) {
    MadeAggregate aggregate = make_aggregate(maker());
    while (!aggregate.can_move) aggregate = make_aggregate(maker());
    return add_window_column(aggregate.text, aggregate.kind, &order, [&](const Members& members) {
      std::vector<Cell> cells;
      std::vector<const Row*> rows;
      for (std::size_t place = 0; place < members.size(); ++place) {
        for (std::size_t next = rows.size();
             next < members.size() && (next <= place || is_peer(members[place], members[next]));
             ++next) {
          rows.push_back(&now_.rows[members[next]]);
        }
        cells.push_back(aggregate.of(rows));
      }
      return cells;
    });
  }
  const MadeExpression value = maker().make(kKinds[below(4)], 1);
  const std::size_t away = 1 + below(2);
  if (which == 2) {
    const bool is_lead = below(2) == 0;
    return add_window_column(
        fmt::format("{}({}, {})", is_lead ? "lead" : "lag", value.text, away), value.kind, &order,
        [&](const Members& members) {
          std::vector<Cell> cells;
          for (std::size_t place = 0; place < members.size(); ++place) {
            const bool is_there = is_lead ? place + away < members.size() : place >= away;
            const std::size_t other = is_lead ? place + away : place - away;
            cells.push_back(is_there ? value.of(now_.rows[members[other]]) : Cell());
          }
          return cells;
        });
  }
  // Frames that may lie before, around or after their row.
  const auto from = static_cast<std::int64_t>(below(4)) - 2;
  const std::int64_t to = from + static_cast<std::int64_t>(below(3));
  MadeAggregate aggregate = make_aggregate(maker());
  while (!aggregate.can_move) aggregate = make_aggregate(maker());
  const bool is_first = which == 3 && below(2) == 0;
  const std::string text =
      which == 4 ? aggregate.text : fmt::format("{}({})", is_first ? "first" : "last", value.text);
  add_window_column(
      fmt::format("{} rows {} .. {}", text, from, to), which == 4 ? aggregate.kind : value.kind,
      &order, [&](const Members& members) {
        std::vector<Cell> cells;
        const auto size = static_cast<std::int64_t>(members.size());
        for (std::int64_t place = 0; place < size; ++place) {
          std::vector<const Row*> frame;
          for (std::int64_t at = std::max<std::int64_t>(0, place + from);
               at <= std::min(size - 1, place + to); ++at) {
            frame.push_back(&now_.rows[members[static_cast<std::size_t>(at)]]);
          }
          if (which == 4) {
            cells.push_back(aggregate.of(frame));
          } else {
            cells.push_back(frame.empty() ? Cell()
                                          : value.of(is_first ? *frame.front() : *frame.back()));
          }
        }
        return cells;
      });
}

void RandomProgram::add_allocate() {
  const MadeExpression weight = maker().make(Kind::kInteger, 1);
  const Order order = random_order();
  add_window_column(
      fmt::format("allocate(1000.00, if({} > 0, {}, 0))", weight.text, weight.text), Kind::kDecimal,
      &order, [&](const Members& members) {
        std::vector<std::int64_t> weights;
        for (const std::size_t member : members) {
          const Cell cell = weight.of(now_.rows[member]);
          weights.push_back(cell.is_null ? 0 : std::max<std::int64_t>(0, cell.integer));
        }
        const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
        std::vector<Cell> cells(members.size());
        if (sum == 0) return cells;
        std::vector<std::size_t> places(members.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        std::int64_t rest = kShared;
        for (const std::size_t place : places) {
          cells[place] = integer_cell(kShared * weights[place] / sum);
          rest -= cells[place].integer;
        }
        std::stable_sort(places.begin(), places.end(), [&](std::size_t left, std::size_t right) {
          const std::int64_t one = kShared * weights[left] % sum;
          const std::int64_t other = kShared * weights[right] % sum;
          return one != other ? one > other : weights[left] > weights[right];
        });
        for (std::int64_t i = 0; i < rest; ++i)
          ++cells[places[static_cast<std::size_t>(i)]].integer;
        return cells;
      });
}

}  // namespace stave::testing
