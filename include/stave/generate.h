// Deterministic, plausibly skewed CSV dumps of a music service: `stave gen`.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "stave/result.h"

namespace stave {

struct GenerateOptions {
  std::uint64_t streams = 1'000'000;
  std::uint64_t tracks = 100'000;
  std::uint64_t users = 100'000;
  std::uint64_t days = 30;
  std::uint64_t seed = 1;
  std::string first_day = "2025-05-01";
  int threads = 0;
  std::function<void(std::uint64_t rows_done, std::uint64_t rows_total)> on_progress;  // about
  const std::atomic<bool>* cancelled = nullptr;
};

// Writes one CSV file for each table into `directory` (made if missing). The same options give the
// same bytes on every machine and for any number of threads.
Result<void> generate(const std::string& directory, const GenerateOptions& options);

}  // namespace stave
