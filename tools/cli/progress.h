// One line on standard error that tells how far a long command is: only on a terminal, rewritten at
// most ten times a second, gone when the command ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace stave::cli {

class ProgressBar {
 public:
  // Not shown where `wanted` is false or standard error is no terminal.
  ProgressBar(std::string label, bool wanted);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  // `done` of `total` in whatever unit gives the share; a total of 0 is unknown. `bytes`: 0 shows
  // none. May be called from any thread.
  void update(std::uint64_t done, std::uint64_t total, std::uint64_t rows, std::uint64_t bytes);

 private:
  using Clock = std::chrono::steady_clock;

  bool shown_ = false;
  bool drawn_ = false;
  std::string label_;
  Clock::time_point started_;
  Clock::time_point drawn_at_;
  std::mutex mutex_;
};

}  // namespace stave::cli
