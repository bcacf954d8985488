// A whole column file of any bytes: opening and reading it ends in values or an error. As it is,
// and with the checksums of its head and its footer made right, which lets more of it be read.
#include "storage/column_file.h"

#include <cstring>
#include <string>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/column_footer.h"

namespace {

constexpr std::size_t kChecksumBytes = sizeof(std::uint64_t);
constexpr std::size_t kKindAt = 10;  // in the head

std::uint64_t word_at(std::string_view bytes, std::size_t at) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof(word));
  return word;
}

void seal(std::string& bytes, std::size_t begin, std::size_t end) {
  const std::uint64_t checksum =
      stave::checksum_of(std::string_view(bytes).substr(begin, end - begin));
  std::memcpy(bytes.data() + end, &checksum, sizeof(checksum));
}

void seal_head_and_footer(std::string& bytes) {
  seal(bytes, 0, stave::kColumnHeaderBytes - kChecksumBytes);
  const std::size_t footer_end = bytes.size() - stave::kColumnTrailerBytes;
  const std::uint64_t footer_bytes = word_at(bytes, footer_end);
  if (footer_bytes <= footer_end) {
    seal(bytes, footer_end - footer_bytes, footer_end + kChecksumBytes);
  }
}

void read(std::string_view bytes, stave::Physical kind) {
  const auto files = stave::memory_file_system("fuzz");
  auto file = files->create("a.col");
  if (!(*file)->append(std::as_bytes(std::span<const char>(bytes)))) return;
  // A manifest would name the file by the checksum that its trailer states.
  const std::uint64_t stated = bytes.size() < stave::kColumnTrailerBytes
                                   ? 0
                                   : word_at(bytes, bytes.size() - 2 * kChecksumBytes);
  const auto reader = stave::ColumnFileReader::open(
      *files, stave::FileReference{"a.col", bytes.size(), stated}, kind);
  if (!reader) return;
  stave::DecodedBlock decoded;
  for (std::uint32_t block = 0; block < (*reader)->blocks().size(); ++block) {
    static_cast<void>((*reader)->read_block(block, decoded));
  }
  static_cast<void>((*reader)->verify_code_filter());
  std::vector<bool> may_hold;
  for (const std::uint32_t code : {0U, 7U, ~0U}) (*reader)->note_blocks_of(code, may_hold);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The kind that the head states, so that it is not refused as another.
  const auto kind =
      static_cast<stave::Physical>(1 + (size > kKindAt ? data[kKindAt] + 4U : 0U) % 5);
  std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes, kind);
  if (size >= stave::kColumnHeaderBytes + stave::kColumnTrailerBytes) {
    seal_head_and_footer(bytes);
    read(bytes, kind);
  }
  return 0;
}
