// The folder of an inbox, and what is done with the files in it. Paths are relative to it.
// Invariant: a file of the inbox changes its name and place, never its bytes, and never takes the
// place of another.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/posix_file.h"

namespace stave::watching {

inline constexpr const char* kArchive = "archive";
inline constexpr const char* kFailed = "failed";
inline constexpr const char* kWork = ".stave-watch";
// Behind the name of a file: what became of it.
inline constexpr const char* kRunEnding = ".run.json";
inline constexpr const char* kRejectsEnding = ".rejects.csv";
inline constexpr const char* kCorrectionsEnding = ".rejected.csv";

// What tells that a file was written to or replaced.
struct FileMark {
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::uint64_t inode = 0;
  bool operator==(const FileMark&) const = default;
};

struct InboxFile {
  std::string table;  // the name of its folder
  std::string name;
  FileMark mark;
  std::string path() const { return table + "/" + name; }
};

struct IgnoredEntry {
  std::string path;
  std::string reason;  // a sentence
};

struct InboxListing {
  std::vector<InboxFile> files;       // by folder, then by name
  std::vector<IgnoredEntry> ignored;  // what looks as if it were meant to be imported
};

class Inbox {
 public:
  // Makes the folders of the watch, and holds the inbox for this process alone until destroyed.
  static Result<std::unique_ptr<Inbox>> open(const std::string& path);

  Result<InboxListing> list() const;
  // Nothing where there is no regular file.
  std::optional<FileMark> look_at(const std::string& path) const;
  std::string full(const std::string& path) const { return root_ + "/" + path; }

  Result<void> make_folders(const std::string& path) const;
  // The file has the text or is as it was.
  Result<void> write(const std::string& path, const std::string& text) const;
  Result<std::string> read(const std::string& path) const;
  // False where `to` is taken.
  Result<bool> move(const std::string& from, const std::string& to) const;
  // Takes the place of what is at `to`.
  Result<void> replace(const std::string& from, const std::string& to) const;
  // Of a file or an empty folder; that there is none is fine.
  Result<void> remove(const std::string& path) const;
  // A finished rename outlives the machine.
  Result<void> sync_folder_of(const std::string& path) const;

 private:
  explicit Inbox(std::string root) : root_(std::move(root)) {}
  Result<void> hold();
  Result<void> list_folder(const std::string& table, InboxListing& listing) const;
  Result<std::vector<std::string>> names_in(const std::string& folder) const;

  std::string root_;
  Descriptor folder_;
  Descriptor lock_;
  std::uint64_t device_ = 0;
};

}  // namespace stave::watching
