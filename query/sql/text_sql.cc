// Text: strings are ordered by bytes and counted in code points.
#include <fmt/format.h>

#include "query/sql/select_scope.h"

namespace stave {

std::string SelectScope::string_function(const Expression& call,
                                         const std::vector<std::string>& arguments) {
  const bool house = settings_.is(SqlDialect::kClickHouse);
  const bool postgres = settings_.is(SqlDialect::kPostgres);
  const auto of_one = [&](const char* function) {
    return fmt::format("{}({})", function, arguments[0]);
  };
  const auto of_two = [&](const char* function) {
    return fmt::format("{}({}, {})", function, arguments[0], arguments[1]);
  };
  switch (call.function) {
    case Function::kLower:
    case Function::kUpper: {
      const char* name = call.function == Function::kLower ? "lower" : "upper";
      // Its own collation knows the case of ASCII letters only.
      if (postgres)
        return fmt::format("({}({} collate \"und-x-icu\") collate \"C\")", name, arguments[0]);
      return of_one(house ? (call.function == Function::kLower ? "lowerUTF8" : "upperUTF8") : name);
    }
    case Function::kLength:
      return cast(of_one(house ? "lengthUTF8" : "char_length"), kInt64Type);
    case Function::kConcat:
      return "(" + joined(arguments, " || ") + ")";
    case Function::kContains:
      if (postgres) return fmt::format("(strpos({}, {}) > 0)", arguments[0], arguments[1]);
      if (house) return fmt::format("(position({}, {}) > 0)", arguments[0], arguments[1]);
      return of_two("contains");
    case Function::kStartsWith:
      if (settings_.is(SqlDialect::kSpark)) return of_two("startswith");
      return of_two(house ? "startsWith" : "starts_with");
    case Function::kEndsWith:
      if (settings_.is(SqlDialect::kSpark)) return of_two("endswith");
      if (postgres)
        return fmt::format("(right({0}, length({1})) = {1})", arguments[0], arguments[1]);
      return of_two(house ? "endsWith" : "ends_with");
    case Function::kLike:
      return house ? fmt::format("({} like {})", arguments[0], arguments[1])
                   : fmt::format("({} like {} escape {})", arguments[0], arguments[1],
                                 sql_string("\\", settings_.dialect));
    case Function::kSplit:
      if (postgres) return of_two("string_to_array");
      if (house) {  // whose lists cannot be null
        return fmt::format("if({0} is null, [], splitByString({1}, assumeNotNull({0})))",
                           arguments[0], arguments[1]);
      }
      return of_two(settings_.is(SqlDialect::kSpark) ? "split" : "string_split");
    default:
      return cannot_say("this function");
  }
}

}  // namespace stave
