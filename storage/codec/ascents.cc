// Values that rise, fall back now and then, and rise again, as times do from one cluster run to the
// next: where each ascent begins and with what, and the steps between. Steps are small whole
// numbers, which other codecs pack well. Bytes: format-spec/codecs/ascents.md.
#include <cmath>
#include <limits>
#include <vector>

#include "storage/codec/codec_functions.h"
#include "storage/codec/frame.h"
#include "storage/codec/positions.h"

namespace stave {
namespace {

// Ascents of fewer rows than this on average are none.
constexpr std::uint32_t kLeastRows = 16;

struct Ascents {
  std::vector<std::uint32_t> begins;  // rows; the first is 0
  std::vector<std::int64_t> firsts;
  std::vector<std::uint32_t> steps;  // of the other rows
};

// Stops where there are more than `most` ascents.
Ascents ascents_of(const NodeProfile& profile, std::uint64_t divisor, std::size_t most) {
  const auto values = profile.values().as<std::int64_t>();
  const ExactDivision division(divisor);
  Ascents ascents;
  ascents.steps.resize(values.size());
  std::size_t steps = 0;
  ascents.begins.push_back(0);
  for (std::uint32_t i = 1; i < values.size() && ascents.begins.size() <= most; ++i) {
    const std::uint64_t step = division.quotient(static_cast<std::uint64_t>(values[i]) -
                                                 static_cast<std::uint64_t>(values[i - 1]));
    const bool rises =
        values[i] >= values[i - 1] && step <= std::numeric_limits<std::uint32_t>::max();
    ascents.steps[steps] = static_cast<std::uint32_t>(step);
    steps += rises ? 1U : 0U;
    if (!rises) [[unlikely]] {
      ascents.begins.push_back(i);
    }
  }
  ascents.steps.resize(steps);
  for (const std::uint32_t begin : ascents.begins) {
    ascents.firsts.push_back(values[begin]);
  }
  return ascents;
}

std::size_t most_ascents(const NodeProfile& profile) {
  return profile.rows() / kLeastRows;
}

// A look at the sample spares most columns the whole.
bool sample_rises(const NodeProfile& profile) {
  const auto sample = profile.sample().as<std::int64_t>();
  std::size_t falls = 0;
  for (std::size_t i = 1; i < sample.size(); ++i) {
    falls += sample[i] < sample[i - 1] ? 1 : 0;
  }
  return falls * (kLeastRows / 2) < sample.size();
}

}  // namespace

std::optional<double> estimate_ascents(const NodeProfile& profile) {
  if (profile.rows() < 2 * kLeastRows || profile.spread() == 0 || !sample_rises(profile)) {
    return std::nullopt;
  }
  if (profile.is_recalled()) {
    return 0;
  }
  const std::size_t most = most_ascents(profile);
  const Ascents ascents = ascents_of(profile, profile.divisor(), most);
  if (ascents.begins.size() > most) {
    return std::nullopt;
  }
  const auto begins = static_cast<double>(ascents.begins.size());
  return 16 + estimate_positions(begins, profile.rows()) +
         begins * std::log2(static_cast<double>(profile.spread() / profile.divisor()) + 1) / 8 +
         estimate_inner(std::span(ascents.steps), profile.aim());
}

void encode_ascents(const NodeProfile& profile, NodeEncoder& encoder) {
  const std::uint64_t divisor = profile.divisor();
  const Ascents ascents = ascents_of(profile, divisor, profile.rows());
  encoder.bytes().write_varint(divisor);
  write_positions(ascents.begins, profile.rows(), encoder);
  encoder.write_node(std::span(ascents.firsts));
  if (!ascents.steps.empty()) {
    encoder.write_node(std::span(ascents.steps));
  }
}

bool decode_ascents(NodeDecoder& decoder, const NodeTarget& target) {
  const std::uint64_t divisor = decoder.in().read_varint();
  if (!decoder.in().ok() || divisor == 0) {
    return decoder.damaged("What steps are multiplied by is not possible.");
  }
  const auto begins = read_positions(target.rows, decoder);
  if (!begins) {
    return false;
  }
  if (begins->empty() || begins->front() != 0) {
    return decoder.damaged("No ascent begins with the first row.");
  }
  const auto firsts = decoder.arena().take<std::int64_t>(begins->size());
  const auto steps = decoder.arena().take<std::uint32_t>(target.rows - begins->size());
  if (!decoder.read_node(firsts) || (!steps.empty() && !decoder.read_node(steps))) {
    return false;
  }
  const auto values = target.as<std::int64_t>();
  const std::uint32_t* step = steps.data();
  for (std::size_t ascent = 0; ascent < begins->size(); ++ascent) {
    std::uint32_t row = (*begins)[ascent];
    const std::uint32_t end = ascent + 1 < begins->size() ? (*begins)[ascent + 1] : target.rows;
    auto value = static_cast<std::uint64_t>(firsts[ascent]);
    values[row++] = firsts[ascent];
    for (; row < end; ++row) {
      value += *step++ * divisor;
      values[row] = static_cast<std::int64_t>(value);
    }
  }
  return true;
}

}  // namespace stave
