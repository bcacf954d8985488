// Programs made at random, with the rows that they must give: a reference interpreter that goes
// through the stages one by one, row by row, and shares nothing with the engine.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/query/support/random_expression.h"

namespace stave::testing {

struct TestRows {
  std::vector<TestColumn> columns;
  std::vector<Row> rows;
};

class RandomProgram {
 public:
  // Plays with what paths lead to as columns that are not shown, and tracks.
  RandomProgram(const TestRows& plays, const TestRows& tracks, std::mt19937& random);

  std::string text() const { return lets_ + text_; }
  // As TextSink writes them, names first.
  std::string expected() const;

 private:
  using Stage = void (RandomProgram::*)();

  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  ExpressionMaker maker() const { return {now_.columns, random_}; }
  std::string new_name() { return "c" + std::to_string(++names_); }
  std::vector<std::size_t> shown() const;
  std::vector<std::size_t> some_shown(unsigned most);
  void replace(std::vector<TestColumn> columns, std::vector<Row> rows);
  // The rows of each group by these, groups in the order of their keys.
  std::vector<std::vector<std::size_t>> groups_by(const std::vector<MadeExpression>& keys) const;
  struct Order {
    std::string text;
    std::vector<std::pair<std::size_t, bool>> keys;  // column, descending
  };
  // By all columns that are shown, in random order.
  Order random_order();
  bool comes_before(const Row& left, const Row& right, const Order& order) const;

  void add_where();
  void add_derive();
  void add_window();
  void add_select();
  void add_summarize();
  void add_distinct();
  void add_top();
  void add_take();
  void add_join();
  void add_top_with_ties();
  void add_union();
  void add_join_with_itself();
  void add_expand();
  void add_ordered_window();
  void add_allocate();
  // What was done so far becomes a `let` that several sources read; its name.
  std::string name_so_far();
  using Members = std::vector<std::size_t>;
  // Adds the column of a window: a cell for each of the rows of a partition in order.
  void add_window_column(const std::string& call, Kind kind, const Order* order,
                         const std::function<std::vector<Cell>(const Members&)>& cells);

  const TestRows& tracks_;
  std::mt19937& random_;
  TestRows now_;
  std::string lets_;
  std::string text_;  // after them
  int names_ = 0;
};

}  // namespace stave::testing
