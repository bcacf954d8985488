// What counts as a JSON object, and where objects lie.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tools/import/json/json_library.h"
#include "tools/import/json/json_object.h"
#include "tools/import/json/json_rows.h"
#include "tools/import/structure.h"

namespace stave::loading {
namespace {

using namespace std::string_literals;

// "key=text" for each member; strings in quotes, nulls as ~.
std::string shown(const std::string& text) {
  JsonObject object;
  const std::string padded = text + std::string(kTextPadding, '\0');
  const JsonFault fault = object.read(std::string_view(padded).substr(0, text.size()));
  if (fault != JsonFault::kNone) return fmt::format("fault {}", static_cast<int>(fault));
  std::string out;
  for (const JsonMember& member : object.members()) {
    if (!out.empty()) out += " ";
    out += fmt::format("{}=", member.key);
    switch (member.kind) {
      case JsonKind::kNull:
        out += "~";
        break;
      case JsonKind::kString:
        out += fmt::format("\"{}\"", member.text);
        break;
      default:
        out += member.text;
        break;
    }
  }
  return out;
}

TEST(ImportJson, ObjectsBecomeMembers) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{}", ""},
      {R"({"a":1})", "a=1"},
      {R"( { "a" : 1 , "b" : "x" } )", "a=1 b=\"x\""},
      {R"({"a":null,"b":true,"c":false})", "a=~ b=true c=false"},
      {R"({"a":1.50,"b":-0.0e+10,"c":1E5})", "a=1.50 b=-0.0e+10 c=1E5"},
      {R"({"a":123456789012345678901234567890.5})", "a=123456789012345678901234567890.5"},
      {R"({"a":"","b":" "})", "a=\"\" b=\" \""},
      {R"({"a":{"b":1,"c":{"d":null}},"e":{}})", "a_b=1 a_c_d=~"},
      {R"({"a":[1, {"b":[ ]},"x"] , "c":2})", "a=[1, {\"b\":[ ]},\"x\"] c=2"},
      {R"({"a":[]})", "a=[]"},
      {R"({"a":"\u00e9\ud83c\udfb5\n\"\\\/"})", "a=\"\xC3\xA9\xF0\x9F\x8E\xB5\n\"\\/\""},
      {R"({"a\u0062":1,"":2})", "ab=1 =2"},
      {R"({"a":1,"a":2})", "a=1 a=2"},
      {"{\"a\":\"\\u0000\"}", "a=\"\0\""s},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(shown(text), expected) << text;
}

TEST(ImportJson, WhatIsNoObjectIsAFault) {
  for (const char* text : {"{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{\"a\" 1}",
                           "{\"a\":1 \"b\":2}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":.5}",
                           "{\"a\":1.}",
                           "{\"a\":1e}",
                           "{\"a\":nul}",
                           "{\"a\":nulll}",
                           "{\"a\":True}",
                           "{\"a\":NaN}",
                           "{\"a\":1}}",
                           "{\"a\":1}{\"b\":2}",
                           "{\"a\":1} x",
                           "{\"a\":[1,,2]}",
                           "{\"a\":[1,]}",
                           "{\"a\":[1}",
                           "{\"a\":[tru]}",
                           "{\"a\":[{\"b\"}]}",
                           "{\"a\":\"x",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\t\"}",
                           "{\"a\":1,,\"b\":2}",
                           "{,}",
                           "{\"a\":1]",
                           "{\"a\":[\"\\ud800\"]}",
                           "{\"a\":- 1}",
                           "{\"a\":1 2}",
                           "abc"}) {
    EXPECT_EQ(shown(text), "fault 1") << text;
  }
  for (const char* text : {"1", "\"a\"", "[1]", "null", "true"}) {
    EXPECT_EQ(shown(text), "fault 2") << text;
  }
  EXPECT_EQ(shown("{\"a\":\"\xFF\"}"), "fault 3");
  EXPECT_EQ(shown("{\"a\":" + std::string(2000, '[') + std::string(2000, ']') + "}"), "fault 1");
  std::string deep = "1";
  for (int i = 0; i < 2000; ++i) deep = "{\"a\":" + deep + "}";
  EXPECT_EQ(shown(deep), "fault 1");
}

// The library's strict interface as judge, on texts of few letters and on broken good ones.
TEST(ImportJson, AcceptsWhatJsonIsAndNothingElse) {
  const auto valid = [](const std::string& text) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    return parser.parse(text).get(object) == simdjson::SUCCESS;
  };
  const std::string model =
      R"({"a":[1,{"b":"x\n"},null],"c":{"d":-1.5e3,"e":"\u00e9"},"f":true,"g":[]})";
  rc::check("texts of few letters", [&] {
    const auto inner =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("{}[]\":,1e.- \\ntrul0"s)));
    RC_ASSERT((shown("{" + inner + "}").substr(0, 5) != "fault") == valid("{" + inner + "}"));
  });
  rc::check("a good text with a few bytes changed", [&] {
    std::string text = model;
    const int changes = *rc::gen::inRange(0, 4);
    for (int i = 0; i < changes; ++i) {
      const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(text.size())));
      switch (*rc::gen::inRange(0, 3)) {
        case 0:
          text.erase(at, 1);
          break;
        case 1:
          text.insert(at, 1, *rc::gen::elementOf(std::string("{}[]\":,1e.- \\ntrul0"s)));
          break;
        default:
          text[at] = *rc::gen::elementOf(std::string("{}[]\":,1e.- \\ntrul0"s));
          break;
      }
    }
    RC_ASSERT((shown(text).substr(0, 5) != "fault") == valid(text));
  });
}

std::vector<std::string> rows_of(const std::string& text, JsonLayout layout) {
  std::vector<std::uint32_t> ends;
  bool closed = false;
  if (layout != JsonLayout::kLines) find_object_ends(text, ends, closed);
  EXPECT_EQ(closed, layout == JsonLayout::kArray);
  JsonRows rows(text, layout, ends);
  std::vector<std::string> out;
  Span row;
  while (rows.next(row)) out.push_back(text.substr(row.begin, row.end - row.begin));
  return out;
}

TEST(ImportJson, RowsLieInLinesOrBrackets) {
  const std::vector<std::string> two = {"{\"a\":\"}\\\"]\"}", "{\"b\":[{}]}"};
  EXPECT_EQ(rows_of(two[0] + "\r\n\n  " + two[1] + " ", JsonLayout::kLines), two);
  EXPECT_EQ(rows_of(two[0] + two[1] + "\n\n", JsonLayout::kObjects), two);
  EXPECT_EQ(rows_of("\n " + two[0] + " ,\n" + two[1] + "\n]\n", JsonLayout::kArray), two);
  EXPECT_EQ(rows_of("]", JsonLayout::kArray), std::vector<std::string>{});
  EXPECT_EQ(rows_of("{}, 1, {} ] x", JsonLayout::kArray),
            (std::vector<std::string>{"{}", "1, {}", "] x"}));
}

}  // namespace
}  // namespace stave::loading
