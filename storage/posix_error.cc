// One place turns errno into codes and advice, so that a full disk reads the same everywhere.
#include "storage/posix_error.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace stave {
namespace {

ErrorCode code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EEXIST:
      return ErrorCode::kAlreadyExists;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ErrorCode::kNoSpace;
    default:
      return ErrorCode::kIo;
  }
}

std::string advice_for(int number, std::uint64_t needed) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return needed > 0 ? fmt::format(
                              " At least {} more bytes were needed. The store is as it was; free "
                              "some space and try again.",
                              needed)
                        : " The store is as it was; free some space and try again.";
    case EMFILE:
    case ENFILE:
      return " Too many files are open: raise the limit with `ulimit -n` and try again.";
    case EACCES:
    case EPERM:
    case EROFS:
      return " Check the permissions of the file and its folder.";
    case EIO:
      return " The disk may be failing: look at the system's log and make a copy of the store.";
    default:
      return "";
  }
}

}  // namespace

Failure system_failure(std::string_view action, const std::string& path, int number,
                       std::uint64_t needed) {
  return fail(code_of(number),
              fmt::format("{}: {} ({}).{}", action, path, std::generic_category().message(number),
                          advice_for(number, needed)));
}

}  // namespace stave
