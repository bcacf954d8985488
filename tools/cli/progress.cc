// Draws over itself with a carriage return and clears to the end of the line.
#include "tools/cli/progress.h"

#include <algorithm>
#include <cstdio>

#include "tools/cli/quantity.h"
#include "tools/cli/terminal.h"

namespace stave::cli {
namespace {

constexpr auto kBetweenDrawings = std::chrono::milliseconds(100);
constexpr const char* kClearLine = "\r\033[K";
constexpr std::size_t kBarWidth = 20;

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  std::string text(1, '[');
  text.append(filled, '#').append(kBarWidth - filled, '.').push_back(']');
  return text;
}

}  // namespace

ProgressBar::ProgressBar(std::string label, bool wanted)
    : shown_(wanted && errors_go_to_terminal()),
      label_(std::move(label)),
      started_(Clock::now()),
      drawn_at_(started_) {}

ProgressBar::~ProgressBar() {
  if (drawn_) {
    std::fputs(kClearLine, stderr);
  }
}

void ProgressBar::update(std::uint64_t done, std::uint64_t total, std::uint64_t rows,
                         std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (!shown_ || now - drawn_at_ < kBetweenDrawings) {
    return;
  }
  drawn_at_ = now;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  std::string line = label_;
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    line += "  " + bar(share) + " " + std::to_string(static_cast<int>(share * 100)) + "%";
    if (share > 0) {
      line += "  " + duration_text(seconds / share - seconds) + " left";
    }
  }
  line += "  " + rough_number(static_cast<double>(rows)) + " rows";
  line += "  " + rough_number(static_cast<double>(rows) / seconds) + " rows/s";
  if (bytes > 0) {
    line += "  " + bytes_text(bytes);
  }
  line.resize(std::min(line.size(), static_cast<std::size_t>(terminal_width() - 1)));
  std::fprintf(stderr, "%s%s", kClearLine, line.c_str());
  std::fflush(stderr);
}

}  // namespace stave::cli
