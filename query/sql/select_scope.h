// One SELECT while it is written: the columns that it can see, the look-ups that paths need, and
// the first thing that its dialect cannot say. Invariant: an expression's text has the type that
// the expression has, and means the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/plan.h"
#include "query/sql/dialect.h"
#include "storage/schema.h"

namespace stave {

class SelectScope {
 public:
  // `columns`: how the input's fields are written here, in their order.
  SelectScope(const SqlSettings& settings, const Schema& schema, std::vector<std::string> columns)
      : settings_(settings), schema_(schema), columns_(std::move(columns)) {}

  std::string text(const Expression& expression);
  std::vector<std::string> texts(const std::vector<Expression>& expressions);
  // "a, b desc nulls last".
  std::string order(const std::vector<SortKey>& keys);
  // The left joins that the paths so far need, each beginning with a blank.
  const std::string& joins() const { return joins_; }

  // Notes what cannot be said; the text that comes back is never used.
  std::string cannot_say(const std::string& what);
  const std::optional<std::string>& unsaid() const { return unsaid_; }

  const SqlSettings& settings() const { return settings_; }
  std::string name(std::string_view plain) const { return sql_name(plain, settings_.dialect); }
  std::string cast(const std::string& expression, Type type) const {
    return sql_cast(expression, type, settings_.dialect);
  }

  // `numerator / denominator` of exact numbers, at `scale` digits, by the rounding of that name;
  // the texts' types tell how many digits they have. Null where the denominator is 0.
  std::string quotient(const std::string& numerator, Type numerator_type,
                       const std::string& denominator, Type denominator_type, Type result,
                       const std::string& rounding);

  // An exact number as so many of its smallest unit, `digits` digits behind the point, and back.
  std::string whole_number(const std::string& exact, int digits);
  std::string from_whole_number(const std::string& whole, Type result);

 private:
  struct Lookup {
    std::string table;
    std::string key;
    std::string alias;
  };

  std::string lookup(const Expression& expression);
  std::string call(const Expression& call);
  std::string arithmetic(const Expression& call, const std::vector<std::string>& arguments);
  std::string comparison(const Expression& call, const std::vector<std::string>& arguments);
  std::string conversion(const Expression& call, const std::string& argument);
  std::string rounded(const Expression& call, const std::string& argument);
  std::string time(const Expression& call, const std::vector<std::string>& arguments);
  std::string string_function(const Expression& call, const std::vector<std::string>& arguments);
  std::string instant_of(const std::string& local) const;
  const SqlSettings& settings_;
  const Schema& schema_;
  std::vector<std::string> columns_;
  std::vector<Lookup> lookups_;
  std::string joins_;
  std::optional<std::string> unsaid_;
};

// A stored column behind `alias`, as the type that programs see.
std::string stored_column(const std::string& alias, const std::string& column, Type type,
                          const SqlSettings& settings);
// An instant as civil time in the program's zone.
std::string local_time(const std::string& instant, const SqlSettings& settings);
std::string joined(const std::vector<std::string>& parts, const char* separator);

}  // namespace stave
