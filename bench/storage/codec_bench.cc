// Values and bytes a second for each codec at what it is for, for bit-packing at each width, and
// for choosing. One core, one block over and over, so everything lies in the cache.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

constexpr std::uint32_t kRows = kBlockRows;

// One block of values that a codec likes, and room for their strings.
struct Material {
  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::vector<std::string> texts;
  std::vector<std::string_view> strings;
  std::vector<std::uint32_t> guesses;
  std::vector<std::uint32_t> list;
  std::vector<std::uint32_t> ranks;
  std::vector<RankedRun> runs;

  Prediction prediction() const {
    Prediction all;
    all.codes = guesses;
    all.runs = runs;
    all.ranks = ranks;
    return all;
  }

  NodeValues values() const {
    if (!codes.empty()) {
      return std::span(codes);
    }
    if (!int64s.empty()) {
      return std::span(int64s);
    }
    if (!int128s.empty()) {
      return std::span(int128s);
    }
    return float64s.empty() ? NodeValues(std::span(strings)) : NodeValues(std::span(float64s));
  }
};

using Random = std::mt19937_64;
using Fill = void (*)(std::uint32_t row, Random& random, Material& material);

struct Case {
  const char* codec;
  Fill fill;
};

constexpr std::int64_t kNoon = 1719316800000000;

constexpr Case kCases[] = {
    {"plain", [](std::uint32_t, Random& random,
                 Material& to) { to.float64s.push_back(static_cast<double>(random())); }},
    {"constant", [](std::uint32_t, Random&, Material& to) { to.codes.push_back(7); }},
    {"packed",
     [](std::uint32_t, Random& random, Material& to) {
       to.codes.push_back(static_cast<std::uint32_t>(random() % 100000));
     }},
    {"plain-strings",
     [](std::uint32_t, Random& random, Material& to) {
       to.texts.push_back("title " + std::to_string(random() % 1000000));
     }},
    {"patched",
     [](std::uint32_t, Random& random, Material& to) {
       to.int64s.push_back(
           static_cast<std::int64_t>(random() % (random() % 50 == 0 ? 5000000 : 300)));
     }},
    {"run-length",
     [](std::uint32_t row, Random&, Material& to) { to.codes.push_back(row / 50 * 7919 % 977); }},
    {"delta",
     [](std::uint32_t row, Random& random, Material& to) {
       to.int64s.push_back(kNoon + static_cast<std::int64_t>(row * 4 + random() % 4) * 1000000);
     }},
    {"most-frequent",
     [](std::uint32_t, Random& random, Material& to) {
       to.int64s.push_back(random() % 10 == 0 ? static_cast<std::int64_t>(random() % 300) : 180);
     }},
    {"byte-planes",
     [](std::uint32_t, Random& random, Material& to) {
       to.int64s.push_back(static_cast<std::int64_t>(random() % 100000));
     }},
    {"dictionary",
     [](std::uint32_t, Random& random, Material& to) {
       to.texts.push_back("country " + std::to_string(random() % 60));
     }},
    {"decimal",
     [](std::uint32_t, Random& random, Material& to) {
       to.float64s.push_back(static_cast<double>(random() % 10000) / 100);
     }},
    {"front-coded",
     [](std::uint32_t row, Random&, Material& to) {
       to.texts.push_back("https://example.org/tracks/" + std::to_string(1000000 + row));
     }},
    {"narrow", [](std::uint32_t, Random& random,
                  Material& to) { to.int128s.push_back(static_cast<Int128>(random() % 100000)); }},
    {"halves",
     [](std::uint32_t, Random& random, Material& to) {
       to.int128s.push_back(static_cast<Int128>(random()) * static_cast<Int128>(random() % 5));
     }},
    {"predicted",
     [](std::uint32_t, Random& random, Material& to) {
       const auto usual = static_cast<std::uint32_t>(random() % 60);
       to.guesses.push_back(usual);
       to.codes.push_back(random() % 50 == 0 ? 60 - usual : usual);
     }},
    {"ranked",
     [](std::uint32_t row, Random& random, Material& to) {
       if (row == 0) {
         for (std::uint32_t place = 0; place < 1000; ++place) {
           to.list.push_back(place * 99 + 5);
         }
       }
       to.ranks.push_back(static_cast<std::uint32_t>(random() % (random() % 1000 + 1)));
       to.codes.push_back(to.list[to.ranks.back()]);
     }},
    {"split",  // ranks: the first tenth has two thirds of the rows
     [](std::uint32_t, Random& random, Material& to) {
       to.codes.push_back(static_cast<std::uint32_t>(random() % (1 + random() % 1024)) / 2);
     }},
    {"ascents",  // times of eight cluster runs
     [](std::uint32_t row, Random& random, Material& to) {
       const std::int64_t before = row % 2048 == 0 ? kNoon : to.int64s.back();
       to.int64s.push_back(before +
                           static_cast<std::int64_t>(random() % (1 + random() % 80)) * 1000000);
     }},
    {"repeats",  // listeners: half the rows are one of the last forty
     [](std::uint32_t row, Random& random, Material& to) {
       const std::uint32_t back = 1 + static_cast<std::uint32_t>(random() % 40);
       to.codes.push_back(random() % 2 == 0 && back <= row
                              ? to.codes[row - back]
                              : static_cast<std::uint32_t>(random() % 1000000));
     }},
};

Material material_of(const Case& which) {
  Material material;
  Random random(11);
  for (std::uint32_t row = 0; row < kRows; ++row) {
    which.fill(row, random, material);
  }
  material.strings.assign(material.texts.begin(), material.texts.end());
  material.runs = {{kRows, material.list}};
  return material;
}

const Codec& codec_named(std::string_view name) {
  for (const Codec& codec : all_codecs()) {
    if (codec.name == name) {
      return codec;
    }
  }
  std::abort();
}

// What the values take in memory: their fixed width, or their text.
std::int64_t plain_bytes(const NodeValues& values) {
  return visit(values, [](auto span) {
    using T = typename decltype(span)::value_type;
    std::size_t bytes = 0;
    if constexpr (std::is_same_v<T, std::string_view>) {
      for (const std::string_view text : span) {
        bytes += text.size();
      }
    } else {
      bytes = span.size_bytes();
    }
    return static_cast<std::int64_t>(bytes);
  });
}

// Values a second, bytes a second of values as they lie in memory, and how small they became.
void count(benchmark::State& state, std::int64_t plain, std::size_t encoded_bytes) {
  state.SetItemsProcessed(state.iterations() * std::int64_t{kRows});
  state.SetBytesProcessed(state.iterations() * plain);
  state.counters["bits_per_value"] = static_cast<double>(encoded_bytes) * 8 / kRows;
}

void encode_with(benchmark::State& state, const Case& which) {
  const Material material = material_of(which);
  const CodecId codec = codec_named(which.codec).id;
  const Prediction prediction = material.prediction();
  std::string out;
  for (auto _ : state) {
    out.clear();
    NodeEncoder encoder(out, Aim::kLight);
    encoder.write_node_as(codec, NodeProfile(material.values(), Aim::kLight, &prediction));
    benchmark::DoNotOptimize(out.data());
  }
  count(state, plain_bytes(material.values()), out.size());
}

void decode_with(benchmark::State& state, const Case& which) {
  const Material material = material_of(which);
  std::string encoded;
  NodeEncoder encoder(encoded, Aim::kLight);
  const Prediction prediction = material.prediction();
  encoder.write_node_as(codec_named(which.codec).id,
                        NodeProfile(material.values(), Aim::kLight, &prediction));
  encoded.insert(encoded.begin(), {'\0', '\1', '\0'});  // no compression, an empty set of nulls
  DecodedBlock decoded;
  const auto bytes = std::as_bytes(std::span<const char>(encoded));
  for (auto _ : state) {
    if (!decode_block(bytes, material.values().kind, kRows, decoded, prediction)) {
      state.SkipWithError("The block does not decode.");
    }
    benchmark::ClobberMemory();
  }
  count(state, plain_bytes(material.values()), encoded.size());
}

void unpack_codes(benchmark::State& state) {
  const auto width = static_cast<unsigned>(state.range(0));
  std::vector<std::uint32_t> values(kRows);
  Random random(3);
  for (std::uint32_t& value : values) {
    value = static_cast<std::uint32_t>(random() >> (64 - width));
  }
  std::vector<std::byte> packed(packed_bytes(kRows, width));
  pack_bits(values.data(), kRows, width, 0U, packed.data());
  for (auto _ : state) {
    unpack_bits(packed.data(), kRows, width, 1U, values.data());
    benchmark::ClobberMemory();
  }
  count(state, std::int64_t{kRows} * 4, packed.size());
}
BENCHMARK(unpack_codes)->DenseRange(1, 32);

void pack_codes(benchmark::State& state) {
  const auto width = static_cast<unsigned>(state.range(0));
  const std::vector<std::uint32_t> values(kRows, 1);
  std::vector<std::byte> packed(packed_bytes(kRows, width));
  for (auto _ : state) {
    pack_bits(values.data(), kRows, width, 1U, packed.data());
    benchmark::ClobberMemory();
  }
  count(state, std::int64_t{kRows} * 4, packed.size());
}
BENCHMARK(pack_codes)->Arg(8)->Arg(17)->Arg(20);

void encode_whole_block(benchmark::State& state, const Case& which, Effort effort) {
  const Material material = material_of(which);
  ColumnValues values;
  values.physical = material.values().kind;
  values.rows = kRows;
  values.codes = material.codes;
  values.int64s = material.int64s;
  values.int128s = material.int128s;
  values.float64s = material.float64s;
  values.strings = material.strings;
  const Prediction prediction = material.prediction();
  std::string out;
  for (auto _ : state) {
    out.clear();
    encode_block(values, {effort}, out, prediction);
    benchmark::DoNotOptimize(out.data());
  }
  count(state, plain_bytes(material.values()), out.size());
}

const bool kRegistered = [] {
  for (const Case& which : kCases) {
    const std::string name = which.codec;
    benchmark::RegisterBenchmark(("encode/" + name).c_str(), encode_with, which);
    benchmark::RegisterBenchmark(("decode/" + name).c_str(), decode_with, which);
    benchmark::RegisterBenchmark(("block/fast/" + name).c_str(), encode_whole_block, which,
                                 Effort::kFast);
    benchmark::RegisterBenchmark(("block/small/" + name).c_str(), encode_whole_block, which,
                                 Effort::kSmall);
  }
  return true;
}();

}  // namespace
}  // namespace stave
