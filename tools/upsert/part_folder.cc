// See part_folder.h. The two folders change places in one step where the file system can do that.
#include "tools/upsert/part_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "stave/upsert.h"
#include "storage/guarded.h"

namespace stave {
namespace {

namespace fs = std::filesystem;

Failure failure(const char* what, const fs::path& path, int number) {
  return fail(number == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kIo,
              fmt::format("{}: {} ({}). Choose another folder with -o.", what, path.string(),
                          std::strerror(number)));
}

// The number in "part-12.parquet".
std::optional<std::uint64_t> part_number(const std::string& name) {
  constexpr std::string_view kBefore = "part-";
  const std::size_t dot = name.find('.');
  if (!name.starts_with(kBefore) || dot == std::string::npos) return std::nullopt;
  const std::string digits = name.substr(kBefore.size(), dot - kBefore.size());
  const bool is_number = !digits.empty() && digits.size() < 10 &&
                         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? std::optional<std::uint64_t>(std::stoull(digits)) : std::nullopt;
}

const char* extension_of(OutputFormat format) {
  switch (format) {
    case OutputFormat::kTsv:
      return ".tsv";
    case OutputFormat::kJsonLines:
      return ".jsonl";
    case OutputFormat::kParquet:
      return ".parquet";
    default:
      return ".csv";
  }
}

Result<void> sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int number = errno;
  if (descriptor >= 0) ::close(descriptor);
  return is_synced ? Result<void>() : Result<void>(failure("Cannot sync", path, number));
}

}  // namespace

Result<std::vector<std::string>> parts_in(const std::string& folder) {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (fs::is_directory(at->path()) && name.find('=') != std::string::npos) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("The folder holds partitions, which rows are not upserted into: {}. "
                              "Export it anew, or upsert into another folder.",
                              at->path().string()));
    }
    if (const auto number = part_number(name)) found.emplace_back(*number, at->path().string());
  }
  std::ranges::sort(found);
  std::vector<std::string> parts;
  for (auto& [number, path] : found) parts.push_back(std::move(path));
  return parts;
}

class PartFolder::PartFile {
 public:
  explicit PartFile(fs::path path)
      : path_(std::move(path)),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {}
  ~PartFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  std::uint64_t bytes() const { return bytes_; }

  Result<void> write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failure("Cannot write", path_, errno);
      text.remove_prefix(static_cast<std::size_t>(written));
      bytes_ += static_cast<std::uint64_t>(written);
    }
    return {};
  }
  Result<void> sync() {
    return ::fsync(descriptor_) == 0 ? Result<void>()
                                     : Result<void>(failure("Cannot sync", path_, errno));
  }

 private:
  fs::path path_;
  int descriptor_;
  std::uint64_t bytes_ = 0;
};

PartFolder::PartFolder(std::string folder, OutputFormat format, std::string extension,
                       std::uint64_t part_bytes)
    : folder_(std::move(folder)),
      format_(format),
      extension_(std::move(extension)),
      part_bytes_(part_bytes) {}

PartFolder::~PartFolder() {
  output_.reset();
  file_.reset();
  std::error_code ignored;
  if (!unfinished_.empty()) fs::remove_all(unfinished_, ignored);
}

Result<void> PartFolder::begin(const std::vector<ResultColumn>& columns) {
  columns_ = columns;
  std::error_code error;
  if (folder_.has_parent_path()) fs::create_directories(folder_.parent_path(), error);
  if (error) return failure("Cannot make the folder", folder_.parent_path(), error.value());
  std::string pattern = folder_.string() + ".part-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) {
    return failure("Cannot make a folder beside", folder_, errno);
  }
  unfinished_ = pattern;
  const mode_t mask = ::umask(0);  // mkdtemp lets nobody else read
  ::umask(mask);
  ::chmod(unfinished_.c_str(), 0777 & ~mask);
  return begin_part();
}

Result<void> PartFolder::begin_part() {
  const fs::path path = unfinished_ / fmt::format("part-{}{}", parts_++, extension_);
  file_ = std::make_unique<PartFile>(path);
  if (!file_->is_open()) return failure("Cannot make the file", path, errno);
  OutputOptions options;
  options.format = format_;
  output_ = make_output(options, [this](std::string_view text) { return file_->write(text); });
  return output_->begin(columns_);
}

Result<void> PartFolder::end_part() {
  auto done = output_->end();
  if (done) done = output_->finish();
  if (done) done = file_->sync();
  output_.reset();
  file_.reset();
  return done;
}

Result<void> PartFolder::batch(const ResultBatch& batch) {
  if (!output_) {
    if (auto begun = begin_part(); !begun) return begun;
  }
  if (auto written = output_->batch(batch); !written) return written;
  return file_->bytes() < part_bytes_ ? Result<void>() : end_part();
}

Result<void> PartFolder::end() {
  return output_ ? end_part() : Result<void>();
}

Result<void> PartFolder::finish() {
  if (auto synced = sync(unfinished_); !synced) return synced;
  std::error_code error;
  if (!fs::exists(folder_, error)) {
    fs::rename(unfinished_, folder_, error);
    if (error) return failure("Cannot rename", unfinished_, error.value());
    unfinished_.clear();
  } else {
    if (::renameat2(AT_FDCWD, unfinished_.c_str(), AT_FDCWD, folder_.c_str(), RENAME_EXCHANGE) !=
        0) {
      return failure("Cannot replace", folder_, errno);
    }
    // What was there is in `unfinished_` now, and goes with it, but for what is no part.
    for (const fs::directory_entry& entry : fs::directory_iterator(unfinished_, error)) {
      if (part_number(entry.path().filename().string())) continue;
      fs::rename(entry.path(), folder_ / entry.path().filename(), error);
      if (error) return failure("Cannot keep", entry.path(), error.value());
    }
    fs::remove_all(unfinished_, error);
    unfinished_.clear();
  }
  return sync(folder_.has_parent_path() ? folder_.parent_path() : fs::path("."));
}

Result<UpsertSummary> upsert_folder(const std::string& folder, const UpsertOptions& options,
                                    const RowProducer& produce) {
  return guarded("rows were upserted", [&]() -> Result<UpsertSummary> {
    PartFolder parts(folder, options.format, extension_of(options.format));
    auto done = upsert_rows(folder, options, produce, parts);
    if (!done) return done;
    if (auto placed = parts.finish(); !placed) return pass(placed);
    return done;
  });
}

}  // namespace stave
