// The one way to fail. A `Result<T>` holds a value or an `Error`; no exception crosses the public
// interface. A message is a sentence, then the values, then what to do next.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace stave {

enum class ErrorCode {
  kInvalidArgument,  // wrong use of the interface or command line
  kNotFound,         // a file, store, table or report that is not there
  kAlreadyExists,    // would overwrite something
  kIo,               // the operating system said no
  kNoSpace,          // disk full or quota reached; the message says how much was needed
  kOutOfMemory,      // an allocation failed; nothing was changed, and trying again may work
  kDamaged,          // bytes that are not what was written
  kNewerFormat,      // written by a later version of Stave
  kLocked,           // another writer holds the store
  kInvalidData,      // input that does not fit its table
  kTooManyRejects,   // more bad rows than the caller tolerates; nothing was imported
  kInvalidProgram,   // a query that does not parse or type-check
  kOverflow,         // a number outside its type while running a query
  kEvaluation,       // any other fault of a query while running, e.g. a join that multiplies rows
  kCancelled,        // stopped by the user
  kUnsupported,      // understood, but not something this version does
  kInternal,         // our own bug
};

// The stable lower-case name of a code, e.g. "no_space", as `--errors json` prints it.
const char* name_of(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

// `return fail(ErrorCode::kNotFound, "No such store: " + path + ". Make one with `stave init`.");`
inline Failure fail(ErrorCode code, std::string message) {
  return Failure(Error{code, std::move(message)});
}

// Passes an error of one Result on as an error of another: `if (!rows) return pass(rows);`
template <typename T>
Failure pass(const Result<T>& result) {
  return Failure(result.error());
}
template <typename T>
Failure pass(Result<T>&& result) {
  return Failure(std::move(result).error());
}

}  // namespace stave
