// Errors of the C interface and their accessors.
#include "tools/embed/call_error.h"

#include <array>
#include <utility>

namespace stave::embed {
namespace {

// Its message fits into an empty string, so that making it needs no memory.
stave_error& error_of_no_memory() {
  static stave_error error{{ErrorCode::kOutOfMemory, "Out of memory."}, {}};
  return error;
}

struct Row {
  ErrorCode code;
  stave_status status;
};
constexpr std::array<Row, 17> kStatuses{{
    {ErrorCode::kInvalidArgument, STAVE_INVALID_ARGUMENT},
    {ErrorCode::kNotFound, STAVE_NOT_FOUND},
    {ErrorCode::kAlreadyExists, STAVE_ALREADY_EXISTS},
    {ErrorCode::kIo, STAVE_IO},
    {ErrorCode::kNoSpace, STAVE_NO_SPACE},
    {ErrorCode::kOutOfMemory, STAVE_OUT_OF_MEMORY},
    {ErrorCode::kDamaged, STAVE_DAMAGED},
    {ErrorCode::kNewerFormat, STAVE_NEWER_FORMAT},
    {ErrorCode::kLocked, STAVE_LOCKED},
    {ErrorCode::kInvalidData, STAVE_INVALID_DATA},
    {ErrorCode::kTooManyRejects, STAVE_TOO_MANY_REJECTS},
    {ErrorCode::kInvalidProgram, STAVE_INVALID_PROGRAM},
    {ErrorCode::kOverflow, STAVE_OVERFLOW},
    {ErrorCode::kEvaluation, STAVE_EVALUATION},
    {ErrorCode::kCancelled, STAVE_CANCELLED},
    {ErrorCode::kUnsupported, STAVE_UNSUPPORTED},
    {ErrorCode::kInternal, STAVE_INTERNAL},
}};

const Diagnostic* first_fault(const stave_error* error) {
  return error == nullptr || error->diagnostics.empty() ? nullptr : &error->diagnostics.front();
}

}  // namespace

stave_status status_of(ErrorCode code) {
  for (const Row& row : kStatuses) {
    if (row.code == code) return row.status;
  }
  return STAVE_INTERNAL;
}

stave_error* new_error(const Error& error, std::vector<Diagnostic> diagnostics) noexcept {
  try {
    return new stave_error{error, std::move(diagnostics)};
  } catch (...) {
    return &error_of_no_memory();
  }
}

stave_status give(const Result<void>& outcome, stave_error** out,
                  std::vector<Diagnostic> diagnostics) noexcept {
  if (out != nullptr) *out = nullptr;
  if (outcome) return STAVE_OK;
  if (out != nullptr) *out = new_error(outcome.error(), std::move(diagnostics));
  return status_of(outcome.error().code);
}

}  // namespace stave::embed

using stave::embed::first_fault;
using stave::embed::status_of;

extern "C" {

stave_status stave_error_code(const stave_error* error) {
  return error == nullptr ? STAVE_OK : status_of(error->error.code);
}

const char* stave_status_name(stave_status status) {
  if (status == STAVE_OK) return "ok";
  for (const auto& row : stave::embed::kStatuses) {
    if (row.status == status) return stave::name_of(row.code);
  }
  return "unknown";
}

const char* stave_error_message(const stave_error* error) {
  return error == nullptr ? "" : error->error.message.c_str();
}

const char* stave_error_hint(const stave_error* error) {
  const auto* fault = first_fault(error);
  return fault == nullptr ? "" : fault->hint.c_str();
}

const char* stave_error_fault(const stave_error* error) {
  const auto* fault = first_fault(error);
  return fault == nullptr ? "" : fault->code.c_str();
}

int32_t stave_error_line(const stave_error* error) {
  const auto* fault = first_fault(error);
  return fault == nullptr ? 0 : fault->line;
}

int32_t stave_error_column(const stave_error* error) {
  const auto* fault = first_fault(error);
  return fault == nullptr ? 0 : fault->column;
}

int32_t stave_error_length(const stave_error* error) {
  const auto* fault = first_fault(error);
  return fault == nullptr ? 0 : fault->length;
}

void stave_error_free(stave_error* error) {
  if (error != &stave::embed::error_of_no_memory()) delete error;
}

}  // extern "C"
