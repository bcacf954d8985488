// A shared library that is opened when it is first used: what is linked costs every start of the
// program more than many a question takes.
#pragma once

#include <string>

#include "stave/result.h"

namespace stave {

class OpenedLibrary {
 public:
  // `file`: its name with the version of the headers that were compiled. It stays open.
  explicit OpenedLibrary(const char* file);

  // Once a name was not found, no other is.
  template <typename Pointer>
  OpenedLibrary& find(const char* name, Pointer& pointer) {
    pointer = reinterpret_cast<Pointer>(address_of(name));
    return *this;
  }
  // Whether all was found. `purpose` completes "Cannot use the library for", and `advice` says what
  // to install or to do instead.
  Result<void> check(const char* purpose, const char* advice) const;

 private:
  void* address_of(const char* name);

  void* library_;  // null: `reason_` says why not
  std::string reason_;
};

}  // namespace stave
