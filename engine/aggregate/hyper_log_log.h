// An estimate of how many different hashes were seen: exact up to 16,384 of them, then HyperLogLog
// with 2^17 registers (standard error 0.29 %) and Ertl's estimator, which has no biased range.
// Invariant: equal sets of hashes give equal estimates, however they were dealt and merged.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace stave {

class HyperLogLog {
 public:
  void add(std::uint64_t hash) {
    if (hash == 0) hash = 1;
    if (registers_.empty()) return add_exactly(hash);
    add_to_registers(hash);
  }
  void merge(const HyperLogLog& other);
  std::uint64_t estimate() const;
  std::size_t memory_bytes() const {
    return few_.capacity() * sizeof(std::uint64_t) + registers_.capacity();
  }

 private:
  static constexpr int kRegisterBits = 17;
  static constexpr std::uint32_t kMostListed = 16;
  static constexpr std::uint32_t kMostExact = 16384;
  void add_exactly(std::uint64_t hash);
  void add_to_registers(std::uint64_t hash) {
    const std::size_t index = hash >> (64 - kRegisterBits);
    const std::uint64_t rest = (hash << kRegisterBits) | (std::uint64_t{1} << (kRegisterBits - 1));
    const auto rank = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
    registers_[index] = std::max(registers_[index], rank);
  }
  // The slot that holds `hash`, or the empty one where it belongs.
  std::uint64_t& slot_of(std::uint64_t hash);
  void widen();
  void become_registers();

  // Up to kMostListed hashes as they came, more in an open-addressing table that is at most three
  // quarters full; 0 is an empty slot.
  std::vector<std::uint64_t> few_;
  std::uint32_t few_count_ = 0;
  std::vector<std::uint8_t> registers_;
};

}  // namespace stave
