// What a mutant with right checksums may come to: an error with a name, or values of which every
// one can be read. Invariant: what decodes is touched to its last byte, so that a sanitizer sees
// it.
#pragma once

#include <cstdint>
#include <string>

#include "storage/column_file.h"

namespace stave::campaign {

// Reads every value.
std::uint64_t touch(const DecodedBlock& block);

class MutationOutcome {
 public:
  void count_decoded() { ++decoded_; }
  // Fails the test where the error says more of us than of the mutant: no memory, a bug.
  void count_error(const Error& error);
  template <typename T>
  bool count(const Result<T>& result) {
    if (result) {
      count_decoded();
    } else {
      count_error(result.error());
    }
    return result.has_value();
  }

  std::uint64_t cases() const { return decoded_ + errors_; }
  // "150000 named errors, 50000 decoded within bounds".
  std::string outcome() const;

 private:
  std::uint64_t decoded_ = 0;
  std::uint64_t errors_ = 0;
};

}  // namespace stave::campaign
