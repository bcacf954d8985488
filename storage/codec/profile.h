// What the values of a node look like, for estimates and encoders. Each part is found out when
// first asked for: counts by one pass over all values, shapes from a sample.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "storage/codec/codec.h"

namespace stave {

// Codes and i64: the values that have a range, a divisor and differences.
template <typename T>
inline constexpr bool kHasFrame =
    std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int64_t>;

class NodeProfile {
 public:
  // The values must outlive the profile.
  // So must what was known of them, if the node is the root of a block.
  NodeProfile(const NodeValues& values, Aim aim, const Prediction* prediction = nullptr)
      : values_(values), aim_(aim), prediction_(prediction) {}

  const NodeValues& values() const { return values_; }
  std::uint32_t rows() const { return values_.rows; }
  Aim aim() const { return aim_; }
  const Prediction* prediction() const { return prediction_; }

  // The same values for another aim.
  void aim_at(Aim aim) { aim_ = aim; }

  bool is_constant() const;
  // Runs of equal values.
  std::uint32_t runs() const;
  // Of codes and i64: the smallest, the largest less it, and what divides all offsets from it.
  std::int64_t min() const;
  std::uint64_t spread() const;
  std::uint64_t divisor() const;
  // Bytes of all strings together.
  std::uint64_t text_bytes() const;

  // At most kSampleRows values: stretches from all over the node, in order.
  const NodeValues& sample() const;
  // How many values stand for one of the sample.
  double sample_weight() const;
  // Of the sample.
  struct SampleShape {
    std::uint32_t distinct = 0;
    std::uint32_t most_frequent_at = 0;  // an index of the sample with that value
    std::uint32_t most_frequent_count = 0;
    std::vector<std::int64_t> sorted;  // codes and i64 only
  };
  const SampleShape& sample_shape() const;

  // What a codec's estimate finds out and its encoder wants again, each its own: where `split`
  // parts the values, what value `most-frequent` leaves out, how wide `patched` packs.
  const std::optional<std::int64_t>& finding(CodecId codec) const {
    return findings_[static_cast<std::size_t>(codec)];
  }
  void find(CodecId codec, std::int64_t value) const {
    findings_[static_cast<std::size_t>(codec)] = value;
  }
  // What was found for like values before, to be tried first; see BlockMemory.
  const std::optional<std::int64_t>& earlier_finding() const { return earlier_finding_; }
  void recall(std::optional<std::int64_t> finding) {
    earlier_finding_ = finding;
    is_recalled_ = true;
  }
  void forget() {
    earlier_finding_.reset();
    findings_.fill(std::nullopt);
    is_recalled_ = false;
  }
  // The codec was chosen for like values before: it need only say whether it can hold these.
  bool is_recalled() const { return is_recalled_; }

  static constexpr std::uint32_t kSampleRows = 1024;
  static constexpr std::uint32_t kStretchRows = 128;

 private:
  struct Range {
    std::int64_t min = 0;
    std::uint64_t spread = 0;
  };
  const Range& range() const;

  NodeValues values_;
  Aim aim_;
  const Prediction* prediction_;
  mutable std::optional<std::uint32_t> runs_;
  mutable std::optional<Range> range_;
  mutable std::optional<std::uint64_t> divisor_;
  mutable std::optional<std::uint64_t> text_bytes_;
  mutable std::vector<std::byte> sample_bytes_;
  mutable std::optional<NodeValues> sample_;
  mutable std::optional<SampleShape> sample_shape_;
  mutable std::array<std::optional<std::int64_t>, kCodecIds> findings_;
  std::optional<std::int64_t> earlier_finding_;
  bool is_recalled_ = false;
};

// Bytes that the values, a sample of a node inside another, would take under the best codec that
// holds no estimates of its own.
double estimate_inner(const NodeValues& values, Aim aim);

// Bytes of a row set with so many of `rows`.
double estimate_positions(double count, double rows);

}  // namespace stave
