// See narrow_integers.h. Differences are taken modulo 2^64, so that any integers may be far apart.
#include "tools/import/narrow_integers.h"

#include <algorithm>
#include <limits>

namespace stave::loading {

bool IntegerFrame::include(const PieceIntegers& values) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (values.most() > kMost) return false;
  if (empty_) {
    empty_ = false;
    base_ = values.base();
    unit_ = values.unit();
    most_ = values.most();
    return true;
  }
  if (values.unit() != unit_) return false;
  const bool is_lower = static_cast<std::int64_t>(values.base()) < static_cast<std::int64_t>(base_);
  const std::uint64_t apart = is_lower ? base_ - values.base() : values.base() - base_;
  const std::uint64_t steps = apart / unit_;
  if (steps * unit_ != apart || steps > kMost) return false;
  if (is_lower) base_ = values.base();
  most_ =
      is_lower ? std::max(most_ + steps, values.most()) : std::max(most_, values.most() + steps);
  return most_ <= kMost;
}

template <typename Use>
void NarrowIntegers::visit(Use use) {
  if (bytes_ == 1) return use(of_one_);
  if (bytes_ == 2) return use(of_two_);
  use(of_four_);
}

template <typename Use>
void NarrowIntegers::visit(Use use) const {
  if (bytes_ == 1) return use(of_one_);
  if (bytes_ == 2) return use(of_two_);
  use(of_four_);
}

void NarrowIntegers::start(const IntegerFrame& frame, std::size_t rows) {
  frame_ = frame;
  bytes_ = frame.most() < 1U << 8 ? 1 : frame.most() < 1U << 16 ? 2 : 4;
  visit([rows](auto& values) {
    if (values.size() < rows) values.resize(rows);
  });
}

void NarrowIntegers::append(const PieceIntegers& values, std::uint32_t rows,
                            std::span<const std::uint32_t> places) {
  const std::uint64_t shift = (values.base() - frame_.base()) / frame_.unit();
  visit([&](auto& all) { values.read_counts(rows, places, shift, all.data()); });
}

void NarrowIntegers::read(std::size_t begin, std::span<std::uint32_t> out) const {
  visit([&](const auto& all) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = all[begin + i];
  });
}

void NarrowIntegers::read(std::size_t begin, std::span<std::int64_t> out) const {
  const std::uint64_t base = frame_.base();
  const std::uint64_t unit = frame_.unit();
  visit([&](const auto& all) {
    if (unit == 1) {
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::int64_t>(base + all[begin + i]);
      }
    } else {
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::int64_t>(base + all[begin + i] * unit);
      }
    }
  });
}

}  // namespace stave::loading
