// Values and bytes a second of what answers tests and keeps rows: packed values of each width, and
// bits moved between rows and parts of them. One core, one block over and over.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "storage/codec/bit_packing.h"
#include "storage/codec/keep_kernels.h"
#include "storage/codec/test_kernels.h"
#include "storage/column_file.h"

namespace stave {
namespace {

constexpr std::uint32_t kRows = kBlockRows;
constexpr std::size_t kWords = kRows / 64;

struct Packed {
  explicit Packed(unsigned width) : bytes(packed_bytes(kRows, width)), bits(kWords + 1) {
    std::mt19937_64 random(1);
    std::vector<std::uint32_t> values(kRows);
    for (std::uint32_t& value : values)
      value = static_cast<std::uint32_t>(random() >> (64 - width));
    pack_bits(values.data(), kRows, width, std::uint32_t{0}, bytes.data());
    for (std::size_t word = 0; word < kWords; ++word) bits[word] = random() & random();
  }
  std::vector<std::byte> bytes;
  std::vector<std::uint64_t> bits;  // a quarter of the rows
};

void note(benchmark::State& state, std::size_t bytes) {
  const auto rounds = static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * kRows);
  state.SetBytesProcessed(rounds * static_cast<std::int64_t>(bytes));
}

void test_packed_values(benchmark::State& state) {
  const auto width = static_cast<unsigned>(state.range(0));
  Packed packed(width);
  for (auto _ : state) {
    test_packed_within(packed.bytes.data(), kRows / kGroupValues, width, 1, 100,
                       packed.bits.data());
    benchmark::DoNotOptimize(packed.bits.data());
  }
  note(state, packed.bytes.size());
}
BENCHMARK(test_packed_values)->Arg(1)->Arg(3)->Arg(9)->Arg(20)->Arg(32);

void keep_packed_values(benchmark::State& state) {
  const auto width = static_cast<unsigned>(state.range(0));
  const Packed packed(width);
  std::vector<std::uint32_t> kept(kRows + kKeepRoom);
  for (auto _ : state) {
    benchmark::DoNotOptimize(keep_packed(packed.bytes.data(), kRows / kGroupValues, width,
                                         packed.bits.data(), kept.data()));
  }
  note(state, packed.bytes.size());
}
BENCHMARK(keep_packed_values)->Arg(1)->Arg(3)->Arg(9)->Arg(20)->Arg(32);

void widen_values(benchmark::State& state) {
  const std::vector<std::uint32_t> values(kRows, 7);
  std::vector<std::uint64_t> out(kRows);
  for (auto _ : state) {
    widen(values.data(), kRows, 5, static_cast<std::uint64_t>(state.range(0)), out.data());
    benchmark::DoNotOptimize(out.data());
  }
  note(state, kRows * sizeof(std::uint32_t));
}
BENCHMARK(widen_values)->Arg(1)->Arg(1000);

void expand_row_bits(benchmark::State& state) {
  const Packed packed(1);
  std::vector<std::uint64_t> out(kWords + 1);
  for (auto _ : state) {
    expand_bits(packed.bits.data(), packed.bits.data(), kWords, out.data());
    benchmark::DoNotOptimize(out.data());
  }
  note(state, kWords * sizeof(std::uint64_t));
}
BENCHMARK(expand_row_bits);

void compress_row_bits(benchmark::State& state) {
  const Packed packed(1);
  std::vector<std::uint64_t> out(kWords + 1);
  for (auto _ : state) {
    compress_bits(packed.bits.data(), packed.bits.data(), kWords, out.data());
    benchmark::DoNotOptimize(out.data());
  }
  note(state, kWords * sizeof(std::uint64_t));
}
BENCHMARK(compress_row_bits);

}  // namespace
}  // namespace stave
