// A store in a temporary folder, files to import into it, and its tables read back as text.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "stave/import.h"
#include "storage/snapshot.h"

namespace stave::testing {

using Row = std::vector<std::string>;  // null is "~"

class ImportTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Makes the store anew; `toml` empty: the music schema.
  void make_store(const std::string& toml = "", const std::string& timezone = "UTC");

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string store_path() const { return path("test.stave"); }
  // Writes a file and gives its path.
  std::string file(const std::string& name, const std::string& content) const;
  std::string read_file(const std::string& name) const;

  // Imports one text as a new file.
  Result<ImportSummary> import(const std::string& table, const std::string& csv);
  Result<ImportSummary> import_paths(const std::string& table,
                                     const std::vector<std::string>& paths);
  // As `import`, and it must succeed.
  ImportSummary import_well(const std::string& table, const std::string& csv);

  // These throw where there is none, which fails the test.
  std::shared_ptr<const Snapshot> snapshot() const;
  TableSchema schema_of(const std::string& table) const;
  // Rows of a table with the named columns as text: facts by day, then as they lie in their
  // segments; dimensions in order of position.
  std::vector<Row> rows(const std::string& table, const std::vector<std::string>& columns) const;
  // Every file of the store but its manifests, by name.
  std::map<std::string, std::string> store_files() const;

  ImportOptions options;
  std::string folder_;

 private:
  int next_file_ = 0;
};

}  // namespace stave::testing
