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
  std::uint64_t memory_limit = 0;  // of generate_into; bytes, 0: as an import
  std::function<void(std::uint64_t rows_done, std::uint64_t rows_total)> on_progress;  // about
  const std::atomic<bool>* cancelled = nullptr;
};

// Writes one CSV file for each table into `directory` (made if missing). The same options give the
// same bytes on every machine and for any number of threads.
Result<void> generate(const std::string& directory, const GenerateOptions& options);

// The store that importing those dumps would give, without a dump on disk: a new one, or these rows
// added to one that has the tables. Each table is a load; those that are in it already are left
// out.
Result<void> generate_into(const std::string& store, const GenerateOptions& options);

}  // namespace stave
