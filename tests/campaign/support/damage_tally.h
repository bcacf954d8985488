// What came of damaged files: a wrong answer or a damage that verification misses fails the test.
#pragma once

#include <cstdint>
#include <string>

#include "tests/campaign/support/store_reading.h"

namespace stave::campaign {

class DamageTally {
 public:
  explicit DamageTally(const StoreReading& reading) : reading_(reading) {}

  // The file of that path is not what it was. Reading it must give the right values or an error
  // that names it. `what` says for messages what was done.
  void expect_right_or_named(const std::string& path, const std::string& what);
  // Verification must name the file, and block `block` where that is not negative.
  void expect_verify_names(const std::string& path, const std::string& what, int block = -1);

  std::uint64_t cases() const { return right_ + named_ + wrong_; }
  std::uint64_t named() const { return named_; }
  // "524288 named errors, 0 right answers, 0 wrong ones; verify found 524288 of 524288".
  std::string outcome() const;

 private:
  void complain(const std::string& path, const std::string& what, const std::string& problem);

  const StoreReading& reading_;
  std::uint64_t right_ = 0;
  std::uint64_t named_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t verified_ = 0;
  std::uint64_t complaints_ = 0;
};

}  // namespace stave::campaign
