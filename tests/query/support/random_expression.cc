// What each function means, value by value: docs/language.md.
#include "tests/query/support/random_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdlib>

namespace stave::testing {
namespace {

constexpr std::int64_t kFirstDay = 20'209;  // 2025-05-01
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

std::chrono::year_month_day civil(std::int64_t day) {
  return std::chrono::sys_days(std::chrono::days(day));
}
std::int64_t first_of_month(std::int64_t day) {
  const auto date = civil(day);
  return std::chrono::sys_days(date.year() / date.month() / 1).time_since_epoch().count();
}

Cell bool_cell(bool value) {
  return integer_cell(value ? 1 : 0);
}
bool is_true(const Cell& cell) {
  return !cell.is_null && cell.integer != 0;
}
bool is_false(const Cell& cell) {
  return !cell.is_null && cell.integer == 0;
}

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string mapped(std::string text, int (*map)(int)) {
  for (char& c : text) c = static_cast<char>(map(static_cast<unsigned char>(c)));
  return text;
}

using Values = std::vector<MadeExpression>;

// `combine` gets values that are all there; one that is null makes the result null.
template <typename Combine>
MadeExpression strict(Kind kind, std::string text, Values values, Combine combine) {
  return {std::move(text), kind, [values = std::move(values), combine](const Row& row) {
            std::vector<Cell> cells;
            for (const MadeExpression& value : values) {
              cells.push_back(value.of(row));
              if (cells.back().is_null) return Cell();
            }
            return combine(cells);
          }};
}

}  // namespace

Cell integer_cell(std::int64_t value) {
  return {false, value, {}, 0};
}
Cell text_cell(std::string value) {
  return {false, 0, std::move(value), 0};
}
Cell real_cell(double value) {
  return {false, 0, {}, value};
}

int compare_cells(const Cell& left, const Cell& right, Kind kind) {
  if (left.is_null || right.is_null) return int{left.is_null} - int{right.is_null};
  if (kind == Kind::kText) return left.text.compare(right.text);
  if (kind == Kind::kReal) return int{left.real > right.real} - int{left.real < right.real};
  return int{left.integer > right.integer} - int{left.integer < right.integer};
}

std::string cell_text(const Cell& cell, Kind kind) {
  if (cell.is_null) return "";
  switch (kind) {
    case Kind::kInteger:
      return std::to_string(cell.integer);
    case Kind::kText:
      return cell.text.empty() ? "\"\"" : cell.text;
    case Kind::kBool:
      return cell.integer != 0 ? "true" : "false";
    case Kind::kReal: {
      char text[40];
      return {text, std::to_chars(text, text + sizeof(text), cell.real).ptr};
    }
    case Kind::kDecimal:
      return fmt::format("{}{}.{:02}", cell.integer < 0 ? "-" : "", std::abs(cell.integer) / 100,
                         std::abs(cell.integer) % 100);
    case Kind::kTimestamp: {
      const std::int64_t day = floor_divide(cell.integer, kDay);
      const std::int64_t second = (cell.integer - day * kDay) / kSecond;
      return fmt::format("{} {:02}:{:02}:{:02}", cell_text(integer_cell(day), Kind::kDate),
                         second / 3600, second / 60 % 60, second % 60);
    }
    case Kind::kDate:
      break;
  }
  const auto date = civil(cell.integer);
  return fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()},
                     unsigned{date.day()});
}

MadeExpression ExpressionMaker::column(std::size_t position) const {
  return {columns_[position].name, columns_[position].kind,
          [position](const Row& row) { return row[position]; }};
}

MadeExpression ExpressionMaker::leaf(Kind kind) const {
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].kind == kind) fitting.push_back(i);
  }
  if (!fitting.empty() && below(4) != 0) {
    return column(fitting[below(static_cast<unsigned>(fitting.size()))]);
  }
  const auto constant = [kind](std::string text, Cell cell) {
    return MadeExpression{std::move(text), kind, [cell](const Row&) { return cell; }};
  };
  if (kind == Kind::kText) {
    static const std::vector<std::string> kTexts = {"rock", "Jazz", "", "ios", "DE", "t3", "a b"};
    const std::string& value = kTexts[below(static_cast<unsigned>(kTexts.size()))];
    return constant(quoted(value), text_cell(value));
  }
  if (kind == Kind::kBool) {
    const bool value = below(2) == 0;
    return constant(value ? "true" : "false", bool_cell(value));
  }
  if (kind == Kind::kDate) {
    const Cell day = integer_cell(kFirstDay + static_cast<std::int64_t>(below(6)) * 9);
    return constant("@" + cell_text(day, kind), day);
  }
  if (kind == Kind::kDecimal) {
    static constexpr std::int64_t kHundredths[] = {0, 5, 99, 100, 250, 12'345};
    const Cell value = integer_cell(kHundredths[below(6)]);
    return constant(cell_text(value, kind), value);
  }
  if (kind == Kind::kTimestamp) {
    const Cell value = integer_cell((kFirstDay + static_cast<std::int64_t>(below(40))) * kDay +
                                    static_cast<std::int64_t>(below(86'400)) * kSecond);
    std::string text = "@" + cell_text(value, kind);
    text[text.find(' ')] = 'T';
    return constant(std::move(text), value);
  }
  static constexpr std::int64_t kIntegers[] = {0, 1, 2, 3, 7, 30, 1000, 100'000};
  const std::int64_t value = kIntegers[below(8)];
  return constant(std::to_string(value), integer_cell(value));
}

MadeExpression ExpressionMaker::make(Kind kind, int depth) const {
  if (depth <= 0 || below(4) == 0) return leaf(kind);
  if (kind != Kind::kBool && below(4) == 0) return choice(kind, depth);
  switch (kind) {
    case Kind::kInteger:
      return integer(depth);
    case Kind::kText:
      return text(depth);
    case Kind::kBool:
      return condition(depth);
    case Kind::kDate:
      return date(depth);
    case Kind::kDecimal:
      return decimal(depth);
    case Kind::kTimestamp:
      return timestamp(depth);
    case Kind::kReal:
      break;
  }
  return leaf(kind);
}

MadeExpression ExpressionMaker::choice(Kind kind, int depth) const {
  const MadeExpression first = make(kind, depth - 1);
  const MadeExpression second = make(kind, depth - 1);
  if (below(2) == 0) {
    return {fmt::format("coalesce({}, {})", first.text, second.text), kind,
            [first, second](const Row& row) {
              Cell cell = first.of(row);
              return cell.is_null ? second.of(row) : cell;
            }};
  }
  const MadeExpression condition = make(Kind::kBool, depth - 1);
  const bool as_case = below(2) == 0;
  return {fmt::format(fmt::runtime(as_case ? "case {{ {} => {}, else => {} }}" : "if({}, {}, {})"),
                      condition.text, first.text, second.text),
          kind, [condition, first, second](const Row& row) {
            return is_true(condition.of(row)) ? first.of(row) : second.of(row);
          }};
}

MadeExpression ExpressionMaker::integer(int depth) const {
  const auto infix = [&](const char* sign, const MadeExpression& right, auto combine) {
    const MadeExpression left = make(Kind::kInteger, depth - 1);
    return strict(
        Kind::kInteger, fmt::format("({} {} {})", left.text, sign, right.text), {left, right},
        [combine](const auto& cells) { return combine(cells[0].integer, cells[1].integer); });
  };
  const auto of_date = [&](const char* name, auto combine) {
    const MadeExpression date = make(Kind::kDate, depth - 1);
    return strict(Kind::kInteger, fmt::format("{}({})", name, date.text), {date},
                  [combine](const auto& cells) { return integer_cell(combine(cells[0].integer)); });
  };
  using Integer = std::int64_t;
  switch (below(10)) {
    case 8: {
      const MadeExpression of = make(Kind::kTimestamp, depth - 1);
      return strict(Kind::kInteger, "hour(" + of.text + ")", {of}, [](const auto& cells) {
        const Integer second = cells[0].integer / kSecond;
        return integer_cell((second - floor_divide(second, 86'400) * 86'400) / 3600);
      });
    }
    case 0:
      return infix("+", make(Kind::kInteger, depth - 1),
                   [](Integer a, Integer b) { return integer_cell(a + b); });
    case 1:
      return infix("-", make(Kind::kInteger, depth - 1),
                   [](Integer a, Integer b) { return integer_cell(a - b); });
    case 2: {
      // A small factor, so that nothing overflows.
      const Integer factor = 2 + below(3);
      const MadeExpression constant{std::to_string(factor), Kind::kInteger,
                                    [factor](const Row&) { return integer_cell(factor); }};
      return infix("*", constant, [](Integer a, Integer b) { return integer_cell(a * b); });
    }
    case 3:
      return infix("//", make(Kind::kInteger, depth - 1),
                   [](Integer a, Integer b) { return b == 0 ? Cell() : integer_cell(a / b); });
    case 4:
      return infix("%", make(Kind::kInteger, depth - 1),
                   [](Integer a, Integer b) { return b == 0 ? Cell() : integer_cell(a % b); });
    case 5: {
      const MadeExpression of = make(Kind::kText, depth - 1);
      return strict(Kind::kInteger, "length(" + of.text + ")", {of}, [](const auto& cells) {
        return integer_cell(static_cast<Integer>(cells[0].text.size()));
      });
    }
    case 6:
      return of_date("dow", [](Integer day) { return (day + 3) % 7 + 1; });
    case 7:
      return of_date("month", [](Integer day) { return Integer{unsigned{civil(day).month()}}; });
    default:
      return of_date("year", [](Integer day) { return Integer{int{civil(day).year()}}; });
  }
}

MadeExpression ExpressionMaker::decimal(int depth) const {
  if (below(3) == 0) {
    const MadeExpression of = make(Kind::kInteger, depth - 1);
    return strict(Kind::kDecimal, "(" + of.text + ")::decimal(18,2)", {of},
                  [](const auto& cells) { return integer_cell(cells[0].integer * 100); });
  }
  const MadeExpression left = make(Kind::kDecimal, depth - 1);
  const MadeExpression right = make(Kind::kDecimal, depth - 1);
  switch (below(4)) {
    case 0:
      return strict(
          Kind::kDecimal, fmt::format("({} + {})", left.text, right.text), {left, right},
          [](const auto& cells) { return integer_cell(cells[0].integer + cells[1].integer); });
    case 1:
      return strict(
          Kind::kDecimal, fmt::format("({} - {})", left.text, right.text), {left, right},
          [](const auto& cells) { return integer_cell(cells[0].integer - cells[1].integer); });
    case 2:
      return strict(Kind::kDecimal, "abs(" + left.text + ")", {left},
                    [](const auto& cells) { return integer_cell(std::abs(cells[0].integer)); });
    default:
      // Rounded half away from zero.
      return strict(Kind::kDecimal, fmt::format("div({}, {}, 2)", left.text, right.text),
                    {left, right}, [](const auto& cells) {
                      if (cells[1].integer == 0) return Cell();
                      const std::int64_t by = std::abs(cells[1].integer);
                      const std::int64_t size = std::abs(cells[0].integer) * 100;
                      const bool negative = (cells[0].integer < 0) != (cells[1].integer < 0);
                      const std::int64_t rounded = (2 * size + by) / (2 * by);
                      return integer_cell(negative ? -rounded : rounded);
                    });
  }
}

MadeExpression ExpressionMaker::date(int depth) const {
  if (below(2) == 0) {
    const MadeExpression of = make(Kind::kTimestamp, depth - 1);
    return strict(Kind::kDate, "date(" + of.text + ")", {of}, [](const auto& cells) {
      return integer_cell(floor_divide(cells[0].integer, kDay));
    });
  }
  const MadeExpression of = make(Kind::kDate, depth - 1);
  if (below(2) == 0) {
    return strict(Kind::kDate, "(" + of.text + " + 3d)", {of},
                  [](const auto& cells) { return integer_cell(cells[0].integer + 3); });
  }
  return strict(Kind::kDate, "bucket(" + of.text + ", month)", {of},
                [](const auto& cells) { return integer_cell(first_of_month(cells[0].integer)); });
}

MadeExpression ExpressionMaker::timestamp(int depth) const {
  static constexpr std::int64_t kHours[] = {1, 6, 12};
  const MadeExpression of = make(Kind::kTimestamp, depth - 1);
  const std::int64_t hours = kHours[below(3)];
  const std::int64_t width = hours * 3600 * kSecond;
  if (below(2) == 0) {
    return strict(Kind::kTimestamp, fmt::format("({} - {}h)", of.text, hours), {of},
                  [width](const auto& cells) { return integer_cell(cells[0].integer - width); });
  }
  return strict(Kind::kTimestamp, fmt::format("bucket({}, {}h)", of.text, hours), {of},
                [width](const auto& cells) {
                  return integer_cell(floor_divide(cells[0].integer, width) * width);
                });
}

MadeExpression ExpressionMaker::text(int depth) const {
  const MadeExpression of = make(Kind::kText, depth - 1);
  const bool lower = below(2) == 0;
  return strict(Kind::kText, (lower ? "lower(" : "upper(") + of.text + ")", {of},
                [map = lower ? ::tolower : ::toupper](const auto& cells) {
                  return text_cell(mapped(cells[0].text, map));
                });
}

MadeExpression ExpressionMaker::condition(int depth) const {
  switch (below(7)) {
    case 0:
    case 1: {
      const bool is_and = below(2) == 0;
      const MadeExpression left = make(Kind::kBool, depth - 1);
      const MadeExpression right = make(Kind::kBool, depth - 1);
      return {fmt::format("({} {} {})", left.text, is_and ? "and" : "or", right.text), Kind::kBool,
              [is_and, left, right](const Row& row) {
                const Cell a = left.of(row);
                const Cell b = right.of(row);
                if (is_and ? is_false(a) || is_false(b) : is_true(a) || is_true(b)) {
                  return bool_cell(!is_and);
                }
                return a.is_null || b.is_null ? Cell() : bool_cell(is_and);
              }};
    }
    case 2: {
      const MadeExpression of = make(Kind::kBool, depth - 1);
      return strict(Kind::kBool, "(not " + of.text + ")", {of},
                    [](const auto& cells) { return bool_cell(cells[0].integer == 0); });
    }
    case 3: {
      static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText, Kind::kDate, Kind::kDecimal,
                                        Kind::kTimestamp};
      const MadeExpression of = make(kKinds[below(5)], depth - 1);
      const bool negated = below(2) == 0;
      return {fmt::format("({} is {}null)", of.text, negated ? "not " : ""), Kind::kBool,
              [of, negated](const Row& row) { return bool_cell(of.of(row).is_null != negated); }};
    }
    case 4:
      return membership(depth);
    case 5:
      return text_test(depth);
    default:
      return comparison(depth);
  }
}

MadeExpression ExpressionMaker::comparison(int depth) const {
  static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText, Kind::kDate, Kind::kDecimal,
                                    Kind::kTimestamp};
  static constexpr const char* kSigns[] = {"==", "!=", "<", "<=", ">", ">="};
  const Kind kind = kKinds[below(5)];
  const unsigned sign = below(6);
  const MadeExpression left = make(kind, depth - 1);
  const MadeExpression right = make(kind, depth - 1);
  return strict(
      Kind::kBool, fmt::format("({} {} {})", left.text, kSigns[sign], right.text), {left, right},
      [kind, sign](const auto& cells) {
        const int order = compare_cells(cells[0], cells[1], kind);
        const bool results[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
        return bool_cell(results[sign]);
      });
}

MadeExpression ExpressionMaker::membership(int depth) const {
  static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText, Kind::kDate, Kind::kDecimal,
                                    Kind::kTimestamp};
  const Kind kind = kKinds[below(5)];
  static const std::vector<TestColumn> kNone;
  const ExpressionMaker literals(kNone, random_);
  const MadeExpression of = make(kind, depth - 1);
  const MadeExpression first = literals.leaf(kind);
  const MadeExpression second = literals.leaf(kind);
  const bool is_range = kind != Kind::kText && below(2) == 0;
  const std::string text = is_range
                               ? fmt::format("({} in {} .. {})", of.text, first.text, second.text)
                               : fmt::format("({} in ({}, {}))", of.text, first.text, second.text);
  return strict(Kind::kBool, text, {of, first, second}, [kind, is_range](const auto& cells) {
    const int to_first = compare_cells(cells[0], cells[1], kind);
    const int to_second = compare_cells(cells[0], cells[2], kind);
    return bool_cell(is_range ? to_first >= 0 && to_second <= 0 : to_first == 0 || to_second == 0);
  });
}

MadeExpression ExpressionMaker::text_test(int depth) const {
  static const std::string kParts[] = {"o", "s", "t1", "J", "D"};
  const MadeExpression of = make(Kind::kText, depth - 1);
  const std::string& part = kParts[below(5)];
  const unsigned which = below(4);
  const std::string text = which == 0   ? fmt::format("({} like \"%{}%\")", of.text, part)
                           : which == 1 ? fmt::format("starts_with({}, \"{}\")", of.text, part)
                           : which == 2 ? fmt::format("ends_with({}, \"{}\")", of.text, part)
                                        : fmt::format("contains({}, \"{}\")", of.text, part);
  return strict(Kind::kBool, text, {of}, [which, part](const auto& cells) {
    const std::string& in = cells[0].text;
    if (which == 1) return bool_cell(in.starts_with(part));
    if (which == 2) return bool_cell(in.ends_with(part));
    return bool_cell(in.find(part) != std::string::npos);
  });
}

}  // namespace stave::testing
