// Over the values that are there, all at once: docs/language.md.
#include "tests/query/support/random_aggregate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace stave::testing {

namespace {

// Between neighbours in order, where the quarters below make every step exact.
MadeAggregate make_quantile(const ExpressionMaker& maker) {
  const unsigned quarters = maker.below(5);
  const MadeExpression value = maker.make(Kind::kInteger, 1);
  return {fmt::format("quantile({}, {})", value.text, quarters * 0.25), Kind::kReal,
          [value, quarters](const std::vector<const Row*>& rows) {
            std::vector<double> numbers;
            for (const Row* row : rows) {
              const Cell cell = value.of(*row);
              if (!cell.is_null) numbers.push_back(static_cast<double>(cell.integer));
            }
            if (numbers.empty()) return Cell();
            std::sort(numbers.begin(), numbers.end());
            const double place = 0.25 * quarters * static_cast<double>(numbers.size() - 1);
            const auto below = static_cast<std::size_t>(place);
            const std::size_t above = std::min(below + 1, numbers.size() - 1);
            const double share = place - static_cast<double>(below);
            return real_cell(numbers[below] + (numbers[above] - numbers[below]) * share);
          },
          false};
}

// The value of the row that is first (or last) by a key, of those without a null; ties by the
// value.
MadeAggregate make_choice(const ExpressionMaker& maker, bool is_last) {
  static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText, Kind::kDate, Kind::kTimestamp};
  const MadeExpression value = maker.make(kKinds[maker.below(4)], 1);
  const MadeExpression key = maker.make(kKinds[maker.below(4)], 1);
  return {fmt::format("{}({}, {})", is_last ? "last_by" : "first_by", value.text, key.text),
          value.kind,
          [value, key, is_last](const std::vector<const Row*>& rows) {
            Cell best;
            Cell best_key;
            for (const Row* row : rows) {
              const Cell cell = value.of(*row);
              const Cell by = key.of(*row);
              if (cell.is_null || by.is_null) continue;
              const int order = best.is_null ? -1 : compare_cells(by, best_key, key.kind);
              const bool wins = order == 0 ? compare_cells(cell, best, value.kind) < 0
                                           : best.is_null || (order < 0) != is_last;
              if (!wins) continue;
              best = cell;
              best_key = by;
            }
            return best;
          },
          false};
}

}  // namespace

MadeAggregate make_aggregate(const ExpressionMaker& maker) {
  static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText, Kind::kDate, Kind::kDecimal,
                                    Kind::kTimestamp};
  const unsigned which = maker.below(12);
  if (which == 8) return make_quantile(maker);
  if (which == 9 || which == 10) return make_choice(maker, which == 10);
  if (which == 0) {
    return {"count()", Kind::kInteger,
            [](const auto& rows) { return integer_cell(static_cast<std::int64_t>(rows.size())); }};
  }
  const Kind kind = which == 1    ? Kind::kBool
                    : which < 4   ? Kind::kInteger
                    : which == 11 ? Kind::kDecimal
                                  : kKinds[maker.below(5)];
  const MadeExpression value =
      which >= 4 && maker.below(2) == 0 ? maker.make(kind, 0) : maker.make(kind, 2);
  const auto present = [value](const std::vector<const Row*>& rows) {
    std::vector<Cell> cells;
    for (const Row* row : rows) {
      if (Cell cell = value.of(*row); !cell.is_null) cells.push_back(std::move(cell));
    }
    return cells;
  };
  const auto total = [](const std::vector<Cell>& cells) {
    std::int64_t sum = 0;
    for (const Cell& cell : cells) sum += cell.integer;
    return sum;
  };
  switch (which) {
    case 1:
      return {"count_if(" + value.text + ")", Kind::kInteger,
              [present, total](const auto& rows) { return integer_cell(total(present(rows))); }};
    case 11:
    case 2:
      return {"sum(" + value.text + ")", kind, [present, total](const auto& rows) {
                const auto cells = present(rows);
                return cells.empty() ? Cell() : integer_cell(total(cells));
              }};
    case 3:
      return {
          "avg(" + value.text + ")", Kind::kReal, [present, total](const auto& rows) {
            const auto cells = present(rows);
            if (cells.empty()) return Cell();
            return real_cell(static_cast<double>(total(cells)) / static_cast<double>(cells.size()));
          }};
    case 4:
    case 5:
      return {fmt::format("{}({})", which == 4 ? "min" : "max", value.text), kind,
              [present, kind, which](const auto& rows) {
                const auto cells = present(rows);
                if (cells.empty()) return Cell();
                const auto less = [kind](const Cell& left, const Cell& right) {
                  return compare_cells(left, right, kind) < 0;
                };
                return which == 4 ? *std::min_element(cells.begin(), cells.end(), less)
                                  : *std::max_element(cells.begin(), cells.end(), less);
              }};
    case 6: {
      return {"top_value(" + value.text + ")", kind,
              [present, kind](const auto& rows) {
                const auto less = [kind](const Cell& left, const Cell& right) {
                  return compare_cells(left, right, kind) < 0;
                };
                std::map<Cell, int, decltype(less)> counts(less);
                for (const Cell& cell : present(rows)) ++counts[cell];
                Cell top;
                int most = 0;
                for (const auto& [cell, count] : counts) {
                  if (count > most) top = cell;
                  most = std::max(most, count);
                }
                return top;
              },
              false};
    }
    default:
      break;
  }
  return {"distinct(" + value.text + ")", Kind::kInteger,
          [present, kind](const auto& rows) {
            auto cells = present(rows);
            const auto less = [kind](const Cell& left, const Cell& right) {
              return compare_cells(left, right, kind) < 0;
            };
            std::sort(cells.begin(), cells.end(), less);
            const auto end = std::unique(
                cells.begin(), cells.end(),
                [&](const Cell& left, const Cell& right) { return !less(left, right); });
            return integer_cell(end - cells.begin());
          },
          false};
}

}  // namespace stave::testing
