// See spill_file.h.
#include "tools/import/spill_file.h"

namespace stave::loading {

Result<std::uint64_t> SpillFile::append(std::string_view bytes) {
  if (writer_ == nullptr) {
    Result<std::unique_ptr<WritableFile>> file = files_.create(path_);
    if (!file) return pass(file);
    writer_ = std::move(*file);
  }
  Result<void> written = writer_->append(std::as_bytes(std::span(bytes)));
  if (!written) return pass(written);
  const std::uint64_t offset = size_;
  size_ += bytes.size();
  return offset;
}

Result<void> SpillFile::finish() {
  if (writer_ == nullptr) return {};
  writer_.reset();
  Result<std::unique_ptr<ReadableFile>> file = files_.open(path_);
  if (!file) return pass(file);
  reader_ = std::move(*file);
  return {};
}

Result<void> SpillFile::read(std::uint64_t offset, std::span<char> out) const {
  return reader_->read(offset, std::as_writable_bytes(out));
}

}  // namespace stave::loading
