// What is missing is told in the loader's words, which name the file.
#include "tools/library/opened_library.h"

#include <dlfcn.h>

namespace stave {
namespace {

std::string last_reason(const char* name) {
  const char* reason = ::dlerror();
  return reason == nullptr ? name : reason;
}

}  // namespace

OpenedLibrary::OpenedLibrary(const char* file) : library_(::dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
  if (library_ == nullptr) reason_ = last_reason(file);
}

void* OpenedLibrary::address_of(const char* name) {
  if (library_ == nullptr) return nullptr;
  void* const address = ::dlsym(library_, name);
  if (address == nullptr) {
    reason_ = last_reason(name);
    library_ = nullptr;
  }
  return address;
}

Result<void> OpenedLibrary::check(const char* purpose, const char* advice) const {
  if (library_ != nullptr) return {};
  return fail(ErrorCode::kUnsupported, "Cannot use the library for " + std::string(purpose) + " (" +
                                           reason_ + "). " + advice);
}

}  // namespace stave
