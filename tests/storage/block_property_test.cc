// Any values, any nulls, either effort: what RapidCheck thinks of comes back to the bit, shrunk to
// the least where it does not.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "storage/block_summary.h"
#include "storage/codec/block.h"

namespace stave {
namespace {

void assert_round_trip(const ColumnValues& values) {
  for (const Effort effort : {Effort::kFast, Effort::kSmall}) {
    std::string encoded;
    const BlockCodecs codecs = encode_block_naming_codecs(values, {effort}, encoded);
    RC_LOG() << to_string(codecs) << '\n';
    DecodedBlock decoded;
    const auto result = decode_block(std::as_bytes(std::span<const char>(encoded)), values.physical,
                                     values.rows, decoded);
    RC_ASSERT(result.has_value());
    RC_ASSERT(holds_same_values(values, decoded));
  }
}

// Values drawn from a pool, so that they repeat, with a share of nulls.
template <typename T>
std::vector<T> draw_values() {
  const auto pool = *rc::gen::nonEmpty<std::vector<T>>();
  const auto size = *rc::gen::inRange<std::size_t>(1, 3000);
  return *rc::gen::container<std::vector<T>>(size, rc::gen::elementOf(pool));
}

std::vector<std::uint64_t> draw_validity(std::size_t rows) {
  const bool none_null = *rc::gen::arbitrary<bool>();
  return none_null ? std::vector<std::uint64_t>()
                   : *rc::gen::container<std::vector<std::uint64_t>>(
                         (rows + 63) / 64, rc::gen::arbitrary<std::uint64_t>());
}

RC_GTEST_PROP(BlockProperty, CodesComeBack, ()) {
  const auto codes = draw_values<std::uint32_t>();
  ColumnValues values;
  values.physical = Physical::kCode;
  values.rows = static_cast<std::uint32_t>(codes.size());
  values.codes = codes;
  assert_round_trip(values);
}

RC_GTEST_PROP(BlockProperty, Int64sComeBack, ()) {
  const auto int64s = draw_values<std::int64_t>();
  const auto validity = draw_validity(int64s.size());
  ColumnValues values;
  values.rows = static_cast<std::uint32_t>(int64s.size());
  values.int64s = int64s;
  values.validity = validity;
  assert_round_trip(values);
}

RC_GTEST_PROP(BlockProperty, SummedInt64sComeBack, (std::int64_t start, std::int64_t scale)) {
  auto int64s = draw_values<std::int64_t>();
  auto sum = static_cast<std::uint64_t>(start);
  for (std::int64_t& value : int64s) {
    sum += static_cast<std::uint64_t>(value) * static_cast<std::uint64_t>(scale);
    value = static_cast<std::int64_t>(sum);
  }
  ColumnValues values;
  values.rows = static_cast<std::uint32_t>(int64s.size());
  values.int64s = int64s;
  assert_round_trip(values);
}

RC_GTEST_PROP(BlockProperty, Int128sComeBack, ()) {
  const auto high = draw_values<std::int64_t>();
  std::vector<Int128> int128s;
  for (const std::int64_t value : high) {
    int128s.push_back(static_cast<Int128>(value) * value * (value % 3));
  }
  const auto validity = draw_validity(int128s.size());
  ColumnValues values;
  values.physical = Physical::kInt128;
  values.rows = static_cast<std::uint32_t>(int128s.size());
  values.int128s = int128s;
  values.validity = validity;
  assert_round_trip(values);
}

RC_GTEST_PROP(BlockProperty, Float64BitsComeBack, ()) {
  const auto bits = draw_values<std::uint64_t>();
  std::vector<double> float64s;
  for (const std::uint64_t value : bits) {
    float64s.push_back(value % 2 == 0 ? std::bit_cast<double>(value)
                                      : static_cast<double>(value % 100000) / 1000);
  }
  const auto validity = draw_validity(float64s.size());
  ColumnValues values;
  values.physical = Physical::kFloat64;
  values.rows = static_cast<std::uint32_t>(float64s.size());
  values.float64s = float64s;
  values.validity = validity;
  assert_round_trip(values);
}

RC_GTEST_PROP(BlockProperty, StringsComeBack, ()) {
  const auto texts = draw_values<std::string>();
  const std::vector<std::string_view> strings(texts.begin(), texts.end());
  const auto validity = draw_validity(strings.size());
  ColumnValues values;
  values.physical = Physical::kString;
  values.rows = static_cast<std::uint32_t>(strings.size());
  values.strings = strings;
  values.validity = validity;
  assert_round_trip(values);
}

}  // namespace
}  // namespace stave
