// Values go out in code order, then the index, then the checksums of all chunks: one pass, so that
// memory is needed for the index alone.
#include "storage/domain_segment_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/chunk_verifier.h"
#include "storage/domain_hash.h"
#include "storage/domain_layout.h"
#include "storage/file_header.h"

namespace stave {
namespace {

// Integers whose range is at most this many times their count are indexed directly.
constexpr std::uint64_t kDirectSpread = 3;
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
    const auto put = layout.offset_bytes == 4 ? out.append_fixed(static_cast<std::uint32_t>(offset))
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

std::vector<std::uint32_t> build_index(const DomainValues& values, const DomainLayout& layout) {
  std::vector<std::uint32_t> index(layout.slots);
  const SlotFormat format{layout.position_bits};
  for (std::uint32_t i = 0; i < layout.count; ++i) {
    const std::uint32_t code = layout.first_code + i;
    if (layout.index_kind == DomainIndexKind::kDirect) {
      index[static_cast<std::uint64_t>(values.int64_at(code)) -
            static_cast<std::uint64_t>(layout.minimum)] = i + 1;
      continue;
    }
    const std::uint64_t hash = layout.kind == DictionaryKind::kInt64
                                   ? domain_hash(values.int64_at(code))
                                   : domain_hash(values.string_at(code));
    std::uint64_t slot = slot_of(hash, layout.slots);
    while (index[slot] != 0) {
      slot = slot + 1 == layout.slots ? 0 : slot + 1;
    }
    index[slot] = format.word(hash, i);
  }
  return index;
}

}  // namespace

Result<DomainSegmentState> write_domain_segment(FileSystem& files, const std::string& path,
                                                const DomainValues& values,
                                                std::uint32_t first_code, std::uint32_t count) {
  auto file = files.create(path);
  if (!file) {
    return pass(file);
  }
  const DomainLayout layout = plan_layout(values, first_code, count);
  BodyWriter out(**file);
  auto put = out.append(kDomainMagic);
  if (put) {
    put = write_values(values, layout, out);
  }
  if (put) {
    const std::vector<std::uint32_t> index = build_index(values, layout);
    put = out.append({reinterpret_cast<const char*>(index.data()), index.size() * 4});
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
