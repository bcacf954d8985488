// Stages, one function each: the text that is added, and what it does to the rows.
#include "tests/query/support/random_program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include "tests/query/support/random_aggregate.h"

namespace stave::testing {
namespace {

constexpr int kDepth = 3;

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

RandomProgram::RandomProgram(const TestRows& plays, const TestRows& tracks, std::mt19937& random)
    : tracks_(tracks), random_(random), now_(plays), text_("from streams") {
  static constexpr Stage kKeeping[] = {&RandomProgram::add_where, &RandomProgram::add_derive,
                                       &RandomProgram::add_where};
  static constexpr Stage kShaping[] = {&RandomProgram::add_select, &RandomProgram::add_summarize,
                                       &RandomProgram::add_summarize, &RandomProgram::add_distinct};
  static constexpr Stage kAfter[] = {&RandomProgram::add_where,
                                     &RandomProgram::add_derive,
                                     &RandomProgram::add_window,
                                     &RandomProgram::add_summarize,
                                     &RandomProgram::add_distinct,
                                     &RandomProgram::add_top,
                                     &RandomProgram::add_top,
                                     &RandomProgram::add_take,
                                     &RandomProgram::add_join,
                                     &RandomProgram::add_union,
                                     &RandomProgram::add_expand,
                                     &RandomProgram::add_allocate,
                                     &RandomProgram::add_top_with_ties,
                                     &RandomProgram::add_ordered_window,
                                     &RandomProgram::add_join_with_itself,
                                     &RandomProgram::add_join_with_itself};
  for (unsigned stages = below(3); stages > 0; --stages) (this->*kKeeping[below(3)])();
  (this->*kShaping[below(4)])();
  for (unsigned stages = below(4); stages > 0; --stages)
    (this->*kAfter[below(std::size(kAfter))])();
  const Order order = random_order();
  text_ += "\n| sort " + order.text;
  std::stable_sort(now_.rows.begin(), now_.rows.end(), [&](const Row& left, const Row& right) {
    return comes_before(left, right, order);
  });
}

std::string RandomProgram::expected() const {
  std::vector<std::string> names;
  for (const TestColumn& column : now_.columns) names.push_back(column.name);
  std::string out = fmt::format("{}", fmt::join(names, ","));
  for (const Row& row : now_.rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(cell_text(row[i], now_.columns[i].kind));
    }
    out += fmt::format("\n{}", fmt::join(cells, ","));
  }
  return out;
}

std::vector<std::size_t> RandomProgram::shown() const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < now_.columns.size(); ++i) {
    if (now_.columns[i].is_shown) columns.push_back(i);
  }
  return columns;
}

std::vector<std::size_t> RandomProgram::some_shown(unsigned most) {
  std::vector<std::size_t> columns = shown();
  std::shuffle(columns.begin(), columns.end(), random_);
  columns.resize(std::min<std::size_t>(columns.size(), 1 + below(most)));
  return columns;
}

void RandomProgram::replace(std::vector<TestColumn> columns, std::vector<Row> rows) {
  now_ = {std::move(columns), std::move(rows)};
}

std::vector<std::vector<std::size_t>> RandomProgram::groups_by(
    const std::vector<MadeExpression>& keys) const {
  const auto less = [&keys](const Row& left, const Row& right) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const int order = compare_cells(left[i], right[i], keys[i].kind);
      if (order != 0) return order < 0;
    }
    return false;
  };
  std::map<Row, std::vector<std::size_t>, decltype(less)> groups(less);
  for (std::size_t row = 0; row < now_.rows.size(); ++row) {
    Row key;
    for (const MadeExpression& made : keys) key.push_back(made.of(now_.rows[row]));
    groups[key].push_back(row);
  }
  std::vector<std::vector<std::size_t>> rows;
  for (auto& [key, members] : groups) rows.push_back(std::move(members));
  return rows;
}

RandomProgram::Order RandomProgram::random_order() {
  Order order;
  std::vector<std::size_t> columns = shown();
  std::shuffle(columns.begin(), columns.end(), random_);
  std::vector<std::string> parts;
  for (const std::size_t column : columns) {
    order.keys.emplace_back(column, below(2) == 0);
    parts.push_back(now_.columns[column].name + (order.keys.back().second ? " desc" : ""));
  }
  order.text = joined(parts);
  return order;
}

bool RandomProgram::comes_before(const Row& left, const Row& right, const Order& order) const {
  for (const auto& [column, descending] : order.keys) {
    const int by_value = compare_cells(left[column], right[column], now_.columns[column].kind);
    if (by_value == 0) continue;
    const bool any_null = left[column].is_null || right[column].is_null;
    return (by_value < 0) != (descending && !any_null);
  }
  return false;
}

void RandomProgram::add_where() {
  const MadeExpression condition = maker().make(Kind::kBool, kDepth);
  text_ += "\n| where " + condition.text;
  std::erase_if(now_.rows, [&](const Row& row) {
    const Cell cell = condition.of(row);
    return cell.is_null || cell.integer == 0;
  });
}

void RandomProgram::add_derive() {
  static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText,    Kind::kDate,
                                    Kind::kBool,    Kind::kDecimal, Kind::kTimestamp};
  const MadeExpression value = maker().make(kKinds[below(6)], kDepth);
  const std::string name = new_name();
  text_ += fmt::format("\n| derive {} = {}", name, value.text);
  for (Row& row : now_.rows) row.push_back(value.of(row));
  now_.columns.push_back({name, value.kind, true});
}

// An aggregate over whole partitions, over some rows of each, or the row's number.
void RandomProgram::add_window() {
  const unsigned which = below(3);
  MadeAggregate aggregate = make_aggregate(maker());
  while (which == 1 && !aggregate.can_move) aggregate = make_aggregate(maker());
  std::vector<MadeExpression> per;
  std::vector<std::string> per_texts;
  for (const std::size_t column : below(4) == 0 ? std::vector<std::size_t>() : some_shown(2)) {
    per.push_back(maker().column(column));
    per_texts.push_back(per.back().text);
  }
  const std::int64_t before = below(3);
  const Order order = random_order();
  std::string inside = per.empty() ? "" : "per " + joined(per_texts) + " ";
  if (which > 0) inside += "sort " + order.text + " ";
  if (which == 1) inside += fmt::format("rows -{} .. 0", before);
  const std::string name = new_name();
  text_ += fmt::format("\n| derive {} = {} over ({})", name,
                       which == 2 ? "row_number()" : aggregate.text, inside);
  std::vector<Cell> cells(now_.rows.size());
  for (std::vector<std::size_t>& members : groups_by(per)) {
    std::stable_sort(members.begin(), members.end(), [&](std::size_t left, std::size_t right) {
      return which > 0 && comes_before(now_.rows[left], now_.rows[right], order);
    });
    for (std::size_t place = 0; place < members.size(); ++place) {
      const auto back = static_cast<std::size_t>(before);
      const std::size_t first = which == 1 && place > back ? place - back : 0;
      const std::size_t end = which == 1 ? place + 1 : members.size();
      std::vector<const Row*> frame;
      for (std::size_t i = first; i < end; ++i) frame.push_back(&now_.rows[members[i]]);
      cells[members[place]] =
          which == 2 ? integer_cell(static_cast<std::int64_t>(place) + 1) : aggregate.of(frame);
    }
  }
  for (std::size_t row = 0; row < cells.size(); ++row) now_.rows[row].push_back(cells[row]);
  now_.columns.push_back({name, which == 2 ? Kind::kInteger : aggregate.kind, true});
}

void RandomProgram::add_select() {
  std::vector<TestColumn> columns;
  std::vector<MadeExpression> values;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < now_.columns.size(); ++i) {
    if (below(4) == 0 && i + 1 < now_.columns.size()) continue;
    values.push_back(maker().column(i));
    const bool is_path = !now_.columns[i].is_shown;
    const std::string name = is_path ? new_name() : now_.columns[i].name;
    parts.push_back(is_path ? name + " = " + now_.columns[i].name : name);
    columns.push_back({name, now_.columns[i].kind, true});
  }
  text_ += "\n| select " + joined(parts);
  std::vector<Row> rows;
  for (const Row& row : now_.rows) {
    Row& made = rows.emplace_back();
    for (const MadeExpression& value : values) made.push_back(value.of(row));
  }
  replace(std::move(columns), std::move(rows));
}

void RandomProgram::add_summarize() {
  static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText,    Kind::kDate,
                                    Kind::kBool,    Kind::kDecimal, Kind::kTimestamp};
  std::vector<MadeExpression> keys;
  std::vector<std::string> key_texts;
  std::vector<TestColumn> columns;
  for (unsigned count = below(4); count > 0; --count) {
    const bool is_column = below(4) != 0;
    keys.push_back(is_column ? maker().column(below(static_cast<unsigned>(now_.columns.size())))
                             : maker().make(kKinds[below(6)], 2));
    if (keys.back().kind == Kind::kReal) {
      keys.pop_back();
      continue;
    }
    columns.push_back({new_name(), keys.back().kind, true});
    key_texts.push_back(columns.back().name + " = " + keys.back().text);
  }
  std::vector<MadeAggregate> aggregates;
  std::vector<std::string> texts;
  for (unsigned count = 1 + below(3); count > 0; --count) {
    aggregates.push_back(make_aggregate(maker()));
    columns.push_back({new_name(), aggregates.back().kind, true});
    texts.push_back(columns.back().name + " = " + aggregates.back().text);
  }
  text_ += "\n| summarize " + joined(texts);
  if (!keys.empty()) text_ += " by " + joined(key_texts);
  auto groups = groups_by(keys);
  if (keys.empty() && groups.empty()) groups.emplace_back();
  std::vector<Row> rows;
  for (const auto& members : groups) {
    Row& made = rows.emplace_back();
    for (const MadeExpression& key : keys) made.push_back(key.of(now_.rows[members[0]]));
    std::vector<const Row*> group;
    for (const std::size_t member : members) group.push_back(&now_.rows[member]);
    for (const MadeAggregate& aggregate : aggregates) made.push_back(aggregate.of(group));
  }
  replace(std::move(columns), std::move(rows));
}

void RandomProgram::add_distinct() {
  std::vector<MadeExpression> keys;
  std::vector<std::string> names;
  std::vector<TestColumn> columns;
  for (const std::size_t column : some_shown(3)) {
    keys.push_back(maker().column(column));
    names.push_back(keys.back().text);
    columns.push_back(now_.columns[column]);
  }
  text_ += "\n| distinct " + joined(names);
  std::vector<Row> rows;
  for (const auto& members : groups_by(keys)) {
    Row& made = rows.emplace_back();
    for (const MadeExpression& key : keys) made.push_back(key.of(now_.rows[members[0]]));
  }
  replace(std::move(columns), std::move(rows));
}

void RandomProgram::add_top() {
  const Order order = random_order();
  const std::size_t count = 1 + below(4);
  std::vector<MadeExpression> per;
  std::vector<std::string> per_texts;
  for (const std::size_t column : below(2) == 0 ? std::vector<std::size_t>() : some_shown(2)) {
    per.push_back(maker().column(column));
    per_texts.push_back(per.back().text);
  }
  text_ += fmt::format("\n| top {} by {}", count, order.text);
  if (!per.empty()) text_ += " per " + joined(per_texts);
  std::vector<Row> rows;
  for (std::vector<std::size_t>& members : groups_by(per)) {
    std::stable_sort(members.begin(), members.end(), [&](std::size_t left, std::size_t right) {
      return comes_before(now_.rows[left], now_.rows[right], order);
    });
    members.resize(std::min(members.size(), count));
    for (const std::size_t member : members) rows.push_back(now_.rows[member]);
  }
  now_.rows = std::move(rows);
}

void RandomProgram::add_take() {
  const Order order = random_order();
  const std::size_t count = below(20);
  const std::size_t offset = below(2) == 0 ? 0 : below(5);
  text_ += fmt::format("\n| sort {} | take {} offset {}", order.text, count, offset);
  std::stable_sort(now_.rows.begin(), now_.rows.end(), [&](const Row& left, const Row& right) {
    return comes_before(left, right, order);
  });
  const std::size_t first = std::min(offset, now_.rows.size());
  const std::size_t last = std::min(first + count, now_.rows.size());
  now_.rows = {now_.rows.begin() + static_cast<std::ptrdiff_t>(first),
               now_.rows.begin() + static_cast<std::ptrdiff_t>(last)};
}

// With some of the tracks, by their key, which is the first column of theirs.
void RandomProgram::add_join() {
  const auto key = std::find_if(now_.columns.begin(), now_.columns.end(), [](const auto& column) {
    return column.name == "track_id" && column.is_shown;
  });
  if (key == now_.columns.end()) return add_where();
  const auto position = static_cast<std::size_t>(key - now_.columns.begin());
  const MadeExpression condition = ExpressionMaker(tracks_.columns, random_).make(Kind::kBool, 2);
  static constexpr const char* kKinds[] = {"semi", "anti", "left", "inner"};
  const unsigned kind = below(4);
  const std::string added = new_name();
  text_ += fmt::format(
      "\n| join {} (from tracks | where {} | select track_id{}) as t{} on track_id", kKinds[kind],
      condition.text, kind < 2 ? "" : ", " + added + " = popularity", names_);
  std::vector<Row> rows;
  for (const Row& row : now_.rows) {
    const Row* match = nullptr;
    for (const Row& track : tracks_.rows) {
      const Cell passes = condition.of(track);
      if (passes.is_null || passes.integer == 0 || row[position].is_null) continue;
      if (track[0].text == row[position].text) match = &track;
    }
    if (kind == 1 ? match != nullptr : kind != 2 && match == nullptr) continue;
    Row& made = rows.emplace_back(row);
    if (kind >= 2) made.push_back(match == nullptr ? Cell() : (*match)[1]);
  }
  now_.rows = std::move(rows);
  if (kind >= 2) now_.columns.push_back({added, Kind::kInteger, true});
}

}  // namespace stave::testing
