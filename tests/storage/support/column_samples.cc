// The shapes, by row number and a seeded generator.
#include "tests/storage/support/column_samples.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stave::testing {
namespace {

using Random = std::mt19937_64;
using Shape = std::int64_t (*)(std::uint32_t row, Random& random);

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNoon = 1719316800000000;  // microseconds

struct NamedShape {
  const char* name;
  Shape at;
};

std::int64_t draw(Random& random, std::int64_t below) {
  return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
}

constexpr NamedShape kShapes[] = {
    {"zero", [](std::uint32_t, Random&) { return std::int64_t{0}; }},
    {"constant", [](std::uint32_t, Random&) { return std::int64_t{123456789}; }},
    {"few distinct", [](std::uint32_t, Random& r) { return draw(r, 5) * 1000; }},
    {"skewed", [](std::uint32_t, Random& r) { return draw(r, 10) != 0 ? 7 : draw(r, 900); }},
    {"runs", [](std::uint32_t row, Random&) { return std::int64_t{row / 37} * 7919 % 1000; }},
    {"sorted", [](std::uint32_t row, Random& r) { return std::int64_t{row} * 3 + draw(r, 3); }},
    {"descending", [](std::uint32_t row, Random&) { return -std::int64_t{row} * 1000; }},
    {"twenty bits", [](std::uint32_t, Random& r) { return draw(r, 1 << 20); }},
    {"seconds", [](std::uint32_t, Random& r) { return kNoon + draw(r, 86400) * 1000000; }},
    {"times in order",
     [](std::uint32_t row, Random& r) { return kNoon + (row * 5 + draw(r, 5)) * 1000000; }},
    {"outliers",
     [](std::uint32_t, Random& r) { return draw(r, 50) == 0 ? draw(r, kMax) : draw(r, 99); }},
    {"ranks", [](std::uint32_t, Random& r) { return draw(r, 1 + draw(r, 2000)); }},
    {"one of the last",
     [](std::uint32_t row, Random& r) { return (row / 2 + 20 - draw(r, 20)) * 7919 % 65536; }},
    {"far below, now and then",
     [](std::uint32_t row, Random& r) {
       return row % 97 == 5 ? draw(r, 9) - 86400000000 : draw(r, 1 + draw(r, 300)) * 1000000;
     }},
    {"extremes", [](std::uint32_t row, Random&) { return row % 2 == 0 ? kMin : kMax; }},
    {"any bits", [](std::uint32_t, Random& r) { return static_cast<std::int64_t>(r()); }},
};

double float_at(const NamedShape& shape, std::uint32_t row, Random& random) {
  const std::int64_t value = shape.at(row, random);
  return std::string_view(shape.name) == "any bits" ? std::bit_cast<double>(value)
                                                    : static_cast<double>(value) / 100;
}

// Doubles that compare strangely: NaNs of several bits, both zeros, infinities, the smallest.
double strange_float(std::uint32_t row) {
  constexpr double kStrange[] = {0.0, -0.0, 0.1, -1e300, 5e-324};
  switch (row % 8) {
    case 0:
      return std::numeric_limits<double>::quiet_NaN();
    case 1:
      return std::bit_cast<double>(0xFFF8000000000123U);
    case 2:
      return -std::numeric_limits<double>::infinity();
    default:
      return kStrange[row % 8 - 3];
  }
}

std::string text_at(const NamedShape& shape, std::uint32_t row, Random& random) {
  const std::int64_t value = shape.at(row, random);
  std::string text = "track-" + std::to_string(value);
  return value % 3 == 0 ? std::string() : text;
}

ColumnSample sample_of(const NamedShape& shape, Physical physical, std::uint32_t rows,
                       Random& random) {
  ColumnSample sample(shape.name, physical);
  for (std::uint32_t row = 0; row < rows; ++row) {
    switch (physical) {
      case Physical::kCode:
        sample.codes.push_back(static_cast<std::uint32_t>(shape.at(row, random)));
        break;
      case Physical::kInt64:
        sample.int64s.push_back(shape.at(row, random));
        break;
      case Physical::kInt128:
        sample.int128s.push_back(Int128{shape.at(row, random)} *
                                 (row % 3 == 0 ? 1 : shape.at(row, random)));
        break;
      case Physical::kFloat64:
        sample.float64s.push_back(float_at(shape, row, random));
        break;
      case Physical::kString:
        sample.texts.push_back(text_at(shape, row, random));
        break;
    }
  }
  sample.strings.assign(sample.texts.begin(), sample.texts.end());
  return sample;
}

void add_special_samples(Physical physical, std::uint32_t rows, std::vector<ColumnSample>& all) {
  if (physical == Physical::kFloat64) {
    ColumnSample strange("strange", physical);
    for (std::uint32_t row = 0; row < rows; ++row) {
      strange.float64s.push_back(strange_float(row));
    }
    all.push_back(std::move(strange));
  }
  if (physical == Physical::kString) {
    ColumnSample prefixes("shared prefixes", physical);
    for (std::uint32_t row = 0; row < rows; ++row) {
      std::string number = std::to_string(1000000 + row * 7);
      prefixes.texts.push_back("https://example.org/a/rather/long/path/" + number);
    }
    prefixes.strings.assign(prefixes.texts.begin(), prefixes.texts.end());
    all.push_back(std::move(prefixes));
    ColumnSample lengths("long ones", physical);
    for (std::uint32_t row = 0; row < rows; ++row) {
      lengths.texts.emplace_back(row % 501 == 0 ? 5000 + row : row % 4,
                                 static_cast<char>('a' + row % 26));
    }
    lengths.strings.assign(lengths.texts.begin(), lengths.texts.end());
    all.push_back(std::move(lengths));
  }
}

}  // namespace

std::uint32_t ColumnSample::rows() const {
  return static_cast<std::uint32_t>(codes.size() + int64s.size() + int128s.size() +
                                    float64s.size() + strings.size());
}

ColumnValues ColumnSample::values() const {
  ColumnValues values;
  values.physical = physical;
  values.rows = rows();
  values.codes = codes;
  values.int64s = int64s;
  values.int128s = int128s;
  values.float64s = float64s;
  values.strings = strings;
  values.validity = validity;
  return values;
}

NodeValues ColumnSample::node_values() const {
  switch (physical) {
    case Physical::kCode:
      return std::span(codes);
    case Physical::kInt64:
      return std::span(int64s);
    case Physical::kInt128:
      return std::span(int128s);
    case Physical::kFloat64:
      return std::span(float64s);
    case Physical::kString:
      break;
  }
  return std::span(strings);
}

void ColumnSample::add_nulls(double share, std::mt19937_64& random) {
  validity.assign((rows() + 63) / 64, 0);
  for (std::uint32_t row = 0; row < rows(); ++row) {
    const bool valid = static_cast<double>(random() % 1000) >= share * 1000;
    validity[row / 64] |= std::uint64_t{valid} << (row % 64);
  }
}

std::vector<ColumnSample> column_samples(Physical physical, std::uint32_t rows,
                                         std::mt19937_64& random) {
  std::vector<ColumnSample> all;
  for (const NamedShape& shape : kShapes) {
    all.push_back(sample_of(shape, physical, rows, random));
  }
  add_special_samples(physical, rows, all);
  return all;
}

}  // namespace stave::testing
