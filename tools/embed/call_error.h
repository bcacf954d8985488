// An error as the C interface shows it.
// Invariant: a call that failed leaves a status other than STAVE_OK also where there is no memory
// for the error itself.
#pragma once

#include <vector>

#include "stave/query.h"
#include "stave/result.h"
#include "stave/stave.h"

struct stave_error {
  stave::Error error;
  std::vector<stave::Diagnostic> diagnostics;
};

namespace stave::embed {

stave_status status_of(ErrorCode code);

// For `stave_error_free`; of no memory where there is none for it.
stave_error* new_error(const Error& error, std::vector<Diagnostic> diagnostics = {}) noexcept;

// Leaves the error in `out`, where that is given, and gives its status.
stave_status give(const Result<void>& outcome, stave_error** out,
                  std::vector<Diagnostic> diagnostics = {}) noexcept;

}  // namespace stave::embed
