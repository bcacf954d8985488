// Names of error codes, as machines read them.
#include "stave/result.h"

namespace stave {

const char* name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kAlreadyExists:
      return "already_exists";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kNoSpace:
      return "no_space";
    case ErrorCode::kOutOfMemory:
      return "out_of_memory";
    case ErrorCode::kDamaged:
      return "damaged";
    case ErrorCode::kNewerFormat:
      return "newer_format";
    case ErrorCode::kLocked:
      return "locked";
    case ErrorCode::kInvalidData:
      return "invalid_data";
    case ErrorCode::kTooManyRejects:
      return "too_many_rejects";
    case ErrorCode::kInvalidProgram:
      return "invalid_program";
    case ErrorCode::kOverflow:
      return "overflow";
    case ErrorCode::kEvaluation:
      return "evaluation";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace stave
