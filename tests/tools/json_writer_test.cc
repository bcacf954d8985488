// JSON put together from parts.
#include "tools/output/json_writer.h"

#include <gtest/gtest.h>

namespace stave {
namespace {

TEST(JsonWriter, PutsCommasBetweenAndNowhereElse) {
  JsonWriter json;
  json.begin_object();
  json.key("a").begin_array();
  json.number(18'446'744'073'709'551'615U);
  json.begin_object();
  json.end_object();
  json.begin_array();
  json.end_array();
  json.null();
  json.end_array();
  json.key("b").texts({"x", "\"\n"});
  json.key("c").text_or_null("");
  json.key("d").seconds(1.23456);
  json.key("e").flag(false);
  json.end_object();
  EXPECT_EQ(json.json(),
            "{\"a\":[18446744073709551615,{},[],null],\"b\":[\"x\",\"\\\"\\n\"],\"c\":null,"
            "\"d\":1.235,\"e\":false}");
}

}  // namespace
}  // namespace stave
