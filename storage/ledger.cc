// The ledger is one small text, replaced as a whole by a rename; the files of an entry are durable
// before it.
#include "storage/ledger.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <future>

#include "storage/sha256.h"
#include "storage/store_folder.h"
#include "storage/store_path.h"
#include "storage/verify_file.h"

namespace stave {
namespace {

constexpr std::string_view kFirstLine = "Stave ledger 1\n";
constexpr std::size_t kFields = 8;
const std::string kLedgerPath = kLedgerFolder + "/entries";

std::string path_of(const std::string& name) {
  return path_in(kLedgerFolder, name);
}

Failure damaged(const FileSystem& files, const std::string& what) {
  return fail(ErrorCode::kDamaged, fmt::format("{}: {}/{}. Put the file back from a backup.", what,
                                               files.root(), kLedgerPath));
}

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(mark);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size();
}

// Everything of an entry but its seal.
std::string sealed_text(const LedgerEntry& entry) {
  std::string names;
  for (const LedgerFile& file : entry.files) {
    names +=
        fmt::format("{}{},{},{}", names.empty() ? "" : " ", file.name, file.bytes, file.digest);
  }
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}", entry.number, entry.at, entry.kind,
                     entry.subject, entry.note, names, entry.previous);
}

// Whether the line is an entry; its seal is not tested.
bool read_entry(std::string_view line, LedgerEntry& entry) {
  const std::vector<std::string_view> fields = split(line, '\t');
  if (fields.size() != kFields || !read_number(fields[0], entry.number)) {
    return false;
  }
  entry.at = fields[1];
  entry.kind = fields[2];
  entry.subject = fields[3];
  entry.note = fields[4];
  entry.previous = fields[6];
  entry.seal = fields[7];
  if (fields[5].empty()) {
    return true;
  }
  for (const std::string_view named : split(fields[5], ' ')) {
    const std::vector<std::string_view> parts = split(named, ',');
    LedgerFile file;
    if (parts.size() != 3 || parts[0].empty() || parts[0].find('/') != std::string_view::npos ||
        parts[0].starts_with('.') || !read_number(parts[1], file.bytes)) {
      return false;
    }
    file.name = parts[0];
    file.digest = parts[2];
    entry.files.push_back(std::move(file));
  }
  return true;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(
      text, [](char byte) { return static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7F; });
}

std::string time_now() {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(current_microseconds() / 1'000'000));
}

LedgerFile file_of(const std::string& name, std::span<const std::string_view> pieces) {
  LedgerFile file;
  file.name = name;
  Sha256 hash;
  for (const std::string_view piece : pieces) {
    file.bytes += piece.size();
    hash.add(piece);
  }
  file.digest = hash.finish();
  return file;
}

// Replaces the text of the ledger; what its entries name must be durable but for the names.
Result<void> write_entries(FileSystem& files, const std::vector<LedgerEntry>& entries) {
  std::string ledger(kFirstLine);
  for (const LedgerEntry& entry : entries) {
    ledger += sealed_text(entry) + "\t" + entry.seal + "\n";
  }
  return replace_durably(files, kLedgerFolder, kLedgerPath, ledger);
}

}  // namespace

Result<std::vector<LedgerEntry>> read_ledger(const FileSystem& files) {
  std::vector<LedgerEntry> entries;
  const auto there = files.exists(kLedgerPath);
  if (!there) {
    return pass(there);
  }
  if (!*there) {
    return entries;
  }
  const auto text = read_whole(files, kLedgerPath);
  if (!text) {
    return pass(text);
  }
  if (!text->starts_with(kFirstLine) || !text->ends_with('\n')) {
    return damaged(files, "The ledger does not begin and end as it was written");
  }
  std::string_view rest = std::string_view(*text).substr(kFirstLine.size());
  std::string previous(64, '0');
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    LedgerEntry entry;
    const bool is_entry = read_entry(rest.substr(0, end), entry);
    if (!is_entry || entry.number != entries.size() + 1 || entry.previous != previous ||
        sha256_of(sealed_text(entry)) != entry.seal) {
      return damaged(files,
                     fmt::format("The chain of the ledger breaks at entry {}", entries.size() + 1));
    }
    previous = entry.seal;
    entries.push_back(std::move(entry));
    rest.remove_prefix(end + 1);
  }
  return entries;
}

Result<std::string> read_ledger_file(const FileSystem& files, const LedgerFile& file) {
  auto text = read_whole(files, path_of(file.name));
  if (!text && text.error().code != ErrorCode::kNotFound) {
    return text;
  }
  if (!text || text->size() != file.bytes || sha256_of(*text) != file.digest) {
    return fail(
        ErrorCode::kDamaged,
        fmt::format("A file of the ledger is {}: {}/{}. Put it back from a backup.",
                    text ? "not what was written" : "missing", files.root(), path_of(file.name)));
  }
  return text;
}

Result<LedgerEntry> append_to_ledger(FileSystem& files, const std::vector<LedgerEntry>& entries,
                                     LedgerEntry entry, const std::vector<LedgerText>& texts) {
  if (!is_plain(entry.kind) || !is_plain(entry.subject) || !is_plain(entry.note)) {
    return fail(ErrorCode::kInvalidArgument,
                "An entry of the ledger holds a control character. Leave tabs and line ends out.");
  }
  entry.number = entries.size() + 1;
  entry.at = time_now();
  entry.previous = entries.empty() ? std::string(64, '0') : entries.back().seal;
  for (const LedgerText& text : texts) {
    const std::vector<std::string_view> pieces(text.pieces.begin(), text.pieces.end());
    auto described = std::async(std::launch::async | std::launch::deferred, file_of, text.name,
                                std::span(pieces));
    if (auto written = write_anew(files, path_of(text.name), pieces); !written) {
      return pass(written);
    }
    entry.files.push_back(described.get());
  }
  entry.seal = sha256_of(sealed_text(entry));
  std::vector<LedgerEntry> all = entries;
  all.push_back(entry);
  if (auto written = write_entries(files, all); !written) {
    return pass(written);
  }
  return entry;
}

Result<void> copy_ledger(const FileSystem& from, const std::vector<LedgerEntry>& entries,
                         FileSystem& to) {
  const auto known = read_ledger(to);
  if (!known) {
    return pass(known);
  }
  const auto differs =
      std::ranges::mismatch(*known, entries, {}, &LedgerEntry::seal, &LedgerEntry::seal);
  if (differs.in1 != known->end()) {
    return fail(ErrorCode::kAlreadyExists,
                fmt::format("The ledger in {} holds an entry {} that the store's has not. Choose "
                            "another folder.",
                            to.root(), differs.in1->number));
  }
  for (auto entry = differs.in2; entry != entries.end(); ++entry) {
    for (const LedgerFile& file : entry->files) {
      const auto text = read_ledger_file(from, file);
      if (!text) {
        return pass(text);
      }
      if (auto written = write_anew(to, path_of(file.name), *text); !written) {
        return written;
      }
    }
  }
  return known->size() == entries.size() ? Result<void>() : write_entries(to, entries);
}

Result<void> verify_ledger(const FileSystem& files, VerifyReport& report) {
  const auto there = files.exists(kLedgerFolder);
  if (!there || !*there) {
    return there ? Result<void>() : Result<void>(pass(there));
  }
  const auto entries = read_ledger(files);
  if (!entries) {
    return note_damage(entries.error(), "", report.damages);
  }
  std::vector<std::string> known{"entries"};
  if (const auto ledger = files.open(kLedgerPath)) {
    ++report.files;
    report.bytes += (*ledger)->size();
  }
  for (const LedgerEntry& entry : *entries) {
    for (const LedgerFile& file : entry.files) {
      known.push_back(file.name);
      ++report.files;
      report.bytes += file.bytes;
      const auto text = read_ledger_file(files, file);
      if (text) {
        continue;
      }
      if (auto noted = note_damage(text.error(), "", report.damages); !noted) {
        return noted;
      }
    }
  }
  return note_strays(files, kLedgerFolder, known, report.strays);
}

}  // namespace stave
