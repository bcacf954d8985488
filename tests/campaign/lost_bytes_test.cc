// Files of a store are cut at every length, overwritten by zeros sector by sector, deleted, made
// longer and exchanged: each time the right answer or an error that names the file.
#include <gtest/gtest.h>

#include <algorithm>

#include "storage/store_folder.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/damage_tally.h"
#include "tests/campaign/support/sample_store.h"

namespace stave::campaign {
namespace {

class LostBytes : public ::testing::Test {
 protected:
  // `bytes` in the place of the file, for as long as both are looked at.
  void expect_noticed(const std::string& path, std::string bytes, const std::string& what) {
    std::string& content = image_.contents().at(path);
    if (content == bytes) {
      return;
    }
    content.swap(bytes);
    tally_.expect_right_or_named(path, what);
    tally_.expect_verify_names(path, what);
    content.swap(bytes);
  }
  void report(std::string_view what) {
    EXPECT_EQ(tally_.named(), tally_.cases());
    report_count(what, tally_.cases(), tally_.outcome());
  }

  StoreImage image_ = sample_store();
  StoreReading reading_{image_};
  DamageTally tally_{reading_};
};

TEST_F(LostBytes, EveryTruncationIsNoticedAndNamed) {
  for (const auto& [path, sound] : reading_.files()) {
    for (std::size_t size = 0; size < sound.size(); ++size) {
      expect_noticed(path, sound.substr(0, size), "cut to " + std::to_string(size));
    }
  }
  report("files cut at every length");
}

TEST_F(LostBytes, EveryZeroedSectorIsNoticedAndNamed) {
  constexpr std::size_t kSector = 512;
  for (const auto& [path, sound] : reading_.files()) {
    for (std::size_t at = 0; at < sound.size(); at += kSector) {
      const std::size_t size = std::min(kSector, sound.size() - at);
      for (const char filler : {'\0', '\xFF'}) {
        std::string bytes = sound;
        bytes.replace(at, size, size, filler);
        expect_noticed(path, bytes, "sector at " + std::to_string(at));
      }
      std::string bytes = sound;
      bytes.erase(at, size);
      expect_noticed(path, bytes, "without the sector at " + std::to_string(at));
    }
  }
  report("sectors zeroed, filled with ones, left out");
}

TEST_F(LostBytes, EveryDeletedFileIsNamed) {
  const std::string last = manifest_path(5);
  ASSERT_FALSE(reading_.files().contains(manifest_path(6)));
  for (const auto& [path, sound] : reading_.files()) {
    auto taken = image_.contents().extract(path);
    tally_.expect_right_or_named(path, "deleted");
    // An older snapshot may have been collected, which nothing tells from a loss: who asks for it
    // gets an error, and verification reads what is there.
    if (!path.starts_with("snapshots/") || path == last) {
      tally_.expect_verify_names(path, "deleted");
    }
    image_.contents().insert(std::move(taken));
  }
  report("files deleted");
}

TEST_F(LostBytes, EveryAddedByteIsNoticedAndNamed) {
  for (const auto& [path, sound] : reading_.files()) {
    for (const std::size_t count : {1U, 2U, 7U, 8U, 512U, 4096U}) {
      expect_noticed(path, sound + std::string(count, '\0'), "with zeros behind it");
      expect_noticed(path, std::string(count, '\0') + sound, "with zeros before it");
      expect_noticed(path, sound + sound.substr(0, count), "with its own bytes behind it");
    }
  }
  report("files made longer");
}

TEST_F(LostBytes, EveryFileInThePlaceOfAnotherIsNoticedAndNamed) {
  const auto files = reading_.files();
  for (const auto& [path, sound] : files) {
    for (const auto& [other, bytes] : files) {
      expect_noticed(path, bytes, "replaced by " + other);
    }
  }
  report("files in the place of others");
}

}  // namespace
}  // namespace stave::campaign
