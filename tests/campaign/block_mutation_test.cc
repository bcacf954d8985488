// Blocks of every codec, kind and compression with their bytes changed before the compressor and
// the checksum go over them: values or a named error.
#include <gtest/gtest.h>

#include "storage/codec/codec.h"
#include "storage/codec/compression.h"
#include "storage/codec/profile.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/memory_limit.h"
#include "tests/campaign/support/mutation_outcome.h"
#include "tests/campaign/support/mutator.h"
#include "tests/storage/support/column_samples.h"

namespace stave::campaign {
namespace {

constexpr std::uint64_t kMutants = 100'000;
// A block of some KiB may say that it expands to 1,024 times its bytes, and no further.
constexpr unsigned long kMostMemory = 512UL << 20;

struct SoundBody {
  Physical kind;
  std::uint32_t rows;
  std::string bytes;
};

// Bodies of every codec as the root, for every kind and shape that it takes, and whole blocks with
// nulls as the encoder makes them.
std::vector<SoundBody> sound_bodies() {
  std::mt19937_64 random(17);
  std::vector<SoundBody> bodies;
  for (const Physical kind : testing::kAllPhysicals) {
    for (const std::uint32_t rows : {1U, 70U, 1100U}) {
      for (auto& sample : testing::column_samples(kind, rows, random)) {
        for (const Codec& codec : all_codecs()) {
          const NodeProfile profile(sample.node_values(), Aim::kLight);
          if (!holds(codec.kinds, kind) || !codec.estimate(profile)) {
            continue;
          }
          std::string bytes("\1\0", 2);  // no nulls
          NodeEncoder(bytes, Aim::kLight).write_node_as(codec.id, profile);
          bodies.push_back({kind, rows, bytes});
        }
        if (kind != Physical::kCode) {
          sample.add_nulls(0.3, random);
        }
        std::string block;
        encode_block(sample.values(), {Effort::kFast}, block);
        if (block[0] == 0) {
          bodies.push_back({kind, rows, block.substr(1)});
        }
      }
    }
  }
  return bodies;
}

std::string block_of(const std::string& body, Compression compression) {
  std::string block(1, static_cast<char>(compression));
  const auto compressed = compress(compression, body);
  if (compression == Compression::kNone || !compressed) {
    return std::string(1, '\0') + body;
  }
  ByteWriter(block).write_varint(body.size());
  return block + *compressed;
}

TEST(BlockMutation, GivesValuesOrANamedError) {
  const std::vector<SoundBody> bodies = sound_bodies();
  const MemoryLimit limit(kMostMemory);
  Mutator mutator(2);
  MutationOutcome outcome;
  DecodedBlock decoded;
  std::string mutant;
  for (std::uint64_t i = 0; i < kMutants * times(); ++i) {
    const SoundBody& sound = bodies[mutator.draw(bodies.size())];
    mutant = sound.bytes;
    // Near the front lie ids, counts and widths.
    const std::size_t last =
        mutator.draw(2) == 0 ? std::min<std::size_t>(mutant.size(), 24) : mutant.size();
    mutator.mutate(mutant, 0, last);
    const std::uint64_t wrap = mutator.draw(10);
    mutant = block_of(mutant, wrap == 0   ? Compression::kLz4
                              : wrap == 1 ? Compression::kZstandard
                                          : Compression::kNone);
    if (wrap < 2 && mutator.draw(4) == 0) {
      mutator.mutate(mutant);
    }
    const Physical kind =
        mutator.draw(30) == 0 ? testing::kAllPhysicals[mutator.draw(5)] : sound.kind;
    const auto rows = mutator.draw(10) != 0
                          ? sound.rows
                          : static_cast<std::uint32_t>(mutator.other_number(sound.rows));
    const auto result =
        decode_block(std::as_bytes(std::span<const char>(mutant)), kind, rows, decoded);
    if (outcome.count(result)) {
      touch(decoded);
    }
    if (::testing::Test::HasFailure()) {
      break;
    }
  }
  report_count("mutated blocks of every codec", outcome.cases(), outcome.outcome());
}

}  // namespace
}  // namespace stave::campaign
