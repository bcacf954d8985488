// HyperLogLog; see the header.
#include "engine/aggregate/hyper_log_log.h"

#include <array>
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

void HyperLogLog::add_exactly(std::uint64_t hash) {
  if (few_.size() <= kMostListed) {
    if (std::find(few_.begin(), few_.end(), hash) != few_.end()) return;
    ++few_count_;
    few_.push_back(hash);
    if (few_count_ > kMostListed) widen();
    return;
  }
  std::uint64_t& slot = slot_of(hash);
  if (slot == hash) return;
  slot = hash;
  ++few_count_;
  if (few_count_ > kMostExact) return become_registers();
  if (std::size_t{few_count_} * 4 >= few_.size() * 3) widen();
}

std::uint64_t& HyperLogLog::slot_of(std::uint64_t hash) {
  const std::size_t mask = few_.size() - 1;
  std::size_t at = hash & mask;
  while (few_[at] != 0 && few_[at] != hash) at = (at + 1) & mask;
  return few_[at];
}

void HyperLogLog::widen() {
  std::vector<std::uint64_t> before(std::bit_ceil(few_.size()) * 2);
  before.swap(few_);
  for (const std::uint64_t hash : before) {
    if (hash != 0) slot_of(hash) = hash;
  }
}

void HyperLogLog::become_registers() {
  registers_.resize(std::size_t{1} << kRegisterBits);
  for (const std::uint64_t hash : few_) {
    if (hash != 0) add_to_registers(hash);
  }
  few_ = {};
}

void HyperLogLog::merge(const HyperLogLog& other) {
  for (const std::uint64_t hash : other.few_) {
    if (hash != 0) add(hash);
  }
  if (other.registers_.empty()) return;
  if (registers_.empty()) become_registers();
  std::transform(registers_.begin(), registers_.end(), other.registers_.begin(), registers_.begin(),
                 [](std::uint8_t mine, std::uint8_t theirs) { return std::max(mine, theirs); });
}

std::uint64_t HyperLogLog::estimate() const {
  if (registers_.empty()) return few_count_;
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
