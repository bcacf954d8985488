// Manifests with any of their bytes changed and the checksum made right: a named error, or a
// manifest that keeps all that readers rely on. Now and then the store is opened by the mutant and
// read.
#include <gtest/gtest.h>

#include "storage/checksum.h"
#include "storage/file_header.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/verify.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/memory_limit.h"
#include "tests/campaign/support/mutation_outcome.h"
#include "tests/campaign/support/mutator.h"
#include "tests/campaign/support/sample_store.h"

namespace stave::campaign {
namespace {

constexpr std::uint64_t kMutants = 30'000;
constexpr unsigned long kMostMemory = 512UL << 20;

std::string sealed(std::string bytes) {
  seal_file_header(bytes, checksum_of(std::string_view(bytes).substr(kChecksummedFrom)));
  return bytes;
}

TEST(ManifestMutation, IsSoundOrANamedError) {
  const StoreImage image = sample_store();
  std::vector<std::string> manifests;
  for (const auto& [path, bytes] : image.contents()) {
    if (path.starts_with(kSnapshotsFolder)) {
      manifests.push_back(bytes);
    }
  }
  const MemoryLimit limit(kMostMemory);
  Mutator mutator(11);
  MutationOutcome outcome;
  for (std::uint64_t i = 0; i < kMutants * times() && !::testing::Test::HasFailure(); ++i) {
    std::string mutant = manifests[mutator.draw(manifests.size())];
    mutator.draw(20) == 0 ? mutator.mutate_in_place(mutant, kChecksummedFrom, kFileHeaderBytes)
                          : mutator.mutate(mutant, kFileHeaderBytes, mutant.size());
    mutant = sealed(std::move(mutant));
    const auto manifest = decode_manifest(mutant, "mutant.manifest");
    if (outcome.count(manifest)) {
      EXPECT_EQ(encode_manifest(*manifest), mutant) << "two forms of one manifest";
    } else {
      EXPECT_NE(manifest.error().message.find("mutant.manifest"), std::string::npos);
    }
  }
  report_count("mutated manifests, checksum repaired", outcome.cases(), outcome.outcome());
}

TEST(ManifestMutation, OfAStoreGivesItsFilesOrNamedErrors) {
  StoreImage image = sample_store();
  const std::string path = manifest_path(4);
  const std::string sound = image.contents().at(path);
  const MemoryLimit limit(kMostMemory);
  Mutator mutator(13);
  MutationOutcome outcome;
  std::uint64_t found = 0;
  for (std::uint64_t i = 0; i < 2'000 * times() && !::testing::Test::HasFailure(); ++i) {
    std::string mutant = sound;
    mutator.mutate_in_place(mutant, kFileHeaderBytes, mutant.size());
    image.contents()[path] = sealed(std::move(mutant));
    const auto report = verify_store(image, 1);
    if (outcome.count(report)) {
      found += report->damages.empty() ? 0 : 1;
    }
  }
  report_count("stores opened by a mutated manifest", outcome.cases(),
               std::to_string(found) + " with damages named");
}

}  // namespace
}  // namespace stave::campaign
