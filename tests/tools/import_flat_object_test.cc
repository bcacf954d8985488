// Objects of plain values are read without the library: what is taken must be what it takes.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/tools/support/faulty_text.h"
#include "tools/import/json/flat_object.h"
#include "tools/import/json/json_object.h"
#include "tools/import/structure.h"

namespace stave::loading {
namespace {

using Seen = std::vector<std::string>;

Seen seen(const std::vector<JsonMember>& members) {
  Seen all;
  for (const JsonMember& member : members) {
    all.push_back(std::string(member.key) + "=" + std::to_string(static_cast<int>(member.kind)) +
                  std::string(member.text));
  }
  return all;
}

bool is_taken(const std::string& text) {
  const std::string padded = text + std::string(kTextPadding, '"');
  const std::string_view object(padded.data(), text.size());
  std::vector<JsonMember> members;
  if (!read_flat_object(object, members)) return false;
  JsonObject library;
  EXPECT_EQ(library.read_by_library(object), JsonFault::kNone) << text;
  EXPECT_EQ(seen(members), seen(library.members())) << text;
  return true;
}

TEST(ImportFlatObject, TakesPlainValuesAlone) {
  for (const char* text :
       {R"({"a":1})", R"( { "a" : -0.5e+10 , "b":"" , "c" : null, "d":true,"e":false } )",
        R"({"title":"Für Elise, 12 inch","k":"exactly8"})", R"({"a":"1","a":"2"})"}) {
    EXPECT_TRUE(is_taken(text)) << text;
  }
  for (const char* text : {"",
                           "{}",
                           "{",
                           R"({"a")",
                           R"({"a":)",
                           R"({"a":1)",
                           R"({"a":1,})",
                           R"({"a":01})",
                           R"({"a":nul})",
                           R"({"a":truex})",
                           R"({"a":1x})",
                           R"({"a":"b\"c"})",
                           R"({"a\u0041":1})",
                           R"({"a":[1]})",
                           R"({"a":{"b":1}})",
                           R"({"a":1}})",
                           R"({"a":1}{"b":2})",
                           R"({"a":"b)",
                           "{\"a\":\"b\tc\"}",
                           "{\"a\":\"\xC3\"}",
                           R"({"a" 1})",
                           R"({a:1})",
                           R"({"a":.5})",
                           R"({"a":1.})",
                           R"({"a":+1})",
                           R"(["a"])"}) {
    EXPECT_FALSE(is_taken(text)) << text;
  }
}

TEST(ImportFlatObject, WhatIsTakenTheLibraryTakes) {
  const std::string sound = R"({"id": 17, "title": "Für Elise, live", "score": -1.5e3, "x": null})";
  std::mt19937 random(7);
  const std::string bytes = "{}[]\",:\\ 0e.-tn\x01\xC3\n";
  int taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = testing::with_faults(sound, 2, bytes, random);
    taken += is_taken(text) ? 1 : 0;
  }
  EXPECT_GT(taken, 5'000);
}

}  // namespace
}  // namespace stave::loading
