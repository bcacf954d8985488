// A codec is complete: its row, its spec page, its round trip, its fuzz target and its bench.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "storage/block_summary.h"
#include "storage/codec/codec.h"
#include "storage/codec/profile.h"
#include "tests/storage/support/column_samples.h"
#include "tests/storage/support/sample_prediction.h"

namespace stave {
namespace {

std::string text_of(const std::string& path) {
  const std::ifstream file(std::string(STAVE_SOURCE_FOLDER) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(CodecRegistry, IdsAndNamesAreUnique) {
  std::set<int> ids;
  std::set<std::string_view> names;
  for (const Codec& codec : all_codecs()) {
    EXPECT_TRUE(ids.insert(static_cast<int>(codec.id)).second) << codec.name;
    EXPECT_TRUE(names.insert(codec.name).second) << codec.name;
  }
}

// Files hold these numbers: a row may be added here, none changed, also where a codec is retired.
const std::map<int, std::string_view> kGivenIds{
    {1, "plain"},       {2, "constant"},    {3, "packed"},     {4, "plain-strings"},
    {5, "patched"},     {6, "run-length"},  {7, "delta"},      {8, "most-frequent"},
    {9, "byte-planes"}, {10, "dictionary"}, {11, "decimal"},   {12, "front-coded"},
    {13, "narrow"},     {14, "halves"},     {15, "predicted"}, {16, "ranked"},
    {17, "split"},      {18, "repeats"},    {19, "ascents"},
};

TEST(CodecRegistry, NoIdIsGivenToAnotherCodec) {
  for (const Codec& codec : all_codecs()) {
    const auto given = kGivenIds.find(static_cast<int>(codec.id));
    ASSERT_NE(given, kGivenIds.end()) << codec.name << " is not in the list of ids";
    EXPECT_EQ(given->second, codec.name);
  }
}

TEST(CodecRegistry, EachCodecHasPageFuzzTargetAndBench) {
  const std::string index = text_of("format-spec/codecs/README.md");
  const std::string fuzz_targets = text_of("tests/fuzz/CMakeLists.txt");
  const std::string benches = text_of("bench/storage/codec_bench.cc");
  for (const Codec& codec : all_codecs()) {
    const std::string name(codec.name);
    const std::string page = text_of("format-spec/codecs/" + name + ".md");
    EXPECT_TRUE(has(page, "Codec id: " + std::to_string(static_cast<int>(codec.id)) + "\n"))
        << name;
    EXPECT_TRUE(has(index, "| " + std::to_string(static_cast<int>(codec.id)) + " | [" + name +
                               "](" + name + ".md)"))
        << name;
    EXPECT_TRUE(has(fuzz_targets, "\n  " + name + "\n")) << name;
    EXPECT_TRUE(has(benches, "{\"" + name + "\"")) << name;
  }
}

// Encodes all samples that the codec takes with it as the root; the number of them.
int round_trips_of(const Codec& codec, Physical kind) {
  std::mt19937_64 random(9);
  int count = 0;
  for (const std::uint32_t rows : testing::kRowCounts) {
    for (const auto& sample : testing::column_samples(kind, rows, random)) {
      for (const Aim aim : {Aim::kLight, Aim::kCompressor}) {
        const ColumnValues values = sample.values();
        const testing::SamplePrediction sample_prediction(values);
        const Prediction prediction =
            codec.id == CodecId::kRanked ? sample_prediction.ranks() : sample_prediction.guesses();
        const NodeProfile profile(sample.node_values(), aim, &prediction);
        if (!codec.estimate(profile)) {
          continue;
        }
        std::string bytes("\0\1\0", 3);  // no compression, no nulls
        NodeEncoder encoder(bytes, aim);
        encoder.write_node_as(codec.id, profile);
        DecodedBlock decoded;
        const auto result = decode_block(std::as_bytes(std::span<const char>(bytes)), kind,
                                         sample.rows(), decoded, prediction);
        EXPECT_TRUE(result) << codec.name << ", " << sample.name << ": " << result.error().message;
        EXPECT_TRUE(holds_same_values(values, decoded)) << codec.name << ", " << sample.name;
        ++count;
      }
    }
  }
  return count;
}

TEST(CodecRegistry, EachCodecComesBackForEachOfItsKinds) {
  for (const Codec& codec : all_codecs()) {
    for (const Physical kind : testing::kAllPhysicals) {
      if (holds(codec.kinds, kind)) {
        EXPECT_GT(round_trips_of(codec, kind), 0) << codec.name << " is never tried";
      }
    }
  }
}

}  // namespace
}  // namespace stave
