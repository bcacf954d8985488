// An inbox beside the store of an import test, and a watch of it that goes through it once.
#pragma once

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "stave/watch.h"
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {

inline constexpr const char* kPlays =
    "user_id,track_id,listen_time,likes\n1,a,2025-05-01 10:00:00,5\n";

class WatchTest : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    inbox_ = path("inbox");
    std::filesystem::create_directories(inbox_ + "/streams");
    std::filesystem::create_directories(inbox_ + "/users");
    watch_.once = true;
    watch_.settle = watch_.poll = watch_.first_wait = std::chrono::milliseconds(0);
    watch_.import.threads = 1;
    watch_.on_event = [this](const WatchEvent& event) {
      events_.push_back(event.name + " " + event.text);
      if (on_event_) on_event_(event);
    };
  }

  void put(const std::string& name, const std::string& content) const {
    std::ofstream(inbox_ + "/" + name, std::ios::binary) << content;
  }
  WatchSummary watch() {
    events_.clear();
    const Result<WatchSummary> summary = watch_inbox(store_path(), inbox_, watch_);
    EXPECT_TRUE(summary) << (summary ? "" : summary.error().message);
    return summary.value_or(WatchSummary{});
  }
  // Below archive or failed, with TODAY for the date.
  std::vector<std::string> files_in(const std::string& top) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(inbox_ + "/" + top)) {
      const std::string name = std::filesystem::relative(entry.path(), inbox_ + "/" + top).string();
      if (entry.is_regular_file()) names.push_back("TODAY" + name.substr(name.find('/')));
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string text_of(const std::string& top, const std::string& name) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(inbox_ + "/" + top)) {
      if (entry.path().filename() == name) {
        return read_file(std::filesystem::relative(entry.path(), folder_).string());
      }
    }
    return "there is no " + name;
  }

  bool has_other_file_system() const {
    struct stat here {};
    struct stat there {};
    return ::stat(inbox_.c_str(), &here) == 0 && ::stat("/dev/shm", &there) == 0 &&
           here.st_dev != there.st_dev;
  }

  std::string inbox_;
  WatchOptions watch_;
  std::vector<std::string> events_;
  std::function<void(const WatchEvent&)> on_event_;
};

}  // namespace stave::testing
