// See inspect_kept.h.
#include "storage/inspect_kept.h"

#include <fmt/format.h>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/file_header.h"
#include "storage/kept_reports.h"

namespace stave {

Result<std::string> inspect_kept_index(std::string_view bytes, const std::string& path) {
  const auto entries = decode_kept_index(bytes, path);
  if (!entries) {
    return pass(entries);
  }
  std::string text =
      fmt::format("index of kept reports, {} bytes, checksum as stated: {} results\n", bytes.size(),
                  entries->size());
  for (const KeptEntry& entry : *entries) {
    text += "  " + entry.question.report;
    for (const auto& [name, value] : entry.question.parameters) {
      text += fmt::format(" {}={}", name, value);
    }
    text += entry.question.now.empty() ? "" : " now=" + entry.question.now;
    text += entry.number == 0 ? ": no result\n"
                              : fmt::format(": {}, {} bytes, checksum {:016x}\n",
                                            kept_path(entry.number), entry.bytes, entry.checksum);
  }
  return text;
}

Result<std::string> inspect_kept_result(std::string_view bytes, const std::string& path) {
  const auto stated = stated_checksum(bytes, kKeptResultMagic, "kept result", path);
  if (!stated) {
    return pass(stated);
  }
  if (*stated != checksum_of(bytes.substr(kChecksummedFrom))) {
    return fail(ErrorCode::kDamaged, "A kept result is not what was written: " + path +
                                         ". Run `stave repair`, then `stave refresh`.");
  }
  if (auto checked = check_file_version(bytes, "kept result", path); !checked) {
    return pass(checked);
  }
  ByteReader in(bytes.substr(kFileHeaderBytes));
  const std::uint64_t program = in.read_u64();
  const std::uint8_t unit = in.read_u8();
  in.read_u8();
  const std::uint64_t snapshot = in.read_varint();
  const char* const units[] = {"as a whole", "by day", "by week", "by month"};
  if (!in.ok() || unit > 3) {
    return fail(ErrorCode::kDamaged, "A kept result does not begin as it must: " + path +
                                         ". Run `stave repair`, then `stave refresh`.");
  }
  return fmt::format(
      "kept result of a report, {} bytes, checksum as stated: {}, of snapshot {}, program "
      "{:016x}\n",
      bytes.size(), units[unit], snapshot, program);
}

}  // namespace stave
