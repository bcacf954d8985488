// Values go out in code order, then the index, then the checksums of all chunks: one pass, so that
// memory is needed for the index alone. With several threads it is made while values are written.
#include "storage/domain_segment_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <thread>
#include <vector>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/chunk_verifier.h"
#include "storage/domain_hash.h"
#include "storage/domain_layout.h"
#include "storage/file_header.h"
#include "storage/guarded.h"
#include "storage/huge_pages.h"

namespace stave {
namespace {

// Integers whose range is at most this many times their count are indexed directly.
constexpr std::uint64_t kDirectSpread = 3;
// With fewer values to start a thread takes longer than the index.
constexpr std::uint32_t kFewestForThread = 1 << 14;
constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
static_assert(kBufferBytes % ChunkVerifier::kChunkBytes == 0);

// Appends to a file, in buffers of whole chunks, and keeps all the checksums.
class BodyWriter {
 public:
  explicit BodyWriter(WritableFile& file) : file_(file) { buffer_.reserve(kBufferBytes + 64); }

  Result<void> append(std::string_view bytes) {
    while (buffer_.size() + bytes.size() >= kBufferBytes) {
      const std::size_t part = kBufferBytes - buffer_.size();
      buffer_.append(bytes.substr(0, part));
      bytes.remove_prefix(part);
      if (auto flushed = flush(); !flushed) {
        return flushed;
      }
    }
    buffer_.append(bytes);
    return {};
  }
  template <typename T>
  Result<void> append_fixed(T value) {
    const char* bytes = reinterpret_cast<const char*>(&value);
    return append(std::string_view(bytes, sizeof(T)));
  }
  Result<void> pad() { return append(std::string_view("\0\0\0\0\0\0\0", (8 - (size() % 8)) % 8)); }

  // Ends the body and writes checksums and footer.
  Result<void> finish(std::string footer) {
    if (auto flushed = flush(); !flushed) {
      return flushed;
    }
    std::string table;
    ByteWriter out(table);
    for (const std::uint64_t chunk : chunks_) {
      out.write_u64(chunk);
    }
    RunningChecksum checksum;
    checksum.add(table);
    checksum.add(std::string_view(footer).substr(kChecksummedFrom));
    stated_ = checksum.value();
    seal_file_header(footer, stated_);
    for (const std::string& part : {table, footer}) {
      if (auto put = file_.append(std::as_bytes(std::span(part))); !put) {
        return put;
      }
    }
    return {};
  }
  std::uint64_t size() const { return written_ + buffer_.size(); }
  // That the footer states.
  std::uint64_t checksum() const { return stated_; }

 private:
  Result<void> flush() {
    const std::string_view all(buffer_);
    for (std::size_t i = 0; i < all.size(); i += ChunkVerifier::kChunkBytes) {
      chunks_.push_back(checksum_of(all.substr(i, ChunkVerifier::kChunkBytes)));
    }
    written_ += all.size();
    auto put = file_.append(std::as_bytes(std::span(buffer_)));
    buffer_.clear();
    return put;
  }

  WritableFile& file_;
  std::string buffer_;
  std::uint64_t written_ = 0;
  std::vector<std::uint64_t> chunks_;
  std::uint64_t stated_ = 0;
};

DomainLayout plan_layout(const DomainValues& values, std::uint32_t first_code,
                         std::uint32_t count) {
  DomainLayout layout;
  layout.kind = values.kind();
  layout.first_code = first_code;
  layout.count = count;
  layout.position_bits = static_cast<std::uint8_t>(std::bit_width(count));
  layout.slots = std::uint64_t{count} + count / 2 + 1;
  if (layout.kind == DictionaryKind::kString) {
    for (std::uint32_t i = 0; i < count; ++i) {
      layout.text_bytes += values.string_at(first_code + i).size();
    }
    layout.offset_bytes = layout.text_bytes <= 0xFFFFFFFFU ? 4 : 8;
    return layout;
  }
  std::int64_t minimum = std::numeric_limits<std::int64_t>::max();
  std::int64_t maximum = std::numeric_limits<std::int64_t>::min();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::int64_t value = values.int64_at(first_code + i);
    minimum = std::min(minimum, value);
    maximum = std::max(maximum, value);
  }
  const std::uint64_t span =
      static_cast<std::uint64_t>(maximum) - static_cast<std::uint64_t>(minimum);
  if (span < kDirectSpread * count) {
    layout.index_kind = DomainIndexKind::kDirect;
    layout.position_bits = 0;
    layout.slots = span + 1;
    layout.minimum = minimum;
  }
  return layout;
}

Result<void> write_values(const DomainValues& values, const DomainLayout& layout, BodyWriter& out) {
  if (layout.kind == DictionaryKind::kInt64) {
    for (std::uint32_t i = 0; i < layout.count; ++i) {
      if (auto put = out.append_fixed(values.int64_at(layout.first_code + i)); !put) {
        return put;
      }
    }
    return {};
  }
  std::uint64_t offset = 0;
  for (std::uint32_t i = 0; i <= layout.count; ++i) {
    auto put = layout.offset_bytes == 4 ? out.append_fixed(static_cast<std::uint32_t>(offset))
                                        : out.append_fixed(offset);
    if (!put) {
      return put;
    }
    offset += i < layout.count ? values.string_at(layout.first_code + i).size() : 0;
  }
  if (auto put = out.pad(); !put) {
    return put;
  }
  for (std::uint32_t i = 0; i < layout.count; ++i) {
    if (auto put = out.append(values.string_at(layout.first_code + i)); !put) {
      return put;
    }
  }
  return out.pad();
}

using Index = std::vector<std::uint32_t, HugePageAllocator<std::uint32_t>>;

template <typename ValueOf>
void fill_hash_index(const DomainLayout& layout, ValueOf value_of, Index& index) {
  const SlotFormat format{layout.position_bits};
  std::array<std::uint64_t, kLookupGroup> hashes;
  for (std::uint32_t begin = 0; begin < layout.count; begin += kLookupGroup) {
    const std::uint32_t count = std::min<std::uint32_t>(kLookupGroup, layout.count - begin);
    for (std::uint32_t i = 0; i < count; ++i) {
      hashes[i] = domain_hash(value_of(layout.first_code + begin + i));
      __builtin_prefetch(&index[slot_of(hashes[i], layout.slots)], 1);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint64_t slot = slot_of(hashes[i], layout.slots);
      while (index[slot] != 0) {
        slot = slot + 1 == layout.slots ? 0 : slot + 1;
      }
      index[slot] = format.word(hashes[i], begin + i);
    }
  }
}

Index build_index(const DomainValues& values, const DomainLayout& layout) {
  Index index(layout.slots);
  if (layout.index_kind == DomainIndexKind::kDirect) {
    for (std::uint32_t i = 0; i < layout.count; ++i) {
      const std::int64_t value = values.int64_at(layout.first_code + i);
      index[static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(layout.minimum)] = i + 1;
    }
  } else if (layout.kind == DictionaryKind::kInt64) {
    fill_hash_index(
        layout, [&](std::uint32_t code) { return values.int64_at(code); }, index);
  } else {
    fill_hash_index(
        layout, [&](std::uint32_t code) { return values.string_at(code); }, index);
  }
  return index;
}

// The index, made by a thread of its own beside the caller's work. Where no thread can be had, it
// is made when it is asked for.
class IndexBeside {
 public:
  IndexBeside(const DomainValues& values, const DomainLayout& layout, bool has_thread)
      : values_(values), layout_(layout) {
    if (!has_thread) {
      return;
    }
    [[maybe_unused]] const auto started =
        guarded("a thread was started that indexes a key domain", [this]() -> Result<void> {
          thread_ = std::thread([this] { build(); });
          return {};
        });
  }
  ~IndexBeside() {
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  IndexBeside(const IndexBeside&) = delete;
  IndexBeside& operator=(const IndexBeside&) = delete;

  Result<std::string_view> bytes() {
    if (thread_.joinable()) {
      thread_.join();
    } else {
      build();
    }
    if (!built_) {
      return pass(built_);
    }
    return std::string_view(reinterpret_cast<const char*>(index_.data()), index_.size() * 4);
  }

 private:
  void build() {
    built_ = guarded("a key domain was indexed", [this]() -> Result<void> {
      index_ = build_index(values_, layout_);
      return {};
    });
  }

  const DomainValues& values_;
  const DomainLayout& layout_;
  Index index_;
  Result<void> built_;
  std::thread thread_;
};

}  // namespace

Result<DomainSegmentState> write_domain_segment(FileSystem& files, const std::string& path,
                                                const DomainValues& values,
                                                std::uint32_t first_code, std::uint32_t count,
                                                int threads) {
  auto file = files.create(path);
  if (!file) {
    return pass(file);
  }
  const DomainLayout layout = plan_layout(values, first_code, count);
  IndexBeside index(values, layout, threads > 1 && count >= kFewestForThread);
  BodyWriter out(**file);
  auto put = out.append(kDomainMagic);
  if (put) {
    put = write_values(values, layout, out);
  }
  if (put) {
    const auto bytes = index.bytes();
    put = bytes ? out.append(*bytes) : pass(bytes);
  }
  if (put) {
    put = out.pad();
  }
  if (put && out.size() != layout.body_bytes()) {
    return fail(
        ErrorCode::kInternal,
        fmt::format("A key domain changed while it was written: {}. Please report this.", path));
  }
  if (put) {
    put = out.finish(encode_domain_footer(layout));
  }
  if (!put) {
    return pass(put);
  }
  (*file)->start_writeback();
  DomainSegmentState state;
  state.file = {path, layout.file_bytes(), out.checksum()};
  state.first_code = first_code;
  state.count = count;
  return state;
}

}  // namespace stave
