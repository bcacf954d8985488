// A store as one commit left it, open for reading: what the engine scans.
// Invariant: what a snapshot returns never changes, whatever a writer does meanwhile. All methods
// are thread-safe; domains are opened on first use and then shared.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "stave/result.h"
#include "storage/column_file.h"
#include "storage/domain.h"
#include "storage/manifest.h"

namespace stave {

class Snapshot {
 public:
  // The last commit of the store in folder `path`, or the one that `as_of` means (storage/as_of.h).
  // `gc` leaves it alone while the snapshot lives.
  static Result<std::shared_ptr<const Snapshot>> open(const std::string& path,
                                                      const std::string& as_of = "");
  static Result<std::shared_ptr<const Snapshot>> open(std::shared_ptr<FileSystem> files,
                                                      const std::string& as_of = "");
  // What `manifest` describes, whether or not it was ever committed; its files must stay meanwhile.
  static std::shared_ptr<const Snapshot> of(std::shared_ptr<FileSystem> files, Manifest manifest);
  ~Snapshot();

  const Manifest& manifest() const;
  const FileSystem& files() const;
  // The domain of that name; an empty one where no value was ever added.
  Result<std::shared_ptr<const Domain>> domain(const std::string& name) const;
  // A reader of a segment's column, which must have a file.
  Result<std::unique_ptr<ColumnFileReader>> open_column(const TableState& table,
                                                        const SegmentState& segment,
                                                        std::size_t column) const;
  // A reader of any other file that the manifest names; `reference.exists()` must hold.
  Result<std::unique_ptr<ColumnFileReader>> open_column(const FileReference& reference,
                                                        Physical physical) const;

 private:
  struct State;
  explicit Snapshot(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The physical kind of a schema column: kCode where it has a domain.
Physical physical_of(const ColumnSchema& column);

// Makes the folder and commits snapshot 0. Fails with kAlreadyExists where there is one.
// `timezone` is an IANA name; days and partitions are days in it.
Result<void> create_store(const std::string& path, const Schema& schema,
                          const std::string& timezone);
Result<void> create_store(FileSystem& files, const Schema& schema, const std::string& timezone);

}  // namespace stave
