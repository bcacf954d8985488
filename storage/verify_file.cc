// Reads a file as every reader does, then holds it to what its manifest says of it.
#include "storage/verify_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/column_file.h"
#include "storage/domain_segment.h"
#include "storage/pack_check.h"
#include "storage/store_path.h"

namespace stave {
namespace {

// What lies in a pack is verified by itself; this is for the bytes that no snapshot names any more.
Result<void> verify_pack(const FileSystem& files, const FileToVerify& target,
                         FileVerification& outcome) {
  const auto sound = check_pack(files, {target.file.path, target.file.size, target.file.checksum});
  return sound ? sound : note_damage(sound.error(), "", outcome.damages);
}

Result<void> verify_column(const FileSystem& files, const FileToVerify& target,
                           Predictors& predictors, FileVerification& outcome) {
  const std::string name = target.owner.empty()
                               ? target.file.path
                               : fmt::format("{} ({})", target.owner, place_text(target.file));
  const auto reader =
      target.segment_column.file.exists()
          ? open_segment_column(files, target.segment_column, predictors)
          : ColumnFileReader::open(files, target.file, target.physical, predictors.packs());
  if (!reader) {
    const std::string where = target.owner.empty() ? "" : name + ": ";
    return note_damage(reader.error(), where, outcome.damages);
  }
  const std::uint64_t rows = (*reader)->rows();
  if (target.at_most ? rows > target.rows : rows != target.rows) {
    outcome.damages.push_back(fmt::format("{}: the file has {} rows, {}{} expected", name, rows,
                                          target.at_most ? "at most " : "", target.rows));
  }
  DecodedBlock block;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
    ++outcome.blocks;
    if (auto read = (*reader)->read_block(i, block); !read) {
      const std::string where = fmt::format("{}: block {}: ", name, i);
      if (auto noted = note_damage(read.error(), where, outcome.damages); !noted) {
        return noted;
      }
    } else if (target.physical == Physical::kCode && !block.codes.empty()) {
      const std::uint32_t largest =
          *std::max_element(block.codes.begin(), block.codes.begin() + block.rows);
      if (largest > target.largest_code) {
        outcome.damages.push_back(fmt::format("{}: block {}: code {} is beyond its domain of {}",
                                              name, i, largest, target.largest_code));
      }
    }
  }
  if (const auto sound = (*reader)->verify_code_filter(); !sound) {
    return note_damage(sound.error(), name + ": ", outcome.damages);
  }
  return {};
}

Result<void> verify_domain_segment(const FileSystem& files, const FileToVerify& target,
                                   FileVerification& outcome) {
  const auto segment = DomainSegment::open(files, target.domain_segment, target.domain_kind);
  ++outcome.blocks;
  const auto sound = segment ? (*segment)->verify() : Result<void>(pass(segment));
  return sound ? sound : note_damage(sound.error(), "", outcome.damages);
}

}  // namespace

// A fault is a line of the report, unless it says nothing about the file: memory ran out.
Result<void> note_damage(const Error& fault, const std::string& where,
                         std::vector<std::string>& damages) {
  if (fault.code == ErrorCode::kOutOfMemory) {
    return Failure(fault);
  }
  damages.push_back(where + fault.message);
  return {};
}

Result<FileVerification> verify_file(const FileSystem& files, const FileToVerify& target,
                                     Predictors& predictors) {
  FileVerification outcome;
  auto verified = target.is_pack ? verify_pack(files, target, outcome)
                  : target.domain_kind == DictionaryKind::kEmpty
                      ? verify_column(files, target, predictors, outcome)
                      : verify_domain_segment(files, target, outcome);
  if (!verified) {
    return pass(verified);
  }
  return outcome;
}

Result<void> note_strays(const FileSystem& files, const std::string& folder,
                         const std::vector<std::string>& known, std::vector<std::string>& strays) {
  const auto names = files.list(folder);
  if (!names) {
    return pass(names);
  }
  for (const std::string& name : *names) {
    if (std::ranges::find(known, name) == known.end()) {
      strays.push_back(path_in(folder, name));
    }
  }
  return {};
}

}  // namespace stave
