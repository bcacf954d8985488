// Test cases as text: tables, a program, and the result or the error it must give.
//
//   ==== what is tested
//   ---- table streams          any number; before the first ==== for all cases of the file
//   user_id,track_id
//   1,a
//   ---- program                also: `---- report NAME`, whose lines are NAME=VALUE parameters
//   from streams | summarize plays = count()
//   ---- result                 or: error, warnings, explain; more pipelines: more results
//   plays
//   1
//
// Further sections: parameters (NAME=VALUE lines), now, timezone, schema.
#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "tests/query/support/text_store.h"

namespace stave::testing {

struct TextCase {
  std::string file;
  int line = 0;
  std::string title;
  TextStoreOptions store;
  std::vector<TextTable> tables;
  std::string program;
  std::string report;
  std::map<std::string, std::string> parameters;
  std::string now;
  std::vector<std::string> results;
  std::string error;
  std::string warnings;
};

inline void PrintTo(const TextCase& text_case, std::ostream* out) {
  *out << text_case.file << ".txt:" << text_case.line;
}

// Every case of every `*.txt` in the folder, by file name.
std::vector<TextCase> read_cases(const std::string& folder);

// Runs the case on as many threads; compares with googletest.
void check_case(const TextCase& text_case, int threads);

}  // namespace stave::testing
