// Key domain segments with values, index or footer changed and all checksums made right: look-ups
// end, stay in bounds and give codes or a named error.
#include <gtest/gtest.h>

#include <cstring>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/chunk_verifier.h"
#include "storage/domain.h"
#include "storage/domain_layout.h"
#include "storage/domain_segment.h"
#include "storage/file_header.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/memory_limit.h"
#include "tests/campaign/support/must.h"
#include "tests/campaign/support/mutation_outcome.h"
#include "tests/campaign/support/mutator.h"
#include "tests/campaign/support/store_image.h"

namespace stave::campaign {
namespace {

constexpr std::uint64_t kMutants = 30'000;
constexpr unsigned long kMostMemory = 512UL << 20;
constexpr std::uint64_t kKindAt = kFileHeaderBytes;
constexpr std::uint64_t kFirstCodeAt = kKindAt + 4;
constexpr std::uint64_t kCountAt = kKindAt + 8;

// A segment cut into what is mutated apart.
struct SoundSegment {
  DictionaryKind kind;
  std::string body;
  std::string footer;
};

SoundSegment cut(const StoreImage& image, const DomainState& state) {
  const std::string& bytes = image.contents().at(state.segments.at(0).file.path);
  const std::string footer = bytes.substr(bytes.size() - DomainLayout::kFooterBytes);
  const DomainLayout layout = must(decode_domain_footer(footer, bytes.size(), "sound"));
  return {state.kind, bytes.substr(0, layout.body_bytes()), footer};
}

std::vector<SoundSegment> sound_segments() {
  const auto files = memory_file_system("domains");
  std::vector<DomainState> states;
  const auto write = [&](const std::string& name, auto add) {
    DomainWriter writer(name, nullptr);
    add(writer);
    DomainState before;
    before.name = name;
    states.push_back(must(writer.write(*files, name + ".domain", before)));
  };
  for (const std::int64_t step : {1, 1'000'003}) {
    for (const std::int64_t count : {1, 60}) {
      write("integers" + std::to_string(step * count), [&](DomainWriter& writer) {
        for (std::int64_t i = 0; i < count; ++i) {
          must(writer.add_int64(-20 + i * step));
        }
      });
    }
  }
  for (const std::size_t length : {0U, 30U, 700U}) {
    write("strings" + std::to_string(length), [&](DomainWriter& writer) {
      for (int i = 0; i < 110; ++i) {
        must(writer.add_string(std::to_string(i) + std::string(length, 'x')));
      }
    });
  }
  const StoreImage image = StoreImage::copy_of(*files);
  std::vector<SoundSegment> segments;
  segments.reserve(states.size());
  for (const DomainState& state : states) {
    segments.push_back(cut(image, state));
  }
  return segments;
}

// Body and footer with the checksums of chunks and footer as they ought to be.
std::string sealed(const std::string& body, std::string footer) {
  std::string table;
  for (std::size_t at = 0; at < body.size(); at += ChunkVerifier::kChunkBytes) {
    ByteWriter(table).write_u64(
        checksum_of(std::string_view(body).substr(at, ChunkVerifier::kChunkBytes)));
  }
  RunningChecksum sum;
  sum.add(table);
  sum.add(std::string_view(footer).substr(kChecksummedFrom));
  seal_file_header(footer, sum.value());
  return body + table + footer;
}

void look_up_everything(const Domain& domain, DictionaryKind kind, std::uint32_t first,
                        std::uint32_t count) {
  const auto expect_code = [&](std::uint32_t code) {
    EXPECT_TRUE(code == kNullCode || code - first < count) << code;
  };
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(count, 200); ++i) {
    const std::uint32_t code = first + i;
    if (kind == DictionaryKind::kInt64) {
      const auto value = static_cast<std::uint64_t>(domain.int64_at(code));
      expect_code(domain.find_int64(static_cast<std::int64_t>(value)));
      expect_code(domain.find_int64(static_cast<std::int64_t>(value + 1)));
    } else {
      const std::string value(domain.string_at(code));
      expect_code(domain.find_string(value));
      expect_code(domain.find_string(value + "x"));
    }
  }
}

TEST(DomainMutation, LookUpsEndAndStayInBounds) {
  const std::vector<SoundSegment> segments = sound_segments();
  const MemoryLimit limit(kMostMemory);
  Mutator mutator(7);
  MutationOutcome outcome;
  StoreImage image;
  std::string& content = image.contents()["a.domain"];
  for (std::uint64_t i = 0; i < kMutants * times() && !::testing::Test::HasFailure(); ++i) {
    const SoundSegment& sound = segments[mutator.draw(segments.size())];
    std::string body = sound.body;
    std::string footer = sound.footer;
    const std::uint64_t part = mutator.draw(6);
    if (part == 0) {
      mutator.mutate(body);
    } else if (part < 4) {
      mutator.mutate_in_place(body, 0, body.size());
    } else {
      mutator.mutate_in_place(footer, part == 4 ? kFileHeaderBytes : kChecksummedFrom,
                              footer.size());
    }
    content = sealed(body, footer);
    // The manifest means the mutant, as far as it can.
    DomainSegmentState state;
    state.file = {"a.domain", content.size(), 0};
    state.file.checksum =
        ByteReader(std::string_view(content).substr(content.size() - footer.size() + 8)).read_u64();
    std::memcpy(&state.first_code, footer.data() + kFirstCodeAt, 4);
    std::memcpy(&state.count, footer.data() + kCountAt, 4);
    DomainState domain_state;
    domain_state.kind = sound.kind;
    domain_state.size = state.first_code + state.count - 1;
    domain_state.segments = {state};
    const auto domain = Domain::open(image, domain_state);
    Result<void> read = domain ? Result<void>() : Result<void>(pass(domain));
    if (domain) {
      look_up_everything(**domain, sound.kind, state.first_code, state.count);
      read = (*domain)->damage();
      if (state.count <= 1000) {
        const auto segment = DomainSegment::open(image, state, sound.kind);
        static_cast<void>((*segment)->verify());
      }
    }
    outcome.count(read);
  }
  report_count("mutated domain segments, checksums repaired", outcome.cases(), outcome.outcome());
}

}  // namespace
}  // namespace stave::campaign
