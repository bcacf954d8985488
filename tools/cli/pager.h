// A program that shows long tables page by page.
#pragma once

#include <cstdio>
#include <string_view>

#include "stave/result.h"

namespace stave::cli {

class Pager {
 public:
  Pager() = default;
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;
  ~Pager() { close(); }

  // $PAGER, else `less` that keeps wide tables' rows on one line each and ends at once where all
  // fits. False: there is none.
  bool open();
  // kCancelled when its user has seen enough.
  Result<void> write(std::string_view text);
  void close();

 private:
  std::FILE* pipe_ = nullptr;
};

}  // namespace stave::cli
