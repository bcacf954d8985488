// Doubles that were decimals once: value = integer / 10^exponent, to the bit. Those for which that
// is not so are exceptions. Bytes: format-spec/codecs/decimal.md.
#include <array>
#include <cmath>

#include "storage/codec/codec_functions.h"
#include "storage/codec/decimal_kernels.h"
#include "storage/codec/positions.h"
#include "storage/codec/profile.h"
#include "storage/codec/same_value.h"

namespace stave {
namespace {

// All exact as doubles.
constexpr std::array kPowersOfTen{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
// Integers up to here are exact as doubles.
constexpr double kLargestInteger = 9007199254740992.0;

std::optional<std::int64_t> integer_of(double value, double power) {
  const double scaled = std::nearbyint(value * power);
  if (!(std::abs(scaled) <= kLargestInteger) || !same_value(scaled / power, value)) {
    return std::nullopt;
  }
  // -0.0 is no integer.
  const auto integer = static_cast<std::int64_t>(scaled);
  return integer == 0 && std::signbit(value) ? std::nullopt : std::optional(integer);
}

struct Fit {
  std::size_t exponent = 0;
  std::uint32_t failures = ~0U;
};

// The smallest exponent that fails for no more than one in ten, or else the best. A few values
// tell as much as many.
Fit best_fit(std::span<const double> all) {
  constexpr std::size_t kEnough = 128;
  std::vector<double> sample;
  for (std::size_t i = 0; i < all.size(); i += all.size() / kEnough + 1) {
    sample.push_back(all[i]);
  }
  Fit best;
  for (std::size_t exponent = 0; exponent < kPowersOfTen.size(); ++exponent) {
    std::uint32_t failures = 0;
    for (const double value : sample) {
      failures += integer_of(value, kPowersOfTen[exponent]) ? 0U : 1U;
    }
    if (failures < best.failures) {
      best = {exponent, failures};
    }
    if (best.failures * 10 <= sample.size()) {
      break;
    }
  }
  return best;
}

struct Split {
  std::vector<std::int64_t> integers;
  std::vector<std::uint32_t> positions;
  std::vector<double> exceptions;
};

// An exception leaves the integer before it in its place, which costs least.
Split split(std::span<const double> values, std::size_t exponent) {
  Split parts;
  parts.integers.reserve(values.size());
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    const auto integer = integer_of(values[i], kPowersOfTen[exponent]);
    if (!integer) {
      parts.positions.push_back(i);
      parts.exceptions.push_back(values[i]);
    }
    parts.integers.push_back(integer.value_or(parts.integers.empty() ? 0 : parts.integers.back()));
  }
  return parts;
}

}  // namespace

std::optional<double> estimate_decimal(const NodeProfile& profile) {
  const auto sample = profile.sample().as<double>();
  const Fit fit = best_fit(sample);
  const Split parts = split(sample, fit.exponent);
  if (parts.exceptions.size() * 4 > sample.size()) {
    return std::nullopt;
  }
  const double exceptions = static_cast<double>(parts.exceptions.size()) * profile.sample_weight();
  return 4 +
         estimate_inner(std::span<const std::int64_t>(parts.integers), profile.aim()) *
             profile.sample_weight() +
         estimate_positions(exceptions, profile.rows()) + exceptions * 8;
}

void encode_decimal(const NodeProfile& profile, NodeEncoder& encoder) {
  const Fit fit = best_fit(profile.sample().as<double>());
  const Split parts = split(profile.values().as<double>(), fit.exponent);
  encoder.bytes().write_u8(static_cast<std::uint8_t>(fit.exponent));
  encoder.write_node(std::span<const std::int64_t>(parts.integers));
  write_positions(parts.positions, profile.rows(), encoder);
  if (!parts.exceptions.empty()) {
    encoder.write_node(std::span<const double>(parts.exceptions));
  }
}

bool decode_decimal(NodeDecoder& decoder, const NodeTarget& target) {
  const std::size_t exponent = decoder.in().read_u8();
  if (!decoder.in().ok() || exponent >= kPowersOfTen.size()) {
    return decoder.damaged("A decimal exponent is not possible.");
  }
  const auto integers = decoder.arena().take<std::int64_t>(target.rows);
  if (!decoder.read_node(integers)) {
    return false;
  }
  const auto values = target.as<double>();
  divide_integers(integers.data(), target.rows, kPowersOfTen[exponent], values.data());
  const auto positions = read_positions(target.rows, decoder);
  if (!positions) {
    return false;
  }
  const auto exceptions = decoder.arena().take<double>(positions->size());
  if (!exceptions.empty() && !decoder.read_node(exceptions)) {
    return false;
  }
  for (std::size_t i = 0; i < exceptions.size(); ++i) {
    values[(*positions)[i]] = exceptions[i];
  }
  return true;
}

}  // namespace stave
