// Cuts the power after every operation of a writer, and checks every disk that this may leave.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "tests/campaign/support/check_store.h"
#include "tests/campaign/support/faulty_file_system.h"
#include "tests/campaign/support/workloads.h"

namespace stave::campaign {

class PowerCut {
 public:
  // `mixtures`: disks after each operation, beside the four plain ones.
  PowerCut(Writer& writer, FaultyFileSystem& files, std::uint64_t mixtures,
           Leftovers leftovers = Leftovers::kAreGone)
      : writer_(writer), files_(files), mixtures_(mixtures), leftovers_(leftovers) {}

  // While `run` runs, and once at its end. Faults are reported to the running test, which stops at
  // the first.
  Result<void> during(const std::function<Result<void>(Writer&)>& run);

  std::uint64_t images() const { return images_; }  // that differ
  std::uint64_t operations() const { return operations_; }

 private:
  void after(const std::string& operation);
  void cut(const std::string& operation, PowerLoss kind, std::uint64_t seed);

  Writer& writer_;
  FaultyFileSystem& files_;
  std::uint64_t mixtures_;
  Leftovers leftovers_;
  std::uint64_t operations_ = 0;
  std::uint64_t images_ = 0;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
};

}  // namespace stave::campaign
