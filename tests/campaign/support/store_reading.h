// Everything that a store says, as a number for each file: what a campaign compares.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "storage/files_to_verify.h"
#include "storage/manifest.h"
#include "tests/campaign/support/store_image.h"

namespace stave::campaign {

// A sound image and how to read one file of it again after it was changed.
class StoreReading {
 public:
  // `image` is sound now, and stays where it is.
  explicit StoreReading(const StoreImage& image);

  // What the file of that path gives to those who read it: a hash of every value, of look-ups by
  // value and by code for a domain, of the whole state for a manifest; or the error.
  Result<std::uint64_t> read(const std::string& path) const;
  // What `read` gave at first.
  std::uint64_t right(const std::string& path) const { return right_.at(path); }

  // Blocks that are read by way of another file.
  std::uint64_t predicted_blocks() const { return predicted_blocks_; }
  // The files as they were at first, by path.
  const std::map<std::string, std::string>& files() const { return sound_; }

  // What verification says of that file alone.
  std::vector<std::string> verify(const std::string& path) const;

  // Offsets of the blocks of a column file, the end of the last one behind them; empty for others.
  const std::vector<std::uint64_t>& blocks_of(const std::string& path) const;

 private:
  Result<std::uint64_t> read_manifest_file(const std::string& path) const;
  Result<std::uint64_t> read_pack(const std::string& path) const;
  Result<std::uint64_t> read_column(const FileToVerify& file) const;
  Result<std::uint64_t> read_domain(const FileToVerify& file) const;

  const StoreImage& image_;
  std::map<std::string, std::string> sound_;
  std::uint64_t last_snapshot_ = 0;
  std::uint64_t predicted_blocks_ = 0;
  FilesToVerify files_;
  std::map<std::string, std::uint64_t> right_;
  std::map<std::string, std::vector<std::uint64_t>> blocks_;
};

}  // namespace stave::campaign
