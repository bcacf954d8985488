// Files say by their first eight bytes what they are.
#include "storage/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "storage/as_of.h"
#include "storage/domain_segment.h"
#include "storage/file_header.h"
#include "storage/guarded.h"
#include "storage/inspect_column.h"
#include "storage/inspect_kept.h"
#include "storage/inspect_manifest.h"
#include "storage/inspect_pack.h"
#include "storage/kept_reports.h"
#include "storage/store_folder.h"

namespace stave {
namespace {

constexpr std::string_view kColumnMagic = "STAVECOL";
constexpr std::uint32_t kValuesShown = 10;

Result<std::string> inspect_domain(std::unique_ptr<ReadableFile> file) {
  const std::uint64_t bytes = file->size();
  const auto segment = DomainSegment::open_file(std::move(file));
  if (!segment) {
    return pass(segment);
  }
  if (auto sound = (*segment)->verify(); !sound) {
    return pass(sound);
  }
  const DomainLayout& layout = (*segment)->layout();
  const bool is_text = layout.kind == DictionaryKind::kString;
  const bool is_direct = layout.index_kind == DomainIndexKind::kDirect;
  std::string text = fmt::format(
      "key domain segment, format version {}, {} bytes, all checksums as stated\n"
      "{} {} of codes {} to {}\n"
      "  {:>12}  {}\n",
      kFormatVersion, bytes, layout.count, is_text ? "strings" : "integers", layout.first_code,
      layout.first_code + layout.count - 1, layout.values_at(),
      is_text ? fmt::format("offsets of {} bytes each", layout.offset_bytes) : "values");
  if (is_text) {
    text += fmt::format("  {:>12}  text of {} bytes\n", layout.text_at(), layout.text_bytes);
  }
  text += fmt::format("  {:>12}  {}\n", layout.index_at(),
                      is_direct ? fmt::format("direct index of {} slots from value {}",
                                              layout.slots, layout.minimum)
                                : fmt::format("hash index of {} slots, {} bits of position",
                                              layout.slots, layout.position_bits));
  text += fmt::format("  {:>12}  checksums of {} chunks\n  {:>12}  footer\n\nfirst values\n",
                      layout.body_bytes(), ChunkVerifier::chunks_of(layout.body_bytes()),
                      bytes - DomainLayout::kFooterBytes);
  for (std::uint32_t i = 0; i < std::min(layout.count, kValuesShown); ++i) {
    text += is_text
                ? fmt::format("  {:>12}  {:?}\n", layout.first_code + i, (*segment)->string_at(i))
                : fmt::format("  {:>12}  {}\n", layout.first_code + i, (*segment)->int64_at(i));
  }
  return text;
}

Result<std::string> inspect_regular_file(const std::string& path) {
  const std::filesystem::path whole(path);
  const std::string folder = whole.parent_path().string();
  const auto files = posix_file_system(folder.empty() ? "." : folder);
  if (!files) {
    return pass(files);
  }
  auto file = (*files)->open(whole.filename().string());
  if (!file) {
    return pass(file);
  }
  std::string head(std::min<std::uint64_t>((*file)->size(), kMarkerHead.size()), '\0');
  if (auto read = (*file)->read(0, std::as_writable_bytes(std::span(head))); !read) {
    return pass(read);
  }
  if (head.starts_with(kManifestMagic)) {
    std::string bytes((*file)->size(), '\0');
    if (auto read = (*file)->read(0, std::as_writable_bytes(std::span(bytes))); !read) {
      return pass(read);
    }
    const auto manifest = decode_manifest(bytes, path);
    return manifest ? inspect_manifest(*manifest, bytes.size())
                    : Result<std::string>(pass(manifest));
  }
  if (head.starts_with(kDomainMagic)) {
    return inspect_domain(*std::move(file));
  }
  if (head.starts_with(kColumnMagic)) {
    return path.ends_with(kPackEnding) ? inspect_pack(path) : inspect_column_file(path);
  }
  if (head.starts_with(kKeptIndexMagic) || head.starts_with(kKeptResultMagic)) {
    const auto bytes = read_whole(**files, whole.filename().string());
    if (!bytes) {
      return pass(bytes);
    }
    return head.starts_with(kKeptIndexMagic) ? inspect_kept_index(*bytes, path)
                                             : inspect_kept_result(*bytes, path);
  }
  if (head == kMarkerHead) {
    std::string bytes((*file)->size(), '\0');
    if (auto read = (*file)->read(0, std::as_writable_bytes(std::span(bytes))); !read) {
      return pass(read);
    }
    const auto snapshot = decode_marker(bytes, path);
    return snapshot ? fmt::format(
                          "marker of a store that has snapshot {} at least, checksum as "
                          "stated\n",
                          *snapshot)
                    : Result<std::string>(pass(snapshot));
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("This file does not begin like one of a store: {}. Name a manifest, a "
                          "column file or a key domain, or run `stave verify` on the store.",
                          path));
}

Result<std::string> inspect_any(const std::string& path, const std::string& as_of) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    return inspect_regular_file(path);
  }
  const auto files = posix_file_system(path);
  if (!files) {
    return pass(files);
  }
  const auto pinned = pin_snapshot(**files, as_of);
  if (!pinned) {
    return pass(pinned);
  }
  return inspect_regular_file(path + "/" + manifest_path(pinned->snapshot));
}

}  // namespace

Result<std::string> inspect_file(const std::string& path, const std::string& as_of) {
  return guarded("a file was inspected", [&] { return inspect_any(path, as_of); });
}

}  // namespace stave
