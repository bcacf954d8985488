// Files are opened as queries open them: manifests and the marker by Snapshot, domains by Domain,
// columns by ColumnFileReader.
#include "tests/campaign/support/store_reading.h"

#include "storage/checksum.h"
#include "storage/column_file.h"
#include "storage/domain.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/verify.h"
#include "storage/verify_file.h"
#include "tests/campaign/support/must.h"

namespace stave::campaign {
namespace {

template <typename T>
void add_all(const std::vector<T>& values, std::uint32_t rows, RunningChecksum& sum) {
  sum.add(std::as_bytes(std::span(values).first(rows)));
}

void add_block(const DecodedBlock& block, RunningChecksum& sum) {
  switch (block.physical) {
    case Physical::kCode:
      add_all(block.codes, block.rows, sum);
      break;
    case Physical::kInt64:
      add_all(block.int64s, block.rows, sum);
      break;
    case Physical::kInt128:
      add_all(block.int128s, block.rows, sum);
      break;
    case Physical::kFloat64:
      add_all(block.float64s, block.rows, sum);
      break;
    case Physical::kString:
      for (std::uint32_t row = 0; row < block.rows; ++row) {
        sum.add(block.strings[row]);
        sum.add(std::string_view("\0", 1));
      }
  }
  sum.add(std::as_bytes(std::span(block.validity)));
}

// The file systems here know no owner: an image outlives every snapshot of it.
std::shared_ptr<FileSystem> unowned(const StoreImage& image) {
  return {std::shared_ptr<FileSystem>(), const_cast<StoreImage*>(&image)};
}

}  // namespace

StoreReading::StoreReading(const StoreImage& image) : image_(image), sound_(image.contents()) {
  const auto snapshots = list_snapshots(image);
  for (const std::uint64_t snapshot : *snapshots) {
    files_.add(must(read_manifest(image, snapshot)));
    last_snapshot_ = snapshot;
  }
  for (const auto& [path, content] : image.contents()) {
    right_[path] = must(read(path));
    const auto named = files_.all().find({path, 0});
    if (named != files_.all().end() && !named->second.is_pack &&
        named->second.domain_kind == DictionaryKind::kEmpty) {
      const auto reader =
          must(ColumnFileReader::open(image, named->second.file, named->second.physical));
      for (const BlockSummary& block : reader->blocks()) {
        blocks_[path].push_back(block.offset);
        predicted_blocks_ += block.is_predicted ? 1 : 0;
      }
      blocks_[path].push_back(reader->blocks().back().offset + reader->blocks().back().size);
    }
  }
}

Result<std::uint64_t> StoreReading::read(const std::string& path) const {
  const auto named = files_.all().find({path, 0});
  if (named == files_.all().end()) {
    return read_manifest_file(path);
  }
  if (named->second.is_pack) {
    return read_pack(path);
  }
  return named->second.domain_kind == DictionaryKind::kEmpty ? read_column(named->second)
                                                             : read_domain(named->second);
}

Result<std::uint64_t> StoreReading::read_manifest_file(const std::string& path) const {
  const auto last = Snapshot::open(unowned(image_));
  if (!last) {
    return pass(last);
  }
  const std::string state = encode_manifest((*last)->manifest());
  const auto number = snapshot_of_file_name(path.substr(path.find('/') + 1));
  if (!number || *number == last_snapshot_) {
    return checksum_of(state);
  }
  const auto manifest = read_manifest(image_, *number);
  if (!manifest) {
    return pass(manifest);
  }
  return checksum_of(state + encode_manifest(*manifest));
}

Result<std::uint64_t> StoreReading::read_pack(const std::string& path) const {
  RunningChecksum sum;
  for (auto at = files_.all().upper_bound({path, 0});
       at != files_.all().end() && at->second.file.path == path; ++at) {
    const auto column = read_column(at->second);
    if (!column) {
      return column;
    }
    sum.add(std::as_bytes(std::span(&*column, 1)));
  }
  return sum.value();
}

Result<std::uint64_t> StoreReading::read_column(const FileToVerify& file) const {
  Predictors predictors;
  if (file.file.is_packed) {
    const FileReference& pack = files_.all().find({file.file.path, 0})->second.file;
    predictors.packs().expect({{pack.path, pack.size, pack.checksum}});
  }
  const auto reader =
      file.segment_column.file.exists()
          ? open_segment_column(image_, file.segment_column, predictors)
          : ColumnFileReader::open(image_, file.file, file.physical, predictors.packs());
  if (!reader) {
    return pass(reader);
  }
  RunningChecksum sum;
  thread_local DecodedBlock block;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
    if (auto decoded = (*reader)->read_block(i, block); !decoded) {
      return pass(decoded);
    }
    add_block(block, sum);
    const BlockSummary& summary = (*reader)->blocks()[i];
    const std::int64_t zone[] = {summary.nulls, summary.has_range, summary.min, summary.max};
    sum.add(std::as_bytes(std::span(zone)));
  }
  return sum.value();
}

Result<std::uint64_t> StoreReading::read_domain(const FileToVerify& file) const {
  DomainState state;
  state.kind = file.domain_kind;
  state.size = file.domain_segment.first_code + file.domain_segment.count - 1;
  state.segments = {file.domain_segment};
  const auto domain = Domain::open(image_, state);
  if (!domain) {
    return pass(domain);
  }
  RunningChecksum sum;
  const auto add_code = [&](std::uint32_t code) { sum.add(std::as_bytes(std::span(&code, 1))); };
  for (std::uint32_t code = file.domain_segment.first_code; code <= state.size; ++code) {
    if (state.kind == DictionaryKind::kInt64) {
      const std::int64_t value = (*domain)->int64_at(code);
      sum.add(std::as_bytes(std::span(&value, 1)));
      add_code((*domain)->find_int64(value));
      add_code((*domain)->find_int64(value + 1));
    } else {
      const std::string value((*domain)->string_at(code));
      sum.add(value);
      add_code((*domain)->find_string(value));
      add_code((*domain)->find_string(value + "?"));
    }
  }
  if (auto sound = (*domain)->damage(); !sound) {
    return pass(sound);
  }
  return sum.value();
}

std::vector<std::string> StoreReading::verify(const std::string& path) const {
  std::vector<std::string> damages;
  Predictors predictors;
  for (auto at = files_.all().lower_bound({path, 0});
       at != files_.all().end() && at->second.file.path == path; ++at) {
    const auto found = must(verify_file(image_, at->second, predictors)).damages;
    damages.insert(damages.end(), found.begin(), found.end());
  }
  if (files_.has(path)) {
    return damages;
  }
  const auto report = verify_store(image_, 1);
  return report ? report->damages : std::vector<std::string>{report.error().message};
}

const std::vector<std::uint64_t>& StoreReading::blocks_of(const std::string& path) const {
  static const std::vector<std::uint64_t> kNone;
  const auto found = blocks_.find(path);
  return found == blocks_.end() ? kNone : found->second;
}

}  // namespace stave::campaign
