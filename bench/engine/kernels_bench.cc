// Values and bytes a second of each kernel beside its scalar twin: one core, one block of rows over
// and over, so that what is measured is the loop and not the memory behind it. Bytes are those that
// are read and written of columns; tables and bitmaps that codes lead to are not counted.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "engine/kernels/arithmetic.h"
#include "engine/kernels/bucket.h"
#include "engine/kernels/compare.h"
#include "engine/kernels/compress.h"
#include "engine/kernels/fixed_point.h"
#include "engine/kernels/gather.h"
#include "engine/kernels/mark.h"
#include "engine/kernels/pack_fields.h"
#include "engine/kernels/reduce.h"
#include "storage/column_file.h"

namespace stave::kernels {
namespace {

constexpr std::size_t kRows = kBlockRows;
constexpr std::uint32_t kCodes = 100'000;  // tracks, say
constexpr std::uint32_t kGroups = 8;       // hours of a morning
constexpr std::size_t kWordsOfGroup = kCodes / 64 + 1;
constexpr std::int64_t kThirty = 30;
constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kHour = 3'600'000'000;

// One block of everything, and room for what comes of it.
struct Block {
  Block() {
    std::mt19937_64 random(1);
    for (std::size_t row = 0; row < kRows; ++row) {
      codes[row] = static_cast<std::uint32_t>(random() % kCodes);
      other_codes[row] = static_cast<std::uint32_t>(random() % kCodes);
      groups[row] = static_cast<std::uint32_t>(row * kGroups / kRows);
      integers[row] = static_cast<std::int64_t>(random() % 1000);
      times[row] = static_cast<std::int64_t>(row * 40'000'000);  // a play each forty seconds
      keys[row] = random();
      doubles[row] = static_cast<double>(random() % 1000);
    }
    for (std::uint64_t& word : half) word = random();
    for (std::uint64_t& word : set) word = random() & random() & random();
    for (std::size_t code = 0; code < kCodes; ++code) {
      code_table[code] = static_cast<std::uint32_t>(random() % 114);
      integer_table[code] = static_cast<std::int64_t>(random() % 300'000);
    }
  }

  std::vector<std::uint32_t> codes = std::vector<std::uint32_t>(kRows);
  std::vector<std::uint32_t> other_codes = codes;
  std::vector<std::uint32_t> groups = codes;
  std::vector<std::int64_t> integers = std::vector<std::int64_t>(kRows);
  std::vector<std::int64_t> times = integers;
  std::vector<std::uint64_t> keys = std::vector<std::uint64_t>(kRows);
  std::vector<double> doubles = std::vector<double>(kRows);
  std::vector<std::uint64_t> half = std::vector<std::uint64_t>(kRows / 64);
  std::vector<std::uint64_t> set = std::vector<std::uint64_t>(kCodes / 64 + 1);
  std::vector<std::uint32_t> code_table = std::vector<std::uint32_t>(kCodes);
  std::vector<std::int64_t> integer_table = std::vector<std::int64_t>(kCodes);

  std::vector<std::uint64_t> bits = half;
  std::vector<std::uint32_t> codes_out = std::vector<std::uint32_t>(kRows + 64);
  std::vector<std::int64_t> integers_out = std::vector<std::int64_t>(kRows + 64);
  std::vector<std::uint64_t> keys_out = keys;
  std::vector<std::uint32_t> counts = std::vector<std::uint32_t>(kCodes);
  std::vector<std::uint64_t> marks = std::vector<std::uint64_t>(kGroups * kWordsOfGroup);
  std::vector<std::uint32_t> narrow_marks = std::vector<std::uint32_t>(kCodes / 32 + 1);
};

// `kernel` and `twin` do one block, of which each row is so many bytes.
template <typename Kernel, typename Twin>
void add(const std::string& name, std::size_t bytes_of_a_row, const Kernel& kernel,
         const Twin& twin) {
  const auto per_block = [bytes_of_a_row](const auto& work) {
    return [bytes_of_a_row, work](benchmark::State& state) {
      Block block;
      for (auto _ : state) {
        work(block);
        benchmark::ClobberMemory();
      }
      const auto rows =
          static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kRows);
      state.SetItemsProcessed(rows);
      state.SetBytesProcessed(rows * static_cast<std::int64_t>(bytes_of_a_row));
    };
  };
  benchmark::RegisterBenchmark((name + "/kernel").c_str(), per_block(kernel));
  benchmark::RegisterBenchmark((name + "/scalar").c_str(), per_block(twin));
}

void add_comparisons() {
  add(
      "compare_codes", 4,
      [](Block& b) {
        compare_constant(b.codes.data(), kRows, Comparison::kEqual, 4711U, b.bits.data());
      },
      [](Block& b) {
        scalar::compare_constant(b.codes.data(), kRows, Comparison::kEqual, 4711U, b.bits.data());
      });
  add(
      "compare_integers", 8,
      [](Block& b) {
        compare_constant(b.integers.data(), kRows, Comparison::kLess, kThirty, b.bits.data());
      },
      [](Block& b) {
        scalar::compare_constant(b.integers.data(), kRows, Comparison::kLess, kThirty,
                                 b.bits.data());
      });
  add(
      "compare_doubles", 8,
      [](Block& b) {
        compare_constant(b.doubles.data(), kRows, Comparison::kLess, 500.0, b.bits.data());
      },
      [](Block& b) {
        scalar::compare_constant(b.doubles.data(), kRows, Comparison::kLess, 500.0, b.bits.data());
      });
  add(
      "compare_two_columns", 8,
      [](Block& b) {
        compare_vectors(b.codes.data(), b.other_codes.data(), kRows, Comparison::kNotEqual,
                        b.bits.data());
      },
      [](Block& b) {
        scalar::compare_vectors(b.codes.data(), b.other_codes.data(), kRows, Comparison::kNotEqual,
                                b.bits.data());
      });
  add(
      "codes_between", 4,
      [](Block& b) { between(b.codes.data(), kRows, 100U, 9000U, b.bits.data()); },
      [](Block& b) { scalar::between(b.codes.data(), kRows, 100U, 9000U, b.bits.data()); });
  add(
      "integers_between", 8,
      [](Block& b) { between(b.integers.data(), kRows, kThirty, 20 * kThirty, b.bits.data()); },
      [](Block& b) {
        scalar::between(b.integers.data(), kRows, kThirty, 20 * kThirty, b.bits.data());
      });
}

void add_by_code() {
  add(
      "in_set", 4, [](Block& b) { in_set(b.set.data(), b.codes.data(), kRows, b.bits.data()); },
      [](Block& b) { scalar::in_set(b.set.data(), b.codes.data(), kRows, b.bits.data()); });
  add(
      "gather_codes", 8,
      [](Block& b) {
        gather(b.code_table.data(), kCodes, b.codes.data(), kRows, b.codes_out.data());
      },
      [](Block& b) {
        scalar::gather(b.code_table.data(), b.codes.data(), kRows, b.codes_out.data());
      });
  add(
      "gather_integers", 12,
      [](Block& b) {
        gather(b.integer_table.data(), kCodes, b.codes.data(), kRows, b.integers_out.data());
      },
      [](Block& b) {
        scalar::gather(b.integer_table.data(), b.codes.data(), kRows, b.integers_out.data());
      });
  add(
      "histogram", 4, [](Block& b) { histogram(b.codes.data(), kRows, b.counts.data()); },
      [](Block& b) { scalar::histogram(b.codes.data(), kRows, b.counts.data()); });
  add(
      "distinct", 4,
      [](Block& b) { benchmark::DoNotOptimize(mark_codes(b.marks.data(), b.codes.data(), kRows)); },
      [](Block& b) {
        benchmark::DoNotOptimize(scalar::mark_codes(b.marks.data(), b.codes.data(), kRows));
      });
  add(
      "marks", 4, [](Block& b) { set_marks(b.marks.data(), b.codes.data(), kRows); },
      [](Block& b) { scalar::set_marks(b.marks.data(), b.codes.data(), kRows); });
  add(
      "marks_by_group", 8,
      [](Block& b) {
        set_marks_by_group(b.marks.data(), kWordsOfGroup, 0, b.groups.data(), b.codes.data(),
                           kRows);
      },
      [](Block& b) {
        scalar::set_marks_by_group(b.marks.data(), kWordsOfGroup, 0, b.groups.data(),
                                   b.codes.data(), kRows);
      });
  add(
      "marks_of_rows", 4,
      [](Block& b) { mark_rows(b.narrow_marks.data(), b.codes.data(), kRows, b.bits.data()); },
      [](Block& b) {
        scalar::mark_rows(b.narrow_marks.data(), b.codes.data(), kRows, b.bits.data());
      });
  // As a scope does it: the codes that were marked are cleared afterwards.
  add(
      "distinct_and_clear", 4,
      [](Block& b) {
        const std::size_t fresh =
            mark_and_list(b.marks.data(), b.codes.data(), kRows, b.codes_out.data());
        for (std::size_t i = 0; i < fresh; ++i) b.marks[b.codes_out[i] / 64] = 0;
      },
      [](Block& b) {
        const std::size_t fresh =
            scalar::mark_and_list(b.marks.data(), b.codes.data(), kRows, b.codes_out.data());
        for (std::size_t i = 0; i < fresh; ++i) b.marks[b.codes_out[i] / 64] = 0;
      });
}

void add_reductions() {
  add(
      "sum", 8, [](Block& b) { benchmark::DoNotOptimize(sum(b.integers.data(), nullptr, kRows)); },
      [](Block& b) { benchmark::DoNotOptimize(scalar::sum(b.integers.data(), nullptr, kRows)); });
  add(
      "sum_of_half", 8,
      [](Block& b) { benchmark::DoNotOptimize(sum(b.integers.data(), b.half.data(), kRows)); },
      [](Block& b) {
        benchmark::DoNotOptimize(scalar::sum(b.integers.data(), b.half.data(), kRows));
      });
  add(
      "pack_fields, of two columns", 24,
      [](Block& b) {
        const PackedField fields[] = {{b.integers.data(), 1023, 20}, {b.times.data(), 15, 50}};
        pack_fields(fields, 1, kRows, b.keys_out.data());
      },
      [](Block& b) {
        const PackedField fields[] = {{b.integers.data(), 1023, 20}, {b.times.data(), 15, 50}};
        for (std::size_t row = 0; row < kRows; ++row) {
          b.keys_out[row] = scalar::packed_fields(fields, 1, row);
        }
      });
  // As in a window around the first of them.
  constexpr std::uint32_t kBase = 1000;
  add(
      "fixed_point", 24,
      [](Block& b) {
        benchmark::DoNotOptimize(
            fixed_point(b.doubles.data(), kRows, kBase, b.keys_out.data(), b.integers_out.data()));
      },
      [](Block& b) {
        for (std::size_t row = 0; row < kRows; ++row) {
          const scalar::FixedPoint value = scalar::fixed_point(b.doubles[row], kBase);
          b.keys_out[row] = value.low;
          b.integers_out[row] = value.high;
        }
      });
  add(
      "fixed_point_sum", 8,
      [](Block& b) {
        Int128 sum = 0;
        benchmark::DoNotOptimize(fixed_point_sum(b.doubles.data(), kRows, kBase, &sum));
        benchmark::DoNotOptimize(sum);
      },
      [](Block& b) {
        Int128 sum = 0;
        for (const double value : b.doubles) {
          const scalar::FixedPoint parts = scalar::fixed_point(value, kBase);
          sum += scalar::joined(parts.low, parts.high);
        }
        benchmark::DoNotOptimize(sum);
      });
  add(
      "least_and_greatest", 8,
      [](Block& b) { benchmark::DoNotOptimize(range_of(b.integers.data(), nullptr, kRows)); },
      [](Block& b) {
        benchmark::DoNotOptimize(scalar::range_of(b.integers.data(), nullptr, kRows));
      });
  add(
      "greatest_code", 4,
      [](Block& b) { benchmark::DoNotOptimize(max_code(b.codes.data(), kRows)); },
      [](Block& b) { benchmark::DoNotOptimize(scalar::max_code(b.codes.data(), kRows)); });
}

void add_row_by_row() {
  add(
      "hash", 16, [](Block& b) { hash(b.keys.data(), kRows, b.keys_out.data()); },
      [](Block& b) { scalar::hash(b.keys.data(), kRows, b.keys_out.data()); });
  add(
      "buckets_of_times", 16,
      [](Block& b) { floor_to_buckets(b.times.data(), kRows, kHour, 0, b.integers_out.data()); },
      [](Block& b) {
        scalar::floor_to_buckets(b.times.data(), kRows, kHour, 0, b.integers_out.data());
      });
  add(
      "minutes_of_times", 16,
      [](Block& b) { floor_to_buckets(b.times.data(), kRows, kMinute, 0, b.integers_out.data()); },
      [](Block& b) {
        scalar::floor_to_buckets(b.times.data(), kRows, kMinute, 0, b.integers_out.data());
      });
  add(
      "hours_of_times", 16,
      [](Block& b) {
        buckets_of_cycle(b.times.data(), kRows, kHour, 24, 0, b.integers_out.data());
      },
      [](Block& b) {
        scalar::buckets_of_cycle(b.times.data(), kRows, kHour, 24, 0, b.integers_out.data());
      });
  add(
      "steps_of_times", 12,
      [](Block& b) { steps_of(b.times.data(), kRows, 0, kMinute, b.codes_out.data()); },
      [](Block& b) { scalar::steps_of(b.times.data(), kRows, 0, kMinute, b.codes_out.data()); });
  add(
      "multiply", 16,
      [](Block& b) {
        combine(Arithmetic::kMultiply, b.integers.data(), std::int64_t{1000}, kRows,
                b.integers_out.data());
      },
      [](Block& b) {
        for (std::size_t row = 0; row < kRows; ++row) {
          b.integers_out[row] =
              scalar::combined<Arithmetic::kMultiply>(b.integers[row], std::int64_t{1000});
        }
      });
  add(
      "keep_half_of_codes", 6,
      [](Block& b) { compress(b.codes.data(), b.half.data(), kRows, b.codes_out.data()); },
      [](Block& b) { scalar::compress(b.codes.data(), b.half.data(), kRows, b.codes_out.data()); });
  add(
      "keep_other_codes", 8,
      [](Block& b) { keep_others(b.codes.data(), kRows, b.codes[0], b.codes_out.data()); },
      [](Block& b) { scalar::keep_others(b.codes.data(), kRows, b.codes[0], b.codes_out.data()); });
  add(
      "keep_half_of_integers", 12,
      [](Block& b) { compress(b.integers.data(), b.half.data(), kRows, b.integers_out.data()); },
      [](Block& b) {
        scalar::compress(b.integers.data(), b.half.data(), kRows, b.integers_out.data());
      });
}

[[maybe_unused]] const bool are_added = [] {
  add_comparisons();
  add_by_code();
  add_reductions();
  add_row_by_row();
  return true;
}();

}  // namespace
}  // namespace stave::kernels
