// HyperLogLog; see the header.
#include "engine/aggregate/hyper_log_log.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace stave {
namespace {

// The two series of Ertl's estimator ("New cardinality estimation algorithms for HyperLogLog
// sketches", 2017); both end when double precision is exhausted.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double y = 1;
  double z = x;
  for (double before = -1; z != before;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1;
  double z = 1 - x;
  for (double before = -1; z != before;) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

}  // namespace

void HyperLogLog::add(std::uint64_t hash) {
  if (!registers_.empty()) return add_to_registers(hash);
  if (!few_.empty() && few_.back() == hash) return;
  few_.push_back(hash);
  if (few_.size() >= 2 * sorted_ + 64) compact();
}

void HyperLogLog::compact() {
  const auto fresh = few_.begin() + static_cast<std::ptrdiff_t>(sorted_);
  std::sort(fresh, few_.end());
  std::inplace_merge(few_.begin(), fresh, few_.end());
  few_.erase(std::unique(few_.begin(), few_.end()), few_.end());
  sorted_ = few_.size();
  if (few_.size() <= kMostExact) return;
  registers_.resize(std::size_t{1} << kRegisterBits);
  for (const std::uint64_t each : few_) add_to_registers(each);
  few_ = {};
}

void HyperLogLog::add_to_registers(std::uint64_t hash) {
  const std::size_t index = hash >> (64 - kRegisterBits);
  const std::uint64_t rest = (hash << kRegisterBits) | (std::uint64_t{1} << (kRegisterBits - 1));
  const auto rank = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
  registers_[index] = std::max(registers_[index], rank);
}

void HyperLogLog::merge(const HyperLogLog& other) {
  for (const std::uint64_t hash : other.few_) add(hash);
  if (other.registers_.empty()) return;
  if (registers_.empty()) {
    registers_.resize(std::size_t{1} << kRegisterBits);
    for (const std::uint64_t hash : few_) add_to_registers(hash);
    few_ = {};
  }
  std::transform(registers_.begin(), registers_.end(), other.registers_.begin(), registers_.begin(),
                 [](std::uint8_t mine, std::uint8_t theirs) { return std::max(mine, theirs); });
}

std::uint64_t HyperLogLog::estimate() const {
  if (registers_.empty()) {
    HyperLogLog sorted = *this;
    sorted.compact();
    if (sorted.registers_.empty()) return sorted.few_.size();
    return sorted.estimate();
  }
  constexpr int kMostRank = 64 - kRegisterBits + 1;
  const auto registers = static_cast<double>(registers_.size());
  std::array<std::uint64_t, kMostRank + 1> counts{};
  for (const std::uint8_t rank : registers_) ++counts[rank];
  double z = registers * tau(1 - static_cast<double>(counts[kMostRank]) / registers);
  for (int rank = kMostRank - 1; rank >= 1; --rank) {
    z = 0.5 * (z + static_cast<double>(counts[static_cast<std::size_t>(rank)]));
  }
  z += registers * sigma(static_cast<double>(counts[0]) / registers);
  constexpr double kAlpha = 0.7213475204444817;  // 1 / (2 ln 2)
  return static_cast<std::uint64_t>(std::llround(kAlpha * registers * registers / z));
}

}  // namespace stave
