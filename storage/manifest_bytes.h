// Names of files in the bytes of a manifest: a file of its own by its path, a column file in a pack
// by the place of the pack in the manifest's list. Page: format-spec/manifest.md.
// Invariant: a manifest without packs has the bytes that it had before there were any.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/bytes.h"
#include "storage/manifest.h"
#include "storage/schema_bytes.h"

namespace stave {

// A required feature of manifests: column files may lie in packs.
inline constexpr std::uint64_t kPacksFeature = 1;

// Where there are no packs, files are written as before there were any.
class ManifestWriter : public ByteWriter {
 public:
  ManifestWriter(std::string& out, const std::vector<PackState>& packs)
      : ByteWriter(out), packs_(packs) {
    for (std::size_t i = 0; i < packs.size(); ++i) {
      places_.emplace(packs[i].path, i + 1);
    }
  }

  void write_packs() {
    if (packs_.empty()) {
      return;
    }
    write_varint(packs_.size());
    for (const PackState& pack : packs_) {
      write_text(pack.path);
      write_varint(pack.size);
      write_u64(pack.checksum);
    }
  }

  void write_file(const FileReference& file) {
    if (file.is_packed) {
      write_varint(places_.at(file.path));
      write_varint(file.offset);
    } else {
      if (!packs_.empty()) {
        write_varint(0);
      }
      write_text(file.path);
    }
    if (file.exists()) {
      write_varint(file.size);
      write_u64(file.checksum);
    }
  }

 private:
  const std::vector<PackState>& packs_;
  std::map<std::string_view, std::size_t> places_;  // from 1
};

class ManifestReader : public ByteReader {
 public:
  ManifestReader(std::string_view bytes, bool has_packs)
      : ByteReader(bytes), text_(bytes), has_packs_(has_packs) {}

  std::vector<PackState> read_packs() {
    const std::uint32_t count = has_packs_ ? read_count(*this) : 0;
    for (std::uint32_t i = 0; i < count && ok(); ++i) {
      PackState pack;
      pack.path = read_text();
      pack.size = read_varint();
      pack.checksum = read_u64();
      packs_.push_back(std::move(pack));
    }
    if (has_packs_ && packs_.empty()) {
      fail();
    }
    return packs_;
  }

  FileReference read_file() {
    FileReference file;
    const std::uint64_t place = has_packs_ ? read_varint() : 0;
    if (place > packs_.size()) {
      fail();
      return file;
    }
    if (place > 0) {
      file.path = packs_[place - 1].path;
      file.is_packed = true;
      file.offset = read_varint();
    } else {
      file.path = read_text();
    }
    if (file.exists()) {
      file.size = read_varint();
      file.checksum = read_u64();
    }
    return file;
  }

  // Runs that follow each other and have at most `most` rows together. They are most of what there
  // is in a manifest of many small segments.
  std::vector<ClusterRun> read_runs(std::uint32_t most) {
    const std::uint32_t count = read_count(*this);
    std::vector<ClusterRun> runs;
    runs.reserve(std::min(count, kMostReserved));
    const char* const begin = text_.data() + position();
    const char* const end = text_.data() + text_.size();
    const char* at = begin;
    std::uint32_t first_row = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      ClusterRun run{0, first_row, 0};
      if (end - at >= 2 && (static_cast<unsigned char>(at[0] | at[1]) & 0x80U) == 0) {
        run.code = static_cast<unsigned char>(at[0]);  // both of one byte, as most are
        run.rows = static_cast<unsigned char>(at[1]);
        at += 2;
      } else if (!take_varint(at, end, run.code) || !take_varint(at, end, run.rows)) {
        fail();
        return runs;
      }
      if (run.rows > most - first_row) {
        fail();
        return runs;
      }
      first_row += run.rows;
      runs.push_back(run);
    }
    read_bytes(static_cast<std::uint64_t>(at - begin));
    return runs;
  }

  static constexpr std::uint32_t kMostReserved = 1024;

 private:
  // As `read_varint32`, without asking at each byte whether it went well so far.
  static bool take_varint(const char*& at, const char* end, std::uint32_t& value) {
    for (unsigned shift = 0; shift < 35 && at != end; shift += 7) {
      const auto part = static_cast<unsigned char>(*at++);
      if ((shift > 0 && part == 0) || (shift == 28 && part > 15)) {
        return false;
      }
      value |= static_cast<std::uint32_t>(part & 0x7FU) << shift;
      if (part < 0x80) {
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  bool has_packs_;
  std::vector<PackState> packs_;
};

}  // namespace stave
