// The border where exceptions end. Nothing in the library throws but the standard library, and that
// only where memory runs out (or, for a bug of ours, otherwise); everything that can be called from
// outside, and every body of a thread, runs inside `guarded`.
// Invariant: no exception leaves it, also where there is no memory left for a message.
#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include "stave/result.h"

namespace stave {

// The exception that is being handled, as an error: kOutOfMemory or kInternal. `doing` completes
// "Memory ran out while ...", e.g. "a store was opened".
Failure caught_failure(std::string_view doing) noexcept;

// What `work` returns, which is a Result, or the failure of an exception in it.
template <typename Work>
std::invoke_result_t<Work> guarded(std::string_view doing, Work&& work) noexcept {
  try {
    return std::forward<Work>(work)();
  } catch (...) {
    return caught_failure(doing);
  }
}

}  // namespace stave
