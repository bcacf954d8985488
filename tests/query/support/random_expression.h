// Expressions of the language made at random, each with its text and with what it means for one
// row, written down once more, plainly, and apart from the engine.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace stave::testing {

// Timestamps are microseconds in UTC; decimals have two digits after the point.
enum class Kind { kInteger, kText, kBool, kDate, kReal, kDecimal, kTimestamp };

// Bools, dates (days), timestamps and decimals (hundredths) are integers.
struct Cell {
  bool is_null = true;
  std::int64_t integer = 0;
  std::string text;
  double real = 0;
};
using Row = std::vector<Cell>;

Cell integer_cell(std::int64_t value);
Cell text_cell(std::string value);
Cell real_cell(double value);
// Negative, zero or positive, by value; nulls last.
int compare_cells(const Cell& left, const Cell& right, Kind kind);
std::string cell_text(const Cell& cell, Kind kind);

struct TestColumn {
  std::string name;  // or path
  Kind kind = Kind::kInteger;
  bool is_shown = true;
};

struct MadeExpression {
  std::string text;
  Kind kind = Kind::kInteger;
  std::function<Cell(const Row&)> of;
};

class ExpressionMaker {
 public:
  ExpressionMaker(const std::vector<TestColumn>& columns, std::mt19937& random)
      : columns_(columns), random_(random) {}

  MadeExpression make(Kind kind, int depth) const;
  MadeExpression column(std::size_t position) const;
  unsigned below(unsigned limit) const { return static_cast<unsigned>(random_() % limit); }

 private:
  MadeExpression leaf(Kind kind) const;
  MadeExpression choice(Kind kind, int depth) const;
  MadeExpression integer(int depth) const;
  MadeExpression decimal(int depth) const;
  MadeExpression date(int depth) const;
  MadeExpression timestamp(int depth) const;
  MadeExpression text(int depth) const;
  MadeExpression condition(int depth) const;
  MadeExpression comparison(int depth) const;
  MadeExpression membership(int depth) const;
  MadeExpression text_test(int depth) const;

  const std::vector<TestColumn>& columns_;
  std::mt19937& random_;
};

}  // namespace stave::testing
