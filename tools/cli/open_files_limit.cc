// See the header. Where the limit cannot be raised, the error of the first file too many says it.
#include "tools/cli/open_files_limit.h"

#include <sys/resource.h>

namespace stave::cli {

void raise_open_files_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    [[maybe_unused]] const int raised = setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace stave::cli
