// The options of a call of the C interface: names and values as texts, read into what they mean.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "stave/import.h"
#include "stave/query.h"
#include "stave/result.h"
#include "stave/stave.h"

namespace stave::embed {

// What a store is opened with.
struct OpenOptions {
  std::string as_of;
  int threads = 0;
  std::uint64_t memory_limit = 0;
};

// A text that must be there: kInvalidArgument names it where it is NULL.
Result<std::string> text_argument(const char* text, const char* name);
// kInvalidArgument for what is not one of the call's options, or is not one of its values.
Result<CreateOptions> create_options(const stave_option* options);
Result<OpenOptions> open_options(const stave_option* options);
// Over those that the store was opened with.
Result<QueryOptions> query_options(const stave_option* options, const OpenOptions& store);
Result<ImportOptions> import_options(const stave_option* options);
Result<std::map<std::string, std::string>> parameters_of(const stave_option* parameters);

}  // namespace stave::embed
