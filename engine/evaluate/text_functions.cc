// Functions of strings.
#include <string>
#include <string_view>

#include "engine/evaluate/functions.h"
#include "engine/evaluate/strict_node.h"
#include "engine/evaluate/unicode.h"
#include "engine/runtime/json_text.h"
#include "engine/runtime/value_text.h"

namespace stave {

namespace {

template <typename Append>
NodePointer mapped(const ColumnShape& shape, const NodePointer& argument, Append append) {
  return total_node<std::string_view, std::string_view>(
      shape, {argument}, [append](RowRoom& room, std::string_view& out, std::string_view text) {
        std::string result;
        append(text, result);
        out = room.text.add(result);
        return Outcome::kValue;
      });
}

template <typename Test>
NodePointer tested(const ColumnShape& shape, const NodeList& arguments, Test test) {
  return total_node<std::uint8_t, std::string_view, std::string_view>(
      shape, {arguments[0], arguments[1]},
      [test](RowRoom&, std::uint8_t& out, std::string_view text, std::string_view part) {
        out = test(text, part) ? 1 : 0;
        return Outcome::kValue;
      });
}

NodePointer joined(const ColumnShape& shape, const NodePointer& left, const NodePointer& right) {
  return total_node<std::string_view, std::string_view, std::string_view>(
      shape, {left, right},
      [](RowRoom& room, std::string_view& out, std::string_view a, std::string_view b) {
        char* text = room.text.room(a.size() + b.size());
        std::copy(a.begin(), a.end(), text);
        std::copy(b.begin(), b.end(), text + a.size());
        out = std::string_view(text, a.size() + b.size());
        return Outcome::kValue;
      });
}

// Parts as a JSON array; an empty separator leaves the text whole.
void append_parts(std::string_view text, std::string_view separator, std::string& out) {
  out += '[';
  while (true) {
    const std::size_t end = separator.empty() ? std::string_view::npos : text.find(separator);
    append_json_string(text.substr(0, end), out);
    if (end == std::string_view::npos) break;
    out += ',';
    text.remove_prefix(end + separator.size());
  }
  out += ']';
}

}  // namespace

Result<NodePointer> make_text_function(const Expression& call, const NodeList& arguments) {
  const ColumnShape shape = plain_shape(call.type, any_may_be_null(arguments));
  switch (call.function) {
    case Function::kLower:
      return mapped(shape, arguments[0], append_lower);
    case Function::kUpper:
      return mapped(shape, arguments[0], append_upper);
    case Function::kLength:
      return total_node<std::int64_t, std::string_view>(
          shape, {arguments[0]}, [](RowRoom&, std::int64_t& out, std::string_view text) {
            out = code_points(text);
            return Outcome::kValue;
          });
    case Function::kConcat: {
      NodePointer result = arguments[0];
      for (std::size_t i = 1; i < arguments.size(); ++i) {
        result = joined(shape, result, arguments[i]);
      }
      return result;
    }
    case Function::kContains:
      return tested(shape, arguments, [](std::string_view text, std::string_view part) {
        return text.find(part) != std::string_view::npos;
      });
    case Function::kStartsWith:
      return tested(shape, arguments, [](std::string_view text, std::string_view part) {
        return text.starts_with(part);
      });
    case Function::kEndsWith:
      return tested(shape, arguments, [](std::string_view text, std::string_view part) {
        return text.ends_with(part);
      });
    case Function::kLike:
      return tested(shape, arguments, matches_like);
    default:
      return total_node<std::string_view, std::string_view, std::string_view>(
          shape, {arguments[0], arguments[1]},
          [](RowRoom& room, std::string_view& out, std::string_view text,
             std::string_view separator) {
            std::string parts;
            append_parts(text, separator, parts);
            out = room.text.add(parts);
            return Outcome::kValue;
          });
  }
}

}  // namespace stave
