// A column file in a pack is a part of the pack's bytes, and looks like a file of its own.
#include "storage/open_packs.h"

#include <fmt/format.h>

namespace stave {
namespace {

class PartOfFile final : public ReadableFile {
 public:
  // The part lies within the file.
  PartOfFile(std::shared_ptr<const ReadableFile> whole, std::uint64_t offset, std::uint64_t size)
      : whole_(std::move(whole)), offset_(offset), size_(size) {}

  std::uint64_t size() const override { return size_; }
  const std::string& path() const override { return whole_->path(); }

  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size_ || out.size() > size_ - offset) {
      return fail(ErrorCode::kDamaged,
                  fmt::format("A column file in a pack is shorter than expected: {} bytes at {} "
                              "asked of {} ({}). Run `stave verify`.",
                              out.size(), offset, size_, path()));
    }
    return whole_->read(offset_ + offset, out);
  }

  Result<std::span<const std::byte>> map() const override {
    const auto all = whole_->map();
    if (!all) {
      return pass(all);
    }
    return all->subspan(static_cast<std::size_t>(offset_), static_cast<std::size_t>(size_));
  }

 private:
  std::shared_ptr<const ReadableFile> whole_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

}  // namespace

std::string place_text(const FileReference& reference, const std::string& column) {
  return reference.is_packed ? fmt::format("{} from byte {}{}{}", reference.path, reference.offset,
                                           column.empty() ? "" : ", ", column)
                             : reference.path;
}

void OpenPacks::expect(const std::vector<PackState>& packs) {
  const std::lock_guard guard(mutex_);
  for (const PackState& pack : packs) {
    sizes_[pack.path] = pack.size;
  }
}

Result<OpenPacks::Pack> OpenPacks::open_pack(const FileSystem& files, const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (const auto known = packs_.find(path); known != packs_.end()) {
    return known->second;
  }
  auto opened = files.open(path);
  if (!opened) {
    return pass(opened);
  }
  const auto size = sizes_.find(path);
  if (size != sizes_.end() && size->second != (*opened)->size()) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A pack has another size than was written: {} instead of {} bytes "
                            "({}). Run `stave verify`.",
                            (*opened)->size(), size->second, path));
  }
  Pack pack{.file = *std::move(opened)};
  pack.is_mapped = pack.file->size() <= most_mapped_ - mapped_bytes_;
  if (pack.is_mapped) {
    mapped_bytes_ += pack.file->size();
  }
  return packs_.emplace(path, std::move(pack)).first->second;
}

Result<OpenPacks::Opened> OpenPacks::open(const FileSystem& files, const FileReference& reference) {
  if (!reference.is_packed) {
    auto file = files.open(reference.path);
    if (!file) {
      return pass(file);
    }
    return Opened{*std::move(file)};
  }
  auto pack = open_pack(files, reference.path);
  if (!pack) {
    return pass(pack);
  }
  const std::uint64_t size = pack->file->size();
  if (reference.offset > size || reference.size > size - reference.offset) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A pack is too short for a column file in it: {} bytes, and {} from "
                            "byte {} on are meant ({}). Run `stave verify`.",
                            size, reference.size, reference.offset, reference.path));
  }
  return Opened{
      std::make_unique<PartOfFile>(std::move(pack->file), reference.offset, reference.size),
      pack->is_mapped};
}

}  // namespace stave
