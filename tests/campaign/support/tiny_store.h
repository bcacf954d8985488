// A store small enough to be written and read ten thousand times: two tables, columns of every
// physical kind, domains of integers and strings. What it must hold is known from what was loaded,
// without asking the store.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/schema.h"

namespace stave::campaign {

struct Play {
  std::int32_t day = 0;
  std::string user;   // digits are an integer key while all of them are
  std::string track;  // the other columns follow from these three
};

struct Track {
  std::string key;
  std::string title;
  std::string genre;
};

// One transaction.
struct Load {
  std::vector<Play> plays;
  std::vector<Track> tracks;
  bool spills = false;  // with temporary files on the way
};

// What a commit holds, as text: plays in no order, tracks by key.
struct Content {
  std::uint64_t snapshot = 0;
  std::vector<std::string> plays;  // sorted
  std::map<std::string, std::string> tracks;

  friend bool operator==(const Content&, const Content&) = default;
};

Content after(const Content& before, const Load& load);
// For messages: the first that differs.
std::string difference(const Content& found, const Content& expected);

const Schema& tiny_schema();
// `before` is what the store holds. Everything up to the commit, and then it.
Result<void> commit_load(const std::shared_ptr<FileSystem>& files, const Load& load,
                         const Content& before);
// The same without a commit: the transaction is abandoned.
Result<void> abandon_load(const std::shared_ptr<FileSystem>& files, const Load& load,
                          const Content& before);

// Every value of the last commit.
Result<Content> read_content(const std::shared_ptr<FileSystem>& files);

}  // namespace stave::campaign
