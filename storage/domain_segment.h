// One immutable run of codes of a key domain, mapped from its file and probed in place.
// Bytes: format-spec/key-domain.md. Thread-safe.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "storage/chunk_verifier.h"
#include "storage/domain_layout.h"
#include "storage/file_system.h"
#include "storage/huge_pages.h"
#include "storage/manifest.h"

namespace stave {

class DomainSegment {
 public:
  // Tests size, footer and version; values and index are tested when first touched.
  static Result<std::unique_ptr<DomainSegment>> open(const FileSystem& files,
                                                     const DomainSegmentState& state,
                                                     DictionaryKind kind);

  // As `open`, for a file of which nothing else is known.
  static Result<std::unique_ptr<DomainSegment>> open_file(std::unique_ptr<ReadableFile> file);

  const DomainLayout& layout() const { return layout_; }
  // That the footer states, which covers those of all chunks.
  std::uint64_t checksum() const { return checksum_; }

  // Codes of the values found are written; others are left as they are. The kind must be the
  // segment's.
  void find(std::span<const std::int64_t> values, std::span<std::uint32_t> codes) const;
  void find(std::span<const std::string_view> values, std::span<std::uint32_t> codes) const;

  // `position` below layout().count; 0 or empty where the bytes are damaged.
  std::int64_t int64_at(std::uint32_t position) const;
  std::string_view string_at(std::uint32_t position) const;

  Result<void> damage() const { return verifier_->damage(); }
  // Tests every chunk, and that the index leads to every value and no two values are equal.
  Result<void> verify() const;

 private:
  DomainSegment(std::unique_ptr<ReadableFile> file, std::span<const std::byte> bytes,
                const DomainLayout& layout, std::uint64_t checksum,
                std::unique_ptr<ChunkVerifier> verifier);

  template <bool kVerified, typename T>
  void find_group(std::span<const T> values, std::span<std::uint32_t> codes) const;
  template <bool kVerified>
  void find_direct(std::span<const std::int64_t> values, std::span<std::uint32_t> codes) const;
  template <bool kVerified, typename T>
  void find_all(std::span<const T> values, std::span<std::uint32_t> codes) const;

  template <bool kVerified>
  std::uint32_t slot_at(std::uint64_t slot) const;
  template <bool kVerified>
  bool equals(std::uint32_t position, std::int64_t value) const;
  template <bool kVerified>
  bool equals(std::uint32_t position, std::string_view value) const;
  template <bool kVerified>
  std::string_view text_at(std::uint32_t position) const;
  std::uint64_t offset_at(std::uint64_t index) const;
  void prefetch_value(std::uint32_t position, std::int64_t) const;
  void prefetch_value(std::uint32_t position, std::string_view) const;
  void prefetch_text(std::uint64_t begin, std::uint64_t end) const;
  bool is_verified(std::size_t lookups) const;
  void learn_index() const;
  void learn_size() const;
  void copy_index() const;

  std::unique_ptr<ReadableFile> file_;
  std::span<const std::byte> bytes_;
  DomainLayout layout_;
  std::uint64_t checksum_;
  std::unique_ptr<ChunkVerifier> verifier_;
  mutable std::atomic<std::uint64_t> lookups_{0};
  mutable std::atomic<bool> has_learned_{false};
  // Parts of `bytes_`.
  const std::int64_t* numbers_ = nullptr;
  const std::byte* offsets_ = nullptr;
  const char* text_ = nullptr;
  const std::uint32_t* index_ = nullptr;
  // Of a direct index: value after value without a gap, so that nothing needs to be looked up.
  mutable std::atomic<bool> is_in_order_{false};
  // Where all texts are of one size: that size.
  mutable std::atomic<std::uint64_t> text_size_{0};
  // A copy of a direct index in larger pages, for those who look up many values; null before.
  mutable std::vector<std::uint32_t, HugePageAllocator<std::uint32_t>> copied_index_;
  mutable std::atomic<const std::uint32_t*> near_index_{nullptr};
};

}  // namespace stave
