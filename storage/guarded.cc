// Words for exceptions. Where even these cannot be allocated, a text that fits into an empty string
// says it.
#include "storage/guarded.h"

#include <fmt/format.h>

#include <exception>
#include <new>

namespace stave {
namespace {

// Short enough to need no memory of its own.
constexpr const char* kShortest = "Out of memory.";

Failure described(std::string_view doing) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return fail(
        ErrorCode::kOutOfMemory,
        fmt::format("Memory ran out while {}. Nothing was changed; free some and try again.",
                    doing));
  } catch (const std::exception& exception) {
    return fail(ErrorCode::kInternal,
                fmt::format("Something went wrong while {}: {}. Please report this.", doing,
                            exception.what()));
  } catch (...) {
    return fail(ErrorCode::kInternal,
                fmt::format("Something went wrong while {}. Please report this.", doing));
  }
}

}  // namespace

Failure caught_failure(std::string_view doing) noexcept {
  try {
    return described(doing);
  } catch (...) {
    return fail(ErrorCode::kOutOfMemory, kShortest);
  }
}

}  // namespace stave
