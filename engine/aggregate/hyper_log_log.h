// An estimate of how many different hashes were seen: exact up to 16,384 of them, then HyperLogLog
// with 2^17 registers (standard error 0.29 %) and Ertl's estimator, which has no biased range.
// Invariant: equal sets of hashes give equal estimates, however they were dealt and merged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stave {

class HyperLogLog {
 public:
  void add(std::uint64_t hash);
  void merge(const HyperLogLog& other);
  std::uint64_t estimate() const;
  std::size_t memory_bytes() const {
    return few_.capacity() * sizeof(std::uint64_t) + registers_.capacity();
  }

 private:
  static constexpr int kRegisterBits = 17;
  static constexpr std::size_t kMostExact = 16384;
  void add_to_registers(std::uint64_t hash);
  void compact();

  std::vector<std::uint64_t> few_;  // sorted and unique up to sorted_, then as they came
  std::size_t sorted_ = 0;
  std::vector<std::uint8_t> registers_;
};

}  // namespace stave
