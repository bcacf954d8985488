// Values that rise, fall back now and then, and rise again, as times do from one cluster run to the
// next: where each ascent begins and with what, and the steps between. Steps are small whole
// numbers, which other codecs pack well. Bytes: format-spec/codecs/ascents.md.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "storage/codec/codec_functions.h"
#include "storage/codec/frame.h"
#include "storage/codec/positions.h"
#include "storage/codec/selection.h"

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
  const std::uint64_t multiples = profile.spread() / profile.divisor();
  return 16 + estimate_positions(begins, profile.rows()) +
         begins * std::log2(static_cast<double>(multiples) + 1) / 8 +
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

namespace {

// All but the steps, which are the last of the node.
struct AscentsHead {
  std::uint64_t divisor = 1;
  std::span<const std::uint32_t> begins;  // the first is row 0
  std::span<const std::int64_t> firsts;   // for each of them
};

std::optional<AscentsHead> read_head(NodeDecoder& decoder, std::uint32_t rows) {
  AscentsHead head;
  head.divisor = decoder.in().read_varint();
  if (!decoder.in().ok() || head.divisor == 0) {
    decoder.damaged("What steps are multiplied by is not possible.");
    return std::nullopt;
  }
  const auto begins = read_positions(rows, decoder);
  if (!begins) {
    return std::nullopt;
  }
  if (begins->empty() || begins->front() != 0) {
    decoder.damaged("No ascent begins with the first row.");
    return std::nullopt;
  }
  const auto firsts = decoder.arena().take<std::int64_t>(begins->size());
  if (!decoder.read_node(firsts)) {
    return std::nullopt;
  }
  head.begins = *begins;
  head.firsts = firsts;
  return head;
}

// The steps that lead to a wanted row from the one wanted before it in its ascent, or from the
// ascent's first row. The first rows of ascents have no step.
struct WantedSteps {
  std::size_t ascent = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool begins = false;  // none of the ascent was wanted before
};

std::span<const WantedSteps> steps_to(const WantedRows& wanted, const AscentsHead& head,
                                      Arena& arena) {
  const auto all = arena.take<WantedSteps>(wanted.at.size());
  std::size_t ascent = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::uint32_t at = wanted.at[i];
    const std::size_t before = ascent;
    const auto after = std::upper_bound(head.begins.begin() + static_cast<std::ptrdiff_t>(ascent),
                                        head.begins.end(), at);
    ascent = static_cast<std::size_t>(after - head.begins.begin()) - 1;
    const bool begins = i == 0 || ascent != before;
    const std::uint32_t from = begins ? head.begins[ascent] : wanted.at[i - 1];
    all[i] = {ascent, from - static_cast<std::uint32_t>(ascent), at - from, begins};
  }
  return all;
}

}  // namespace

bool decode_ascents(NodeDecoder& decoder, const NodeTarget& target) {
  const auto head = read_head(decoder, target.rows);
  if (!head) {
    return false;
  }
  const auto steps = decoder.arena().take<std::uint32_t>(target.rows - head->begins.size());
  if (!steps.empty() && !decoder.read_node(steps)) {
    return false;
  }
  const auto values = target.as<std::int64_t>();
  const std::uint32_t* step = steps.data();
  for (std::size_t ascent = 0; ascent < head->begins.size(); ++ascent) {
    std::uint32_t row = head->begins[ascent];
    const std::uint32_t end =
        ascent + 1 < head->begins.size() ? head->begins[ascent + 1] : target.rows;
    auto value = static_cast<std::uint64_t>(head->firsts[ascent]);
    values[row++] = head->firsts[ascent];
    for (; row < end; ++row) {
      value += *step++ * head->divisor;
      values[row] = static_cast<std::int64_t>(value);
    }
  }
  return true;
}

// Of ascents in which a row is wanted, the steps up to it; they are summed and not kept.
bool pick_ascents(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) {
  const auto head = read_head(decoder, wanted.rows);
  if (!head) {
    return false;
  }
  Arena& arena = decoder.arena();
  const std::span<const WantedSteps> parts = steps_to(wanted, *head, arena);
  const auto all = static_cast<std::uint32_t>(wanted.rows - head->begins.size());
  std::uint64_t* const bits = take_bits(arena, all);
  std::uint32_t count = 0;
  for (const WantedSteps& part : parts) {
    set_bits(bits, part.first, part.count);
    count += part.count;
  }
  const auto steps = arena.take<std::uint32_t>(count);
  if (all > 0 && !decoder.keep_node({all, bits, count}, steps)) {
    return false;
  }
  const auto values = target.as<std::int64_t>();
  const std::uint32_t* step = steps.data();
  std::uint64_t sum = 0;  // since the begin of the ascent
  for (std::size_t i = 0; i < values.size(); ++i) {
    const WantedSteps& part = parts[i];
    sum = std::accumulate(step, step + part.count, part.begins ? std::uint64_t{0} : sum);
    step += part.count;
    values[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(head->firsts[part.ascent]) +
                                          sum * head->divisor);
  }
  return true;
}

}  // namespace stave
