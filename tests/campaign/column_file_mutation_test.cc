// Column files with header, directory or blocks changed and every checksum above the change made
// right: block, footer, trailer, and what the manifest says of the file.
#include <gtest/gtest.h>

#include <cstring>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/column_footer.h"
#include "storage/files_to_verify.h"
#include "storage/verify_file.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/memory_limit.h"
#include "tests/campaign/support/must.h"
#include "tests/campaign/support/mutation_outcome.h"
#include "tests/campaign/support/mutator.h"
#include "tests/campaign/support/sample_store.h"
#include "tests/storage/support/column_samples.h"

namespace stave::campaign {
namespace {

constexpr std::uint64_t kMutants = 40'000;
constexpr unsigned long kMostMemory = 512UL << 20;
constexpr std::size_t kHeaderChecksumAt = kColumnHeaderBytes - 8;

struct SoundFile {
  Physical kind;
  std::string bytes;
  ColumnFooter footer;
  std::size_t footer_at;

  std::string header() const { return bytes.substr(0, kColumnHeaderBytes); }
  std::string block(std::size_t i) const {
    return bytes.substr(footer.blocks[i].offset, footer.blocks[i].size);
  }
};

SoundFile sound_file(const testing::ColumnSample& sample) {
  const auto files = memory_file_system("mutation");
  ColumnFileWriter writer(*files, "a.col", sample.physical, {});
  must(writer.append(sample.values()));
  const FileReference reference = must(writer.finish());
  const StoreImage image = StoreImage::copy_of(*files);
  SoundFile sound{sample.physical, image.contents().at("a.col"), {}, 0};
  const auto bytes = std::as_bytes(std::span<const char>(sound.bytes));
  const FooterPlace place =
      must(decode_column_trailer(bytes.last(kColumnTrailerBytes), reference.size, "a.col"));
  sound.footer =
      must(decode_column_footer(bytes.subspan(place.offset), place, {sample.physical}, "a.col"));
  sound.footer_at = place.offset;
  return sound;
}

// Of every kind and shape, some with nulls, one in ten of two blocks.
std::vector<SoundFile> sound_files() {
  std::mt19937_64 random(23);
  std::vector<SoundFile> files;
  for (const Physical kind : testing::kAllPhysicals) {
    for (const std::uint32_t rows : {130U, kBlockRows + 40}) {
      auto samples = testing::column_samples(kind, rows, random);
      for (std::size_t i = 0; i < samples.size() && (rows == 130 || i < 3); ++i) {
        if (kind != Physical::kCode && i % 2 == 0) {
          samples[i].add_nulls(0.1, random);
        }
        files.push_back(sound_file(samples[i]));
      }
    }
  }
  return files;
}

std::string with_trailer(std::string file, std::string footer) {
  ByteWriter(footer).write_u64(footer.size());
  ByteWriter(footer).write_u64(checksum_of(footer));
  return std::move(file) + footer + "COLSTAVE";
}

std::string mutated_header(const SoundFile& sound, Mutator& mutator) {
  std::string bytes = sound.bytes;
  mutator.mutate_in_place(bytes, 0, kHeaderChecksumAt);
  const std::uint64_t checksum = checksum_of(std::string_view(bytes).substr(0, kHeaderChecksumAt));
  std::memcpy(bytes.data() + kHeaderChecksumAt, &checksum, sizeof(checksum));
  return bytes;
}

std::string mutated_footer(const SoundFile& sound, Mutator& mutator) {
  const std::size_t size = sound.bytes.size() - kColumnTrailerBytes - sound.footer_at;
  std::string footer = sound.bytes.substr(sound.footer_at, size);
  mutator.mutate(footer);
  return with_trailer(sound.bytes.substr(0, sound.footer_at), footer);
}

// One field of the directory or one block is another; the rest is written as a writer would.
std::string mutated_block(const SoundFile& sound, Mutator& mutator) {
  const std::size_t target = mutator.draw(sound.footer.blocks.size());
  std::string bytes = sound.header();
  std::string entries;
  std::uint64_t rows = sound.footer.rows;
  for (std::size_t i = 0; i < sound.footer.blocks.size(); ++i) {
    BlockSummary block = sound.footer.blocks[i];
    std::string content = sound.block(i);
    if (i == target && mutator.draw(2) == 0) {
      mutator.mutate(content, 0, mutator.draw(2) == 0 ? 24 : content.size());
    } else if (i == target) {
      block.nulls = static_cast<std::uint32_t>(mutator.other_number(block.nulls));
      block.min =
          static_cast<std::int64_t>(mutator.other_number(static_cast<std::uint64_t>(block.min)));
      if (mutator.draw(2) == 0 && i + 1 == sound.footer.blocks.size()) {
        const auto other = static_cast<std::uint32_t>(mutator.other_number(block.rows));
        rows = rows - block.rows + other;
        block.rows = other;
      }
    }
    block.size = static_cast<std::uint32_t>(content.size());
    block.checksum = checksum_of(content);
    append_block_entry(block, sound.kind, {}, entries);
    bytes += content;
  }
  return bytes + encode_column_footer(rows, sound.footer.blocks.size(), entries);
}

TEST(ColumnFileMutation, GivesValuesOrANamedError) {
  const std::vector<SoundFile> files = sound_files();
  const MemoryLimit limit(kMostMemory);
  Mutator mutator(5);
  MutationOutcome outcome;
  StoreImage image;
  std::string& content = image.contents()["a.col"];
  DecodedBlock decoded;
  for (std::uint64_t i = 0; i < kMutants * times() && !::testing::Test::HasFailure(); ++i) {
    const SoundFile& sound = files[mutator.draw(files.size())];
    const std::uint64_t part = mutator.draw(8);
    content = part == 0  ? mutated_header(sound, mutator)
              : part < 4 ? mutated_footer(sound, mutator)
                         : mutated_block(sound, mutator);
    FileToVerify target;
    target.file = {"a.col", content.size(), 0};
    std::memcpy(&target.file.checksum, content.data() + content.size() - 16, 8);
    target.physical = sound.kind;
    target.rows = sound.footer.rows;
    const auto reader = ColumnFileReader::open(image, target.file, target.physical);
    Result<void> read = reader ? Result<void>() : Result<void>(pass(reader));
    for (std::uint32_t block = 0; read && block < (*reader)->blocks().size(); ++block) {
      read = (*reader)->read_block(block, decoded);
      if (read) {
        touch(decoded);
      }
    }
    Predictors predictors;
    const auto verified = verify_file(image, target, predictors);
    EXPECT_TRUE(verified) << verified.error().message;
    EXPECT_TRUE(read || !verified->damages.empty())
        << "verify did not find: " << read.error().message;
    outcome.count(read);
  }
  report_count("mutated column files, checksums repaired", outcome.cases(), outcome.outcome());
}

}  // namespace
}  // namespace stave::campaign
