// A domain segment whose checksums are right: the first 40 bytes are the footer behind its head,
// the rest is the body. Look-ups and verification end and stay in bounds.
#include <algorithm>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/chunk_verifier.h"
#include "storage/domain_layout.h"
#include "storage/domain_segment.h"
#include "storage/file_header.h"

namespace {

constexpr std::size_t kFooterRest = stave::DomainLayout::kFooterBytes - stave::kFileHeaderBytes;

std::string sealed(std::string_view body, std::string_view footer_rest) {
  std::string table;
  for (std::size_t at = 0; at < body.size(); at += stave::ChunkVerifier::kChunkBytes) {
    stave::ByteWriter(table).write_u64(
        stave::checksum_of(body.substr(at, stave::ChunkVerifier::kChunkBytes)));
  }
  std::string footer = stave::new_file_header(stave::kDomainMagic) + std::string(footer_rest);
  stave::seal_file_header(footer,
                          stave::checksum_of(table + footer.substr(stave::kChecksummedFrom)));
  return std::string(body) + table + footer;
}

template <typename T>
void find(const stave::DomainSegment& segment, T value) {
  std::uint32_t code = 0;
  segment.find(std::span<const T>(&value, 1), {&code, 1});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kFooterRest) {
    return 0;
  }
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string bytes = sealed(input.substr(kFooterRest), input.substr(0, kFooterRest));
  const auto files = stave::memory_file_system("fuzz");
  if (!(*files->create("a"))->append(std::as_bytes(std::span<const char>(bytes)))) {
    return 0;
  }
  const auto segment = stave::DomainSegment::open_file(*files->open("a"));
  if (!segment) {
    return 0;
  }
  const stave::DomainLayout& layout = (*segment)->layout();
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(layout.count, 50); ++i) {
    if (layout.kind == stave::DictionaryKind::kInt64) {
      const auto value = static_cast<std::uint64_t>((*segment)->int64_at(i));
      find(**segment, static_cast<std::int64_t>(value));
      find(**segment, static_cast<std::int64_t>(value + 1));
    } else {
      const std::string value((*segment)->string_at(i));
      find(**segment, std::string_view(value));
      find(**segment, std::string_view(value + "?"));
    }
  }
  static_cast<void>((*segment)->verify());
  return 0;
}
