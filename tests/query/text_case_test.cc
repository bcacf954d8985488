// Runs the cases of tests/query/cases, each on one thread and on three.
#include <gtest/gtest.h>

#include "tests/query/support/text_case.h"

namespace stave::testing {
namespace {

class QueryCase : public ::testing::TestWithParam<TextCase> {};

TEST_P(QueryCase, GivesWhatItSays) {
  check_case(GetParam(), 1);
  if (!HasFailure()) check_case(GetParam(), 3);
}

std::string test_name(const ::testing::TestParamInfo<TextCase>& info) {
  std::string name = info.param.file + "_";
  for (const char c : info.param.title) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += fits ? c : '_';
  }
  return name + "_" + std::to_string(info.param.line);
}

INSTANTIATE_TEST_SUITE_P(Cases, QueryCase,
                         ::testing::ValuesIn(read_cases(STAVE_SOURCE_FOLDER "/tests/query/cases")),
                         test_name);

}  // namespace
}  // namespace stave::testing
