// The index is small and written anew with every change; a file is never written twice.
#include "storage/kept_reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/file_header.h"
#include "storage/store_folder.h"
#include "storage/store_path.h"
#include "storage/verify_file.h"

namespace stave {
namespace {

const std::string kIndexPath = kKeptFolder + "/index";

bool comes_before(const KeptEntry& one, const KeptEntry& other) {
  const auto key = [](const KeptEntry& entry) {
    return std::tie(entry.question.report, entry.question.parameters, entry.question.now);
  };
  return key(one) < key(other);
}

std::string index_bytes(std::vector<KeptEntry> entries) {
  std::ranges::sort(entries, comes_before);
  std::string bytes = new_file_header(kKeptIndexMagic);
  ByteWriter out(bytes);
  out.write_varint(entries.size());
  for (const KeptEntry& entry : entries) {
    out.write_text(entry.question.report);
    out.write_varint(entry.question.parameters.size());
    for (const auto& [name, value] : entry.question.parameters) {
      out.write_text(name);
      out.write_text(value);
    }
    out.write_text(entry.question.now);
    out.write_varint(entry.number);
    out.write_varint(entry.bytes);
    out.write_u64(entry.checksum);
  }
  seal_file_header(bytes, checksum_of(std::string_view(bytes).substr(kChecksummedFrom)));
  return bytes;
}

// Files that the index does not name, for good; faults leave them to the next time.
void remove_unnamed(FileSystem& files, const std::vector<KeptEntry>& entries) {
  const auto names = files.list(kKeptFolder);
  if (!names) {
    return;
  }
  for (const std::string& name : *names) {
    const std::string path = path_in(kKeptFolder, name);
    const bool is_named = std::ranges::any_of(
        entries, [&](const KeptEntry& entry) { return kept_path(entry.number) == path; });
    if (path != kIndexPath && !is_named && !path.ends_with('/')) {
      [[maybe_unused]] const auto removed = files.remove(path);
    }
  }
  if (entries.empty()) {
    [[maybe_unused]] const auto removed = files.remove(kIndexPath);
    [[maybe_unused]] const auto gone = files.remove(kKeptFolder);
  }
}

Result<void> publish(FileSystem& files, const std::vector<KeptEntry>& entries) {
  auto replaced = replace_durably(files, kKeptFolder, kIndexPath, index_bytes(entries));
  if (!replaced) {
    return replaced;
  }
  remove_unnamed(files, entries);
  return {};
}

}  // namespace

Failure damaged_kept(const std::string& path, const std::string& what) {
  return fail(ErrorCode::kDamaged,
              fmt::format("{}: {}. Run `stave repair`, then `stave refresh`.", what, path));
}

std::string kept_path(std::uint64_t number) {
  return fmt::format("{}/{:06}.kept", kKeptFolder, number);
}

Result<std::vector<KeptEntry>> decode_kept_index(std::string_view bytes, const std::string& path) {
  const auto stated = stated_checksum(bytes, kKeptIndexMagic, "index of kept reports", path);
  if (!stated) {
    return damaged_kept(path, "The index of kept reports does not begin as it must");
  }
  if (*stated != checksum_of(bytes.substr(kChecksummedFrom))) {
    return damaged_kept(path, "The index of kept reports is not what was written");
  }
  if (auto checked = check_file_version(bytes, "index of kept reports", path); !checked) {
    return pass(checked);
  }
  ByteReader in(bytes.substr(kFileHeaderBytes));
  std::vector<KeptEntry> entries;
  for (std::uint64_t left = in.read_varint(); left > 0 && in.ok(); --left) {
    KeptEntry entry;
    entry.question.report = in.read_text();
    for (std::uint64_t more = in.read_varint(); more > 0 && in.ok(); --more) {
      std::string name(in.read_text());
      entry.question.parameters.emplace(std::move(name), in.read_text());
    }
    entry.question.now = in.read_text();
    entry.number = in.read_varint();
    entry.bytes = in.read_varint();
    entry.checksum = in.read_u64();
    entries.push_back(std::move(entry));
  }
  if (!in.finished()) {
    return damaged_kept(path, "The index of kept reports does not end as it must");
  }
  return entries;
}

Result<std::vector<KeptEntry>> read_kept_index(const FileSystem& files) {
  const auto there = files.exists(kIndexPath);
  if (!there) {
    return pass(there);
  }
  if (!*there) {
    return std::vector<KeptEntry>();
  }
  const auto bytes = read_whole(files, kIndexPath);
  if (!bytes) {
    return pass(bytes);
  }
  return decode_kept_index(*bytes, files.root() + "/" + kIndexPath);
}

Result<std::string> read_kept_file(const FileSystem& files, const KeptEntry& entry) {
  const std::string path = kept_path(entry.number);
  auto bytes = read_whole(files, path);
  if (!bytes && bytes.error().code != ErrorCode::kNotFound) {
    return bytes;
  }
  if (!bytes || bytes->size() != entry.bytes || checksum_of(*bytes) != entry.checksum) {
    return damaged_kept(files.root() + "/" + path,
                        fmt::format("The kept result of {} is {}", entry.question.report,
                                    bytes ? "not what was written" : "missing"));
  }
  return bytes;
}

Result<void> keep_result(FileSystem& files, const KeptQuestion& question, std::string_view bytes) {
  auto entries = read_kept_index(files);
  if (!entries) {
    return pass(entries);
  }
  KeptEntry entry{question, 1, bytes.size(), checksum_of(bytes)};
  for (const KeptEntry& known : *entries) {
    entry.number = std::max(entry.number, known.number + 1);
  }
  std::erase_if(*entries, [&](const KeptEntry& known) { return known.question == question; });
  if (auto written = write_anew(files, kept_path(entry.number), bytes); !written) {
    return written;
  }
  entries->push_back(std::move(entry));
  return publish(files, *entries);
}

Result<std::uint64_t> forget_results(FileSystem& files, const std::string& report) {
  auto entries = read_kept_index(files);
  if (!entries) {
    return pass(entries);
  }
  const std::uint64_t forgotten = std::erase_if(
      *entries, [&](const KeptEntry& known) { return known.question.report == report; });
  if (forgotten > 0) {
    if (auto published = publish(files, *entries); !published) {
      return pass(published);
    }
  }
  return forgotten;
}

Result<void> verify_kept(const FileSystem& files, VerifyReport& report) {
  const auto there = files.exists(kKeptFolder);
  if (!there || !*there) {
    return there ? Result<void>() : Result<void>(pass(there));
  }
  const auto entries = read_kept_index(files);
  if (!entries) {
    return note_damage(entries.error(), "", report.damages);
  }
  std::vector<std::string> known{"index"};
  if (const auto index = files.open(kIndexPath)) {
    ++report.files;
    report.bytes += (*index)->size();
  }
  for (const KeptEntry& entry : *entries) {
    if (entry.number == 0) {
      continue;
    }
    known.push_back(kept_path(entry.number).substr(kKeptFolder.size() + 1));
    ++report.files;
    report.bytes += entry.bytes;
    const auto bytes = read_kept_file(files, entry);
    if (bytes) {
      continue;
    }
    // A refresh may have replaced it meanwhile.
    const auto now = read_kept_index(files);
    const bool is_named = !now || std::ranges::any_of(*now, [&](const KeptEntry& other) {
      return other.number == entry.number;
    });
    if (!is_named) {
      continue;
    }
    if (auto noted = note_damage(bytes.error(), "", report.damages); !noted) {
      return noted;
    }
  }
  return note_strays(files, kKeptFolder, known, report.strays);
}

Result<std::vector<std::string>> repair_kept(FileSystem& files, bool drop_all, bool dry_run) {
  std::vector<std::string> notes;
  auto entries = read_kept_index(files);
  if (!entries && entries.error().code != ErrorCode::kDamaged) {
    return pass(entries);
  }
  if (!entries) {
    notes.push_back(
        "The index of kept reports is damaged, so none is kept any more. Materialize them again.");
    entries = std::vector<KeptEntry>();
  }
  for (KeptEntry& entry : *entries) {
    if (entry.number == 0) {
      continue;
    }
    if (!drop_all) {
      const auto bytes = read_kept_file(files, entry);
      if (bytes) {
        continue;
      }
      if (bytes.error().code != ErrorCode::kDamaged) {
        return pass(bytes);
      }
    }
    notes.push_back(fmt::format("The kept result of {} is dropped; `stave refresh` makes it again.",
                                entry.question.report));
    entry.number = entry.bytes = entry.checksum = 0;
  }
  if (!notes.empty() && !dry_run) {
    if (auto published = publish(files, *entries); !published) {
      return pass(published);
    }
  }
  return notes;
}

}  // namespace stave
