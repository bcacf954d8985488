// What a campaign needs before it can begin; without it there is nothing to run.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "stave/result.h"

namespace stave::campaign {

template <typename T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "A campaign cannot begin: %s\n", result.error().message.c_str());
    std::abort();
  }
  if constexpr (!std::is_void_v<T>) {
    return *std::move(result);
  }
}

}  // namespace stave::campaign
