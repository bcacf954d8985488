// Complaints are counted by kind and shown up to a limit.
#include "tests/campaign/support/damage_tally.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace stave::campaign {
namespace {

// Enough to see what is wrong; one fault of the product can show half a million times.
constexpr std::uint64_t kMostComplaints = 20;

}  // namespace

void DamageTally::complain(const std::string& path, const std::string& what,
                           const std::string& problem) {
  if (complaints_++ < kMostComplaints) {
    ADD_FAILURE() << path << ", " << what << ": " << problem;
  }
}

void DamageTally::expect_right_or_named(const std::string& path, const std::string& what) {
  const auto read = reading_.read(path);
  if (read) {
    ++(*read == reading_.right(path) ? right_ : wrong_);
    if (*read != reading_.right(path)) {
      complain(path, what, "a wrong answer without an error");
    }
    return;
  }
  ++named_;
  const bool is_expected =
      read.error().code == ErrorCode::kDamaged || read.error().code == ErrorCode::kNotFound;
  if (!is_expected || read.error().message.find(path) == std::string::npos) {
    complain(path, what, "an error of another kind: " + read.error().message);
  }
}

void DamageTally::expect_verify_names(const std::string& path, const std::string& what, int block) {
  ++asked_;
  const std::vector<std::string> damages = reading_.verify(path);
  const std::string block_text = fmt::format("block {}", block);
  const bool is_named = std::ranges::any_of(damages, [&](const std::string& damage) {
    return damage.find(path) != std::string::npos &&
           (block < 0 || damage.find(block_text) != std::string::npos);
  });
  if (is_named) {
    ++verified_;
  } else {
    complain(path, what,
             fmt::format("verify did not name {}; it found {} damages{}{}",
                         block < 0 ? "it" : block_text, damages.size(), damages.empty() ? "" : ": ",
                         damages.empty() ? "" : damages.front()));
  }
}

std::string DamageTally::outcome() const {
  return fmt::format("{} named errors, {} right answers, {} wrong ones; verify found {} of {}",
                     named_, right_, wrong_, verified_, asked_);
}

}  // namespace stave::campaign
