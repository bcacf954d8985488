// Reading a file's head is enough to know its version, and refuses later ones. Files of older
// formats would be told here and written anew; the first format has none.
#include <set>

#include "storage/backup_store.h"
#include "storage/domain_segment.h"
#include "storage/files_to_verify.h"
#include "storage/guarded.h"
#include "storage/manifest.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"

namespace stave {
namespace {

Result<UpgradeReport> look(const FileSystem& store) {
  const auto last = read_last_manifest(store);
  if (!last) return pass(last);
  const auto snapshots = list_snapshots(store);
  if (!snapshots) return pass(snapshots);
  UpgradeReport report;
  report.format_version = kFormatVersion;
  FilesToVerify named;
  for (const std::uint64_t snapshot : *snapshots) {
    const auto manifest = read_manifest(store, snapshot);
    if (!manifest) return pass(manifest);
    named.add(*manifest);
    ++report.snapshots;
  }
  OpenPacks packs;
  for (const auto& [place, target] : named.all()) {
    report.files += target.file.is_packed ? 0 : 1;
    if (target.is_pack) continue;
    if (target.domain_kind != DictionaryKind::kEmpty) {
      const auto segment = DomainSegment::open(store, target.domain_segment, target.domain_kind);
      if (!segment) return pass(segment);
      continue;
    }
    const auto reader = ColumnFileReader::open(store, target.file, target.physical, packs);
    if (!reader) return pass(reader);
  }
  return report;
}

}  // namespace

Result<UpgradeReport> upgrade_store(const FileSystem& store) {
  return guarded("a store was looked at", [&] { return look(store); });
}

Result<UpgradeReport> upgrade_store(const std::string& store) {
  return guarded("a store was looked at", [&]() -> Result<UpgradeReport> {
    const auto files = open_store_root(store);
    if (!files) return pass(files);
    return look(**files);
  });
}

}  // namespace stave
