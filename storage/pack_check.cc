// Faults are those of a manifest: see manifest_check.h.
#include "storage/pack_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "storage/checksum.h"
#include "storage/segment_files.h"
#include "storage/store_path.h"

namespace stave {

Result<void> PackCheck::start(const std::vector<PackState>& packs) {
  for (const PackState& pack : packs) {
    if (!is_store_path(pack.path) || !packs_.emplace(pack.path, Known{pack.size, false}).second) {
      return fail(
          ErrorCode::kInternal,
          fmt::format("a pack is listed twice or lies outside the store: \"{}\"", pack.path));
    }
  }
  return {};
}

Result<void> PackCheck::check_segment(const SegmentState& segment, std::string_view table) {
  auto checked = check(segment.load_of_row, segment, table);
  for (std::size_t i = 0; checked && i < segment.columns.size(); ++i) {
    checked = check(segment.columns[i], segment, table);
  }
  return checked;
}

Result<void> PackCheck::finish() const {
  for (const auto& [path, pack] : packs_) {
    if (!pack.is_named) {
      return fail(ErrorCode::kInternal, fmt::format("no segment has a column in pack {}", path));
    }
  }
  return {};
}

Result<void> PackCheck::check(const FileReference& file, const SegmentState& segment,
                              std::string_view table) {
  if (!file.is_packed) {
    if (file.offset == 0 && (!file.exists() || is_store_path(file.path))) {
      return {};
    }
    return fail(ErrorCode::kInternal,
                fmt::format("a file of segment {} of {} lies outside the store: \"{}\"", segment.id,
                            table, file.path));
  }
  // Neighbours mostly lie in one pack.
  if (last_ == packs_.end() || last_->first != file.path) {
    last_ = packs_.find(file.path);
  }
  if (last_ == packs_.end() || file.size > last_->second.size ||
      file.offset > last_->second.size - file.size) {
    return fail(ErrorCode::kInternal,
                fmt::format("a column of segment {} of {} lies in no pack: {} bytes at {} of {}",
                            segment.id, table, file.size, file.offset, file.path));
  }
  last_->second.is_named = true;
  return {};
}

Result<void> check_pack(const FileSystem& files, const PackState& pack) {
  const auto file = files.open(pack.path);
  if (!file) {
    return fail(file.error().code == ErrorCode::kNotFound ? ErrorCode::kDamaged : file.error().code,
                file.error().message + " The store names it: run `stave verify`.");
  }
  if ((*file)->size() != pack.size) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A pack has the wrong size: {} bytes, {} expected ({}). Run `stave "
                            "verify`.",
                            (*file)->size(), pack.size, pack.path));
  }
  constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 20;
  std::vector<std::byte> piece(static_cast<std::size_t>(std::min(pack.size, kPieceBytes)));
  RunningChecksum found;
  for (std::uint64_t at = 0; at < pack.size; at += kPieceBytes) {
    const auto part =
        std::span(piece).first(static_cast<std::size_t>(std::min(kPieceBytes, pack.size - at)));
    if (auto read = (*file)->read(at, part); !read) {
      return read;
    }
    found.add(part);
  }
  if (found.value() != pack.checksum) {
    return fail(ErrorCode::kDamaged,
                fmt::format("The checksum of a pack does not match: {:016x} stated, {:016x} found "
                            "({}). Run `stave verify`.",
                            pack.checksum, found.value(), pack.path));
  }
  return {};
}

void drop_unnamed_packs(Manifest& manifest) {
  std::set<std::string_view> named;
  for (const TableState& table : manifest.tables) {
    for (const SegmentState& segment : table.segments) {
      for_each_file(segment, [&](const FileReference& file) {
        if (file.is_packed) {
          named.insert(file.path);
        }
      });
    }
  }
  std::erase_if(manifest.packs, [&](const PackState& pack) { return !named.contains(pack.path); });
  std::ranges::sort(manifest.packs, {}, &PackState::path);
}

}  // namespace stave
