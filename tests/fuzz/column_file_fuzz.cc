// A whole column file of any bytes: opening and reading it ends in values or an error.
#include "storage/column_file.h"

#include <cstring>

#include "storage/column_footer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto files = stave::memory_file_system("fuzz");
  auto file = files->create("a.col");
  if (size == 0 || !(*file)->append(std::as_bytes(std::span(data, size)))) {
    return 0;
  }
  const auto kind = static_cast<stave::Physical>(1 + data[size - 1] % 5);
  // A manifest would name the file by the checksum that its trailer states.
  std::uint64_t stated = 0;
  if (size >= stave::kColumnTrailerBytes) {
    std::memcpy(&stated, data + size - stave::kColumnTrailerBytes + 8, sizeof(stated));
  }
  const auto reader =
      stave::ColumnFileReader::open(*files, stave::FileReference{"a.col", size, stated}, kind);
  if (!reader) {
    return 0;
  }
  stave::DecodedBlock decoded;
  for (std::uint32_t block = 0; block < (*reader)->blocks().size(); ++block) {
    static_cast<void>((*reader)->read_block(block, decoded));
  }
  return 0;
}
