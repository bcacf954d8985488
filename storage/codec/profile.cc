// Passes over all values are few and plain, so that choosing costs little beside encoding.
#include "storage/codec/profile.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

#include "storage/codec/range_kernels.h"
#include "storage/codec/same_value.h"
#include "storage/codec/sorted_integers.h"

namespace stave {
namespace {

template <typename T>
std::uint32_t count_runs(std::span<const T> values) {
  if constexpr (kHasFrame<T>) {
    return static_cast<std::uint32_t>(count_changes(values)) + 1;
  }
  std::uint32_t changes = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    changes += same_value(values[i - 1], values[i]) ? 0U : 1U;
  }
  return changes + 1;
}

// Tells multiples by a product instead of a division: with the odd part's inverse modulo 2^64, a
// multiple and nothing else becomes a small number.
class MultipleTest {
 public:
  explicit MultipleTest(std::uint64_t divisor) : shift_(std::countr_zero(divisor)) {
    const std::uint64_t odd = divisor >> shift_;
    inverse_ = odd;
    for (int i = 0; i < 5; ++i) {
      inverse_ *= 2 - odd * inverse_;
    }
    limit_ = ~std::uint64_t{0} / odd;
    low_bits_ = (std::uint64_t{1} << shift_) - 1;
  }
  bool is_multiple(std::uint64_t value) const {
    return (value & low_bits_) == 0 && value * inverse_ <= limit_;
  }

 private:
  int shift_;
  std::uint64_t inverse_;
  std::uint64_t limit_;
  std::uint64_t low_bits_;
};

// 1 as soon as nothing larger is left.
std::uint64_t common_divisor(std::span<const std::int64_t> values, std::int64_t min) {
  std::uint64_t divisor = 0;
  std::optional<MultipleTest> test;
  for (const std::int64_t value : values) {
    const std::uint64_t offset =
        static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(min);
    if (offset == 0 || (test && test->is_multiple(offset))) {
      continue;
    }
    divisor = std::gcd(divisor, offset);
    if (divisor == 1) {
      return 1;
    }
    test.emplace(divisor);
  }
  return std::max<std::uint64_t>(divisor, 1);
}

// Sorted by what tells them apart; integers as such, which estimates want.
template <typename T>
auto sorted_identities(std::span<const T> sample) {
  if constexpr (kHasFrame<T>) {
    std::vector<std::int64_t> sorted(sample.begin(), sample.end());
    sort_integers(sorted);
    return sorted;
  } else {
    std::vector<decltype(identity_of(sample[0]))> sorted;
    sorted.reserve(sample.size());
    for (const T& value : sample) {
      sorted.push_back(identity_of(value));
    }
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }
}

template <typename T>
NodeProfile::SampleShape shape_of(std::span<const T> sample) {
  auto sorted = sorted_identities(sample);
  NodeProfile::SampleShape shape;
  std::size_t most_frequent = 0;
  for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    while (end < sorted.size() && sorted[begin] == sorted[end]) {
      ++end;
    }
    ++shape.distinct;
    if (end - begin > shape.most_frequent_count) {
      shape.most_frequent_count = static_cast<std::uint32_t>(end - begin);
      most_frequent = begin;
    }
  }
  const auto at = std::find_if(sample.begin(), sample.end(), [&](const T& value) {
    return identity_of(value) == static_cast<decltype(identity_of(value))>(sorted[most_frequent]);
  });
  shape.most_frequent_at = static_cast<std::uint32_t>(at - sample.begin());
  if constexpr (kHasFrame<T>) {
    shape.sorted = std::move(sorted);
  }
  return shape;
}

}  // namespace

bool NodeProfile::is_constant() const {
  const bool has_range = values_.kind == Physical::kCode || values_.kind == Physical::kInt64;
  return has_range ? spread() == 0 : runs() == 1;
}

std::uint32_t NodeProfile::runs() const {
  if (!runs_) {
    runs_ = visit(values_, [](auto span) { return count_runs(span); });
  }
  return *runs_;
}

const NodeProfile::Range& NodeProfile::range() const {
  if (!range_) {
    range_ = visit(values_, [](auto span) {
      Range range;
      if constexpr (kHasFrame<typename decltype(span)::value_type>) {
        const auto found = range_of(span);
        range.min = static_cast<std::int64_t>(found.min);
        range.spread = static_cast<std::uint64_t>(static_cast<std::int64_t>(found.max)) -
                       static_cast<std::uint64_t>(range.min);
      }
      return range;
    });
  }
  return *range_;
}

std::int64_t NodeProfile::min() const {
  return range().min;
}
std::uint64_t NodeProfile::spread() const {
  return range().spread;
}

std::uint64_t NodeProfile::divisor() const {
  if (!divisor_) {
    divisor_ = values_.kind == Physical::kInt64
                   ? common_divisor(values_.as<std::int64_t>(), range().min)
                   : 1;
  }
  return *divisor_;
}

std::uint64_t NodeProfile::text_bytes() const {
  if (!text_bytes_) {
    std::uint64_t bytes = 0;
    if (values_.kind == Physical::kString) {
      for (const std::string_view text : values_.as<std::string_view>()) {
        bytes += text.size();
      }
    }
    text_bytes_ = bytes;
  }
  return *text_bytes_;
}

const NodeValues& NodeProfile::sample() const {
  if (sample_) {
    return *sample_;
  }
  if (rows() <= 2 * kSampleRows) {
    sample_ = values_;
    return *sample_;
  }
  visit(values_, [&](auto span) {
    using T = std::remove_const_t<typename decltype(span)::element_type>;
    constexpr std::uint32_t kStretches = kSampleRows / kStretchRows;
    sample_bytes_.resize(kSampleRows * sizeof(T));
    for (std::uint32_t i = 0; i < kStretches; ++i) {
      const std::uint32_t from = (rows() - kStretchRows) / (kStretches - 1) * i;
      std::memcpy(sample_bytes_.data() + i * kStretchRows * sizeof(T), span.data() + from,
                  kStretchRows * sizeof(T));
    }
    sample_ = NodeValues(values_.kind, kSampleRows, sample_bytes_.data());
  });
  return *sample_;
}

double NodeProfile::sample_weight() const {
  return static_cast<double>(rows()) / static_cast<double>(sample().rows);
}

const NodeProfile::SampleShape& NodeProfile::sample_shape() const {
  if (!sample_shape_) {
    sample_shape_ = visit(sample(), [](auto span) { return shape_of(span); });
  }
  return *sample_shape_;
}

double estimate_inner(const NodeValues& values, Aim aim) {
  if (values.rows == 0) {
    return 0;
  }
  const NodeProfile profile(values, aim);
  double best = -1;
  for (const Codec& codec : all_codecs()) {
    if (!codec.inner_estimate || !holds(codec.kinds, values.kind)) {
      continue;
    }
    const std::optional<double> bytes = codec.estimate(profile);
    if (bytes && (best < 0 || *bytes < best)) {
      best = *bytes;
    }
  }
  return best;
}

double estimate_positions(double count, double rows) {
  if (count == 0) {
    return 2;
  }
  return std::min(rows / 8, count * (std::log2(rows / count) + 2) / 8 + 8) + 1;
}

}  // namespace stave
