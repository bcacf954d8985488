// Files are read in place, without a copy: a campaign opens them a million times.
#include "tests/campaign/support/store_image.h"

#include <cstring>
#include <set>

#include "tests/campaign/support/must.h"

namespace stave::campaign {
namespace {

class ImageFile : public ReadableFile {
 public:
  ImageFile(const std::string& bytes, std::string path) : bytes_(bytes), path_(std::move(path)) {}

  std::uint64_t size() const override { return bytes_.size(); }
  const std::string& path() const override { return path_; }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
      return fail(ErrorCode::kDamaged, "A file is shorter than expected (" + path_ + ").");
    }
    if (!out.empty()) {
      std::memcpy(out.data(), bytes_.data() + offset, out.size());
    }
    return {};
  }
  Result<std::span<const std::byte>> map() const override {
    return std::as_bytes(std::span<const char>(bytes_));
  }

 private:
  const std::string& bytes_;
  std::string path_;
};

Failure read_only(const std::string& path) {
  return fail(ErrorCode::kUnsupported, "An image is only read (" + path + ").");
}

void copy_folder(const FileSystem& from, const std::string& folder,
                 std::map<std::string, std::string>& to) {
  const auto names = from.list(folder);
  for (const std::string& name : *names) {
    const std::string path = folder.empty() ? name : folder + "/" + name;
    if (path.ends_with('/')) {
      copy_folder(from, path.substr(0, path.size() - 1), to);
      continue;
    }
    const auto file = must(from.open(path));
    std::string bytes(file->size(), '\0');
    must(file->read(0, std::as_writable_bytes(std::span(bytes))));
    to[path] = std::move(bytes);
  }
}

}  // namespace

StoreImage StoreImage::copy_of(const FileSystem& files) {
  StoreImage image;
  copy_folder(files, "", image.contents_);
  return image;
}

std::uint64_t StoreImage::total_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [path, content] : contents_) {
    bytes += content.size();
  }
  return bytes;
}

Result<std::unique_ptr<ReadableFile>> StoreImage::open(const std::string& path) const {
  const auto found = contents_.find(path);
  if (found == contents_.end()) {
    return fail(ErrorCode::kNotFound, "There is no such file (" + path + ").");
  }
  return std::make_unique<ImageFile>(found->second, path);
}

Result<bool> StoreImage::exists(const std::string& path) const {
  const auto next = contents_.lower_bound(path);
  return next != contents_.end() && (next->first == path || next->first.starts_with(path + "/"));
}

Result<std::vector<std::string>> StoreImage::list(const std::string& folder) const {
  const std::string prefix = folder.empty() ? "" : folder + "/";
  std::set<std::string> names;
  for (const auto& [path, content] : contents_) {
    if (path.starts_with(prefix)) {
      const std::size_t slash = path.find('/', prefix.size());
      names.insert(path.substr(prefix.size(), slash == std::string::npos
                                                  ? std::string::npos
                                                  : slash + 1 - prefix.size()));
    }
  }
  if (names.empty() && !folder.empty()) {
    return fail(ErrorCode::kNotFound, "There is no such folder (" + folder + ").");
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::unique_ptr<WritableFile>> StoreImage::create(const std::string& path) {
  return read_only(path);
}
Result<void> StoreImage::rename(const std::string& from, const std::string&) {
  return read_only(from);
}
Result<void> StoreImage::remove(const std::string& path) {
  return read_only(path);
}
Result<void> StoreImage::sync_folder(const std::string& folder) {
  return read_only(folder);
}
Result<std::unique_ptr<FileLock>> StoreImage::lock(const std::string& path) {
  return read_only(path);
}

}  // namespace stave::campaign
