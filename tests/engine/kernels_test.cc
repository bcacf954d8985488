// Every kernel gives what its scalar twin gives, on every instruction set of this machine.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "engine/kernels/arithmetic.h"
#include "engine/kernels/bitmap.h"
#include "engine/kernels/bucket.h"
#include "engine/kernels/compare.h"
#include "engine/kernels/compress.h"
#include "engine/kernels/fixed_point.h"
#include "engine/kernels/gather.h"
#include "engine/kernels/mark.h"
#include "engine/kernels/pack_fields.h"
#include "engine/kernels/reduce.h"
#include "hwy/highway.h"
#include "stave/version.h"
#include "storage/kernel_dispatch.h"

namespace stave::kernels {
namespace {

constexpr std::size_t kSizes[] = {0, 1, 7, 63, 64, 65, 127, 128, 1000, 16384};
constexpr Comparison kComparisons[] = {Comparison::kEqual,   Comparison::kNotEqual,
                                       Comparison::kLess,    Comparison::kLessEqual,
                                       Comparison::kGreater, Comparison::kGreaterEqual};

// Runs the test with each target alone, then lets Highway choose again.
void on_every_target(const std::function<void()>& test) {
  const std::int64_t all = machine_targets();
  int targets = 0;
  for (std::int64_t rest = all; rest != 0; rest &= rest - 1) {
    const std::int64_t target = rest & -rest;
    if ((target & HWY_TARGETS) == 0) continue;
    use_kernel_targets(target);
    SCOPED_TRACE(simd_target());
    test();
    ++targets;
  }
  use_kernel_targets(0);
  EXPECT_GT(targets, 0);
}

std::mt19937_64& random_bits() {
  static std::mt19937_64 generator(7);
  return generator;
}

template <typename T>
std::vector<T> few_values(std::size_t rows) {
  std::vector<T> values(rows);
  for (T& value : values) value = static_cast<T>(random_bits()() % 5);
  return values;
}
template <>
std::vector<std::int64_t> few_values(std::size_t rows) {
  std::vector<std::int64_t> values(rows);
  for (std::int64_t& value : values) {
    const std::uint64_t bits = random_bits()();
    value = bits % 7 == 0   ? std::numeric_limits<std::int64_t>::min()
            : bits % 7 == 1 ? std::numeric_limits<std::int64_t>::max()
                            : static_cast<std::int64_t>(bits % 7) - 4;
  }
  return values;
}
template <>
std::vector<double> few_values(std::size_t rows) {
  const double kinds[] = {std::nan(""), -0.0, 0.0, 1.5, -2.5, HUGE_VAL};
  std::vector<double> values(rows);
  for (double& value : values) value = kinds[random_bits()() % 6];
  return values;
}

std::vector<std::uint64_t> some_bits(std::size_t rows) {
  std::vector<std::uint64_t> bits((rows + 63) / 64 + 1, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    if (random_bits()() % 3 == 0) bits[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  return bits;
}

using Bits = std::vector<std::uint64_t>;

template <typename T>
void test_comparisons() {
  for (const std::size_t rows : kSizes) {
    const std::vector<T> left = few_values<T>(rows);
    const std::vector<T> right = few_values<T>(rows);
    Bits expected((rows + 63) / 64);
    Bits actual((rows + 63) / 64);
    for (const Comparison comparison : kComparisons) {
      for (const T constant : few_values<T>(8)) {
        scalar::compare_constant(left.data(), rows, comparison, constant, expected.data());
        compare_constant(left.data(), rows, comparison, constant, actual.data());
        EXPECT_EQ(actual, expected);
      }
      scalar::compare_vectors(left.data(), right.data(), rows, comparison, expected.data());
      compare_vectors(left.data(), right.data(), rows, comparison, actual.data());
      EXPECT_EQ(actual, expected);
    }
  }
}

TEST(Kernels, CompareOnEveryTarget) {
  on_every_target([] {
    test_comparisons<std::uint32_t>();
    test_comparisons<std::int64_t>();
    test_comparisons<double>();
  });
}

TEST(Kernels, NanEqualsItselfAndIsGreatest) {
  EXPECT_TRUE(compare_values(std::nan(""), std::nan(""), Comparison::kEqual));
  EXPECT_TRUE(compare_values(HUGE_VAL, std::nan(""), Comparison::kLess));
  EXPECT_TRUE(compare_values(-0.0, 0.0, Comparison::kEqual));
}

TEST(Kernels, BetweenOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      Bits expected((rows + 63) / 64);
      Bits actual((rows + 63) / 64);
      const auto numbers = few_values<std::int64_t>(rows);
      scalar::between<std::int64_t>(numbers.data(), rows, -1, INT64_MAX, expected.data());
      between(numbers.data(), rows, -1, INT64_MAX, actual.data());
      EXPECT_EQ(actual, expected);
      const auto codes = few_values<std::uint32_t>(rows);
      scalar::between<std::uint32_t>(codes.data(), rows, 1, 3, expected.data());
      between(codes.data(), rows, 1, 3, actual.data());
      EXPECT_EQ(actual, expected);
    }
  });
}

template <typename T>
void test_gather() {
  const std::vector<T> table = few_values<T>(1000);
  for (const std::size_t rows : kSizes) {
    std::vector<std::uint32_t> codes(rows);
    for (std::uint32_t& code : codes) code = static_cast<std::uint32_t>(random_bits()() % 1000);
    std::vector<T> expected(rows);
    std::vector<T> actual(rows);
    scalar::gather(table.data(), codes.data(), rows, expected.data());
    gather(table.data(), table.size(), codes.data(), rows, actual.data());
    // NaN is unequal to itself: bytes are compared.
    EXPECT_TRUE(rows == 0 || std::memcmp(actual.data(), expected.data(), rows * sizeof(T)) == 0);
  }
}

TEST(Kernels, GatherAndInSetOnEveryTarget) {
  on_every_target([] {
    test_gather<std::uint32_t>();
    test_gather<std::int64_t>();
    test_gather<double>();
    const Bits set = some_bits(1000);
    for (const std::size_t rows : kSizes) {
      std::vector<std::uint32_t> codes(rows);
      for (std::uint32_t& code : codes) code = static_cast<std::uint32_t>(random_bits()() % 1000);
      Bits expected((rows + 63) / 64);
      Bits actual((rows + 63) / 64);
      scalar::in_set(set.data(), codes.data(), rows, expected.data());
      in_set(set.data(), codes.data(), rows, actual.data());
      EXPECT_EQ(actual, expected);
    }
  });
}

template <typename T>
void test_compress() {
  for (const std::size_t rows : kSizes) {
    const std::vector<T> values = few_values<T>(rows);
    const Bits bits = some_bits(rows);
    std::vector<T> expected(rows + 64);
    std::vector<T> actual(rows + 64);
    const std::size_t kept = scalar::compress(values.data(), bits.data(), rows, expected.data());
    ASSERT_EQ(compress(values.data(), bits.data(), rows, actual.data()), kept);
    EXPECT_TRUE(kept == 0 || std::memcmp(actual.data(), expected.data(), kept * sizeof(T)) == 0);
  }
}

TEST(Kernels, CompressOnEveryTarget) {
  on_every_target([] {
    test_compress<std::uint32_t>();
    test_compress<std::int64_t>();
    test_compress<double>();
  });
}

TEST(Kernels, ReduceOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      const auto values = few_values<std::int64_t>(rows);
      const Bits some = some_bits(rows);
      for (const std::uint64_t* bits : {static_cast<const std::uint64_t*>(nullptr), some.data()}) {
        EXPECT_TRUE(sum(values.data(), bits, rows) == scalar::sum(values.data(), bits, rows));
        const Range64 expected = scalar::range_of(values.data(), bits, rows);
        const Range64 actual = range_of(values.data(), bits, rows);
        EXPECT_EQ(actual.min, expected.min);
        EXPECT_EQ(actual.max, expected.max);
      }
      const auto codes = few_values<std::uint32_t>(rows);
      EXPECT_EQ(max_code(codes.data(), rows), scalar::max_code(codes.data(), rows));
      std::vector<std::uint32_t> expected_counts(5);
      std::vector<std::uint32_t> counts(5);
      scalar::histogram(codes.data(), rows, expected_counts.data());
      histogram(codes.data(), rows, counts.data());
      EXPECT_EQ(counts, expected_counts);
      std::vector<std::uint64_t> keys(rows);
      for (std::uint64_t& key : keys) key = random_bits()();
      std::vector<std::uint64_t> expected_hashes(rows);
      std::vector<std::uint64_t> hashes(rows);
      scalar::hash(keys.data(), rows, expected_hashes.data());
      hash(keys.data(), rows, hashes.data());
      EXPECT_EQ(hashes, expected_hashes);
    }
  });
}

TEST(Kernels, MarkOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      std::vector<std::uint32_t> codes(rows);
      std::vector<std::uint32_t> groups(rows);
      for (std::uint32_t& code : codes) code = static_cast<std::uint32_t>(random_bits()() % 300);
      for (std::uint32_t& group : groups) group = static_cast<std::uint32_t>(random_bits()() % 3);
      Bits before(5);
      before[1] = 0x8000'0000'0000'0001;

      Bits expected_bits = before;
      std::vector<std::uint32_t> expected;
      std::vector<std::int64_t> expected_counts(3);
      for (std::size_t row = 0; row < rows; ++row) {
        const std::uint64_t bit = std::uint64_t{1} << codes[row] % 64;
        if ((expected_bits[codes[row] / 64] & bit) != 0) continue;
        expected_bits[codes[row] / 64] |= bit;
        expected.push_back(codes[row]);
        ++expected_counts[groups[row]];
      }

      Bits bits = before;
      EXPECT_EQ(mark_codes(bits.data(), codes.data(), rows), expected.size());
      EXPECT_EQ(bits, expected_bits);
      bits = before;
      set_marks(bits.data(), codes.data(), rows);
      EXPECT_EQ(bits, expected_bits);
      std::vector<std::uint32_t> fresh(rows);
      bits = before;
      fresh.resize(mark_and_list(bits.data(), codes.data(), rows, fresh.data()));
      EXPECT_EQ(fresh, expected);
      EXPECT_EQ(bits, expected_bits);
      bits = before;
      std::vector<std::int64_t> counts(3);
      fresh.resize(rows);
      fresh.resize(mark_by_group(bits.data(), codes.data(), groups.data(), rows, fresh.data(),
                                 counts.data()));
      EXPECT_EQ(fresh, expected);
      EXPECT_EQ(counts, expected_counts);
      EXPECT_EQ(bits, expected_bits);
    }
  });
}

TEST(Kernels, MarksOfCodesThatOftenRepeatOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      std::vector<std::uint32_t> codes(rows);
      for (std::uint32_t& code : codes) {
        code = random_bits()() % 8 == 0 ? static_cast<std::uint32_t>(random_bits()() % 300) : 77;
      }
      Bits expected(5);
      for (const std::uint32_t code : codes) expected[code / 64] |= std::uint64_t{1} << code % 64;
      Bits bits(5);
      set_marks(bits.data(), codes.data(), rows);
      EXPECT_EQ(bits, expected);
    }
  });
}

TEST(Kernels, RowsOfFreshCodesOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      for (const std::uint32_t most : {3U, 300U}) {
        std::vector<std::uint32_t> codes(rows);
        for (std::uint32_t& code : codes) code = static_cast<std::uint32_t>(random_bits()() % most);
        std::vector<std::uint32_t> marks(10);
        marks[0] = 2;
        std::vector<std::uint32_t> expected_marks = marks;
        Bits expected(rows / 64 + 1);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::uint32_t bit = std::uint32_t{1} << codes[row] % 32;
          if ((expected_marks[codes[row] / 32] & bit) != 0) continue;
          expected_marks[codes[row] / 32] |= bit;
          expected[row / 64] |= std::uint64_t{1} << row % 64;
        }
        Bits is_fresh(rows / 64 + 1);
        mark_rows(marks.data(), codes.data(), rows, is_fresh.data());
        EXPECT_EQ(is_fresh, expected);
        EXPECT_EQ(marks, expected_marks);
      }
    }
  });
}

TEST(Kernels, MarksByGroupOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      for (const std::size_t words : {1U, 5U}) {
        constexpr std::uint32_t kFirstGroup = 40;
        std::vector<std::uint32_t> codes(rows);
        std::vector<std::uint32_t> groups(rows);
        Bits expected(3 * words);
        for (std::size_t row = 0; row < rows; ++row) {
          codes[row] = static_cast<std::uint32_t>(random_bits()() % (words * 64));
          const auto group = static_cast<std::uint32_t>(random_bits()() % 3);
          groups[row] = kFirstGroup + group;
          expected[group * words + codes[row] / 64] |= std::uint64_t{1} << codes[row] % 64;
        }
        Bits bits(3 * words);
        set_marks_by_group(bits.data(), words, kFirstGroup, groups.data(), codes.data(), rows);
        EXPECT_EQ(bits, expected);
      }
    }
  });
}

TEST(Kernels, CodesOtherThanOneOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      std::vector<std::uint32_t> codes(rows);
      for (std::uint32_t& code : codes) code = static_cast<std::uint32_t>(random_bits()() % 3);
      std::vector<std::uint32_t> expected;
      std::copy_if(codes.begin(), codes.end(), std::back_inserter(expected),
                   [](std::uint32_t code) { return code != 1; });
      std::vector<std::uint32_t> out(rows);
      out.resize(keep_others(codes.data(), rows, 1, out.data()));
      EXPECT_EQ(out, expected);
    }
  });
}

TEST(Kernels, ArithmeticWrapsOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      const auto a = few_values<std::int64_t>(rows);
      const auto b = few_values<std::int64_t>(rows);
      const std::int64_t constant = std::numeric_limits<std::int64_t>::max() - 2;
      std::vector<std::int64_t> out(rows);
      const auto check = [&](auto operation, auto expected) {
        combine(operation, a.data(), b.data(), rows, out.data());
        for (std::size_t row = 0; row < rows; ++row) EXPECT_EQ(out[row], expected(a[row], b[row]));
        combine(operation, a.data(), constant, rows, out.data());
        for (std::size_t row = 0; row < rows; ++row)
          EXPECT_EQ(out[row], expected(a[row], constant));
        combine(operation, constant, b.data(), rows, out.data());
        for (std::size_t row = 0; row < rows; ++row)
          EXPECT_EQ(out[row], expected(constant, b[row]));
      };
      check(Arithmetic::kAdd, [](std::int64_t left, std::int64_t right) {
        std::int64_t result = 0;
        (void)__builtin_add_overflow(left, right, &result);
        return result;
      });
      check(Arithmetic::kSubtract, [](std::int64_t left, std::int64_t right) {
        std::int64_t result = 0;
        (void)__builtin_sub_overflow(left, right, &result);
        return result;
      });
      check(Arithmetic::kMultiply, [](std::int64_t left, std::int64_t right) {
        std::int64_t result = 0;
        (void)__builtin_mul_overflow(left, right, &result);
        return result;
      });
    }
  });
}

TEST(Kernels, BucketsOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      std::vector<std::int64_t> values(rows);
      std::int64_t value = -5000;
      for (std::int64_t& each : values) {
        const std::uint64_t bits = random_bits()();
        value += static_cast<std::int64_t>(bits % 16);
        each = bits % 101 == 0 ? static_cast<std::int64_t>(random_bits()()) : value;
      }
      for (const std::int64_t width : {1, 7, 1000, 3'600'000}) {
        for (const std::int64_t offset : {0, 333, -7200}) {
          std::vector<std::int64_t> expected(rows);
          scalar::floor_to_buckets(values.data(), rows, width, offset, expected.data());
          std::vector<std::int64_t> out(rows);
          floor_to_buckets(values.data(), rows, width, offset, out.data());
          EXPECT_EQ(out, expected);
          scalar::buckets_of_cycle(values.data(), rows, width, 24, offset, expected.data());
          buckets_of_cycle(values.data(), rows, width, 24, offset, out.data());
          EXPECT_EQ(out, expected);
        }
      }
    }
  });
  EXPECT_EQ(scalar::bucket_of_cycle(-1, 10, 24, 0), 23);
  EXPECT_EQ(scalar::bucket_of_cycle(250, 10, 24, 0), 1);
  EXPECT_EQ(scalar::floor_to_bucket(-1, 10, 0), -10);
  EXPECT_EQ(scalar::floor_to_bucket(13, 10, 8), 12);
}

TEST(Kernels, QuotientsAreExactBesideWholeNumbersOnEveryTarget) {
  constexpr std::int64_t kFar = (std::int64_t{1} << 51) - 1;
  on_every_target([] {
    for (const std::int64_t width : std::vector<std::int64_t>{3, 60'000'000, 86'400'000'007}) {
      std::vector<std::int64_t> values;
      for (std::size_t row = 0; row < 4096; ++row) {
        const auto far = static_cast<std::int64_t>(random_bits()() >> 13);
        const std::int64_t border = (far - kFar) / width * width;
        values.push_back(border + static_cast<std::int64_t>(row % 3) - 1);
      }
      values[100] = INT64_MAX - 5;  // its block is not divided as doubles
      std::vector<std::int64_t> expected(values.size());
      std::vector<std::int64_t> out(values.size());
      scalar::floor_to_buckets(values.data(), values.size(), width, 0, expected.data());
      floor_to_buckets(values.data(), values.size(), width, 0, out.data());
      EXPECT_EQ(out, expected);
      scalar::buckets_of_cycle(values.data(), values.size(), width, 24, 0, expected.data());
      buckets_of_cycle(values.data(), values.size(), width, 24, 0, out.data());
      EXPECT_EQ(out, expected);
    }
  });
}

TEST(Kernels, StepsOnEveryTarget) {
  on_every_target([] {
    for (const std::int64_t step : std::vector<std::int64_t>{1, 7, 49, 60'000'000, 3'600'000'000}) {
      for (const std::size_t rows : kSizes) {
        std::vector<std::int64_t> values(rows);
        std::vector<std::uint32_t> expected(rows);
        for (std::size_t row = 0; row < rows; ++row) {
          expected[row] = static_cast<std::uint32_t>(random_bits()() >> 40);
          values[row] = -5'000 + step * expected[row];
        }
        std::vector<std::uint32_t> out(rows);
        steps_of(values.data(), rows, -5'000, step, out.data());
        EXPECT_EQ(out, expected);
        scalar::steps_of(values.data(), rows, -5'000, step, out.data());
        EXPECT_EQ(out, expected);
      }
    }
  });
}

TEST(Kernels, BucketsOfValuesNearAndFarOnEveryTarget) {
  constexpr std::int64_t kDay = 86'400'000'000;
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      // Within what doubles tell apart, at its borders, and beyond.
      for (const int reach : {4, 30, 49, 50, 51, 63}) {
        std::vector<std::int64_t> values(rows);
        for (std::int64_t& value : values) {
          value = static_cast<std::int64_t>(random_bits()()) >> (63 - reach);
          if (reach < 60) value += 20'000 * kDay;
        }
        for (const std::int64_t width :
             {std::int64_t{1}, std::int64_t{3}, kDay / 24, 7 * kDay, std::int64_t{1} << 48}) {
          for (const std::int64_t offset : {std::int64_t{0}, kDay / 8, -3 * kDay}) {
            std::vector<std::int64_t> expected(rows);
            scalar::floor_to_buckets(values.data(), rows, width, offset, expected.data());
            std::vector<std::int64_t> out(rows);
            floor_to_buckets(values.data(), rows, width, offset, out.data());
            EXPECT_EQ(out, expected);
          }
        }
      }
    }
  });
}

TEST(Kernels, PackFieldsOnEveryTarget) {
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      std::vector<std::int64_t> narrow(rows);
      std::vector<std::int64_t> wide(rows);
      for (std::size_t row = 0; row < rows; ++row) {
        narrow[row] = static_cast<std::int64_t>(random_bits()());
        wide[row] = static_cast<std::int64_t>(random_bits()());
      }
      const std::vector<PackedField> fields = {{narrow.data(), 7, 17}, {wide.data(), 0xfffff, 40}};
      for (const std::size_t count : {0U, 1U, 2U}) {
        std::vector<std::uint64_t> words(rows);
        pack_fields(std::span(fields).first(count), 1, rows, words.data());
        for (std::size_t row = 0; row < rows; ++row) {
          EXPECT_EQ(words[row], scalar::packed_fields(std::span(fields).first(count), 1, row));
        }
      }
    }
  });
}

TEST(Kernels, FixedPointOnEveryTarget) {
  constexpr std::uint32_t kBase = 1000;
  on_every_target([] {
    for (const std::size_t rows : kSizes) {
      std::vector<double> values(rows);
      Int128 expected_sum = 0;
      for (double& value : values) {
        const std::uint64_t bits = random_bits()();
        const std::uint64_t exponent = kBase + (bits >> 52) % (kMostShift + 1);
        const std::uint64_t sign = bits & std::uint64_t{1} << 63;
        value = bits % 9 == 0 ? std::copysign(0.0, bits % 2 == 0 ? 1.0 : -1.0)
                              : std::bit_cast<double>((bits & ((std::uint64_t{1} << 52) - 1)) |
                                                      exponent << 52 | sign);
        if (bits % 7 == 0 && value != 0) value = std::ldexp(value < 0 ? -1.0 : 1.0, -20);
        const scalar::FixedPoint parts = scalar::fixed_point(value, kBase);
        EXPECT_TRUE(parts.is_within);
        const Int128 units = scalar::joined(parts.low, parts.high);
        EXPECT_EQ(std::ldexp(static_cast<double>(units), static_cast<int>(kBase) - 1075), value);
        expected_sum += units;
      }
      std::vector<std::uint64_t> low(rows);
      std::vector<std::int64_t> high(rows);
      EXPECT_TRUE(fixed_point(values.data(), rows, kBase, low.data(), high.data()));
      for (std::size_t row = 0; row < rows; ++row) {
        const scalar::FixedPoint parts = scalar::fixed_point(values[row], kBase);
        EXPECT_EQ(low[row], parts.low);
        EXPECT_EQ(high[row], parts.high);
      }
      Int128 sum = 0;
      EXPECT_TRUE(fixed_point_sum(values.data(), rows, kBase, &sum));
      EXPECT_TRUE(sum == expected_sum);
      for (const double beyond : {1e-300, 1e300, std::nan(""), 5e-324}) {
        if (rows == 0) break;
        const std::size_t place = random_bits()() % rows;
        const double kept = std::exchange(values[place], beyond);
        EXPECT_FALSE(scalar::fixed_point(beyond, kBase).is_within);
        EXPECT_FALSE(fixed_point(values.data(), rows, kBase, low.data(), high.data()));
        EXPECT_FALSE(fixed_point_sum(values.data(), rows, kBase, &sum));
        values[place] = kept;
      }
    }
  });
}

TEST(Kernels, BitmapsKeepBitsPastTheEndClear) {
  for (const std::size_t rows : kSizes) {
    const Bits bits = some_bits(rows);
    Bits inverted = bits;
    not_bits(inverted.data(), rows);
    EXPECT_EQ(count_bits(bits.data(), rows) + count_bits(inverted.data(), inverted.size() * 64),
              rows);
    Bits full((rows + 63) / 64 + 1, 0);
    fill_bits(full.data(), rows);
    EXPECT_EQ(count_bits(full.data(), full.size() * 64), rows);
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{64}}) {
      if (first > rows) continue;
      Bits part((rows + 63) / 64 + 1, 0);
      copy_bits(bits.data(), first, rows - first, part.data());
      EXPECT_EQ(count_bits(part.data(), rows - first), count_bits(part.data(), part.size() * 64));
      for (std::size_t row = first; row < rows; ++row) {
        EXPECT_EQ(part[(row - first) / 64] >> ((row - first) % 64) & 1,
                  bits[row / 64] >> (row % 64) & 1);
      }
      Bits back((rows + 63) / 64, 0);
      set_bits_at(back.data(), first, part.data(), rows - first);
      for (std::size_t row = 0; row < rows; ++row) {
        EXPECT_EQ(back[row / 64] >> (row % 64) & 1,
                  row < first ? 0 : bits[row / 64] >> (row % 64) & 1);
      }
      set_bits_at(back.data(), first, nullptr, rows - first);
      EXPECT_EQ(count_bits(back.data(), back.size() * 64), rows - first);
    }
  }
}

}  // namespace
}  // namespace stave::kernels
