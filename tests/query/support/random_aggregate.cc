// Over the values that are there, all at once: docs/language.md.
#include "tests/query/support/random_aggregate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace stave::testing {

MadeAggregate make_aggregate(const ExpressionMaker& maker) {
  static constexpr Kind kKinds[] = {Kind::kInteger, Kind::kText, Kind::kDate};
  const unsigned which = maker.below(8);
  if (which == 0) {
    return {"count()", Kind::kInteger,
            [](const auto& rows) { return integer_cell(static_cast<std::int64_t>(rows.size())); }};
  }
  const Kind kind = which == 1 ? Kind::kBool : which < 4 ? Kind::kInteger : kKinds[maker.below(3)];
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
    case 2:
      return {"sum(" + value.text + ")", Kind::kInteger, [present, total](const auto& rows) {
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
