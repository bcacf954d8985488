// Any bytes as a Parquet file: what an import makes of it, up to some megabytes of text. Every row
// must have as many cells as the header.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tools/import/parquet/parquet_text.h"

namespace {

class MemoryFile : public stave::ReadableFile {
 public:
  explicit MemoryFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint64_t size() const override { return bytes_.size(); }
  stave::Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    // A reader must not ask for what is not there, but it is told so rather than trusted.
    if (offset > bytes_.size() || out.size() > bytes_.size() - offset) std::abort();
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return {};
  }
  stave::Result<std::span<const std::byte>> map() const override { return bytes_; }
  const std::string& path() const override { return path_; }

 private:
  std::span<const std::byte> bytes_;
  std::string path_ = "fuzz.parquet";
};

// Commas outside of quotes in each line must be as many as in the first.
class CommaCheck {
 public:
  void look_at(const char* text, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      const char c = text[i];
      if (c == '"') in_quotes_ = !in_quotes_;
      if (in_quotes_) continue;
      if (c == ',') ++commas_;
      if (c != '\n') continue;
      if (expected_ < 0) expected_ = commas_;
      if (commas_ != expected_) std::abort();
      commas_ = 0;
    }
  }

 private:
  bool in_quotes_ = false;
  std::int64_t commas_ = 0;
  std::int64_t expected_ = -1;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kPiece = 1U << 16;
  constexpr int kMostPieces = 32;
  if (size > (1U << 20)) return 0;
  auto text = stave::loading::parquet_text(
      std::make_unique<MemoryFile>(std::as_bytes(std::span(data, size))));
  if (!text) return 0;
  std::vector<char> piece(kPiece);
  CommaCheck check;
  for (int i = 0; i < kMostPieces; ++i) {
    const auto got = text->text->read(piece.data(), piece.size());
    if (!got) return 0;
    check.look_at(piece.data(), *got);
    if (*got < piece.size()) return 0;
  }
  return 0;
}
