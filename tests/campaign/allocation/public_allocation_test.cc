// The public interface, as it is called from outside: nothing may be thrown out of it.
#include <gtest/gtest.h>

#include <filesystem>

#include "stave/store.h"
#include "storage/inspect.h"
#include "storage/snapshot.h"
#include "tests/campaign/allocation/allocation_campaign.h"
#include "tests/campaign/support/workloads.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave::campaign {
namespace {

class PublicAllocation : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(path_);
    Writer writer(posix_file_system(path_).value());
    ASSERT_TRUE(writer.make());
    ASSERT_TRUE(writer.load(one_more_load()));
  }
  template <typename T>
  static Result<void> without_value(const Result<T>& result) {
    return result ? Result<void>() : pass(result);
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/tiny.stave";
};

TEST_F(PublicAllocation, Create) {
  // Read beforehand: toml++ ends the process where it gets no memory.
  ASSERT_FALSE(music_schema().tables.empty());
  const std::string made = folder_.path() + "/new.stave";
  fail_every_allocation({.name = "create_store",
                         .run = [&] { return create_store(made, CreateOptions()); },
                         .check = [&](bool succeeded, bool) -> std::string {
                           const auto store = Store::open(made);
                           return store.has_value() || !succeeded ? "" : store.error().message;
                         },
                         .prepare = [&] { std::filesystem::remove_all(made); }});
}

TEST_F(PublicAllocation, Open) {
  fail_every_allocation(
      {.name = "Store::open", .run = [&] { return without_value(Store::open(path_)); }});
}

TEST_F(PublicAllocation, Describe) {
  const auto store = Store::open(path_).value();
  fail_every_allocation(
      {.name = "describe", .run = [&] { return without_value(describe(store)); }});
}

TEST_F(PublicAllocation, Verify) {
  fail_every_allocation({.name = "verify_store", .run = [&]() -> Result<void> {
                           const auto report = verify_store(path_);
                           return !report || report->damages.empty()
                                      ? without_value(report)
                                      : fail(ErrorCode::kDamaged, report->damages.front());
                         }});
}

TEST_F(PublicAllocation, Inspect) {
  const auto snapshot = Snapshot::open(path_).value();
  const Manifest& manifest = snapshot->manifest();
  for (const auto& [name, path] : std::initializer_list<std::pair<std::string, std::string>>{
           {"a manifest", path_},
           {"a column file", path_ + "/" + manifest.tables[0].segments[0].columns[0].path},
           {"a domain", path_ + "/" + manifest.domains[0].segments[0].file.path}}) {
    fail_every_allocation({.name = "inspect_file of " + name,
                           .run = [&file = path] { return without_value(inspect_file(file)); }});
  }
}

}  // namespace
}  // namespace stave::campaign
