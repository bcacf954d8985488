// Libraries that are opened when they are used: what is missing is an error that says so.
#include "tools/library/opened_library.h"

#include <gtest/gtest.h>

#include "tools/import/json/json_library.h"
#include "tools/library/inflate_library.h"

namespace stave::testing {
namespace {

TEST(OpenedLibrary, SaysWhichFileIsMissing) {
  OpenedLibrary library("libnot-there.so.1");
  int (*function)() = nullptr;
  const auto checked = library.find("function", function).check("nothing", "Install it.");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(checked.error().message.find("Cannot use the library for nothing (libnot-there.so.1:"),
            0U);
  EXPECT_EQ(function, nullptr);
}

TEST(OpenedLibrary, SaysWhichFunctionIsMissing) {
  OpenedLibrary library("libc.so.6");
  double (*function)(const char*) = nullptr;
  ASSERT_TRUE(library.find("atof", function).check("text", ""));
  EXPECT_EQ(function("2.5"), 2.5);
  library.find("no_such_function", function).find("atof", function);
  const auto checked = library.check("text", "");
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("no_such_function"), std::string::npos);
}

TEST(OpenedLibrary, IsThereForGzipAndJson) {
  EXPECT_TRUE(inflate_library());
  EXPECT_TRUE(loading::json_library());
}

}  // namespace
}  // namespace stave::testing
