// Paths are given out in the order of the segments, before threads start.
#include "tools/import/segment_packs.h"

#include <fmt/format.h>

#include "storage/pack_writer.h"
#include "tools/import/parse_time.h"

namespace stave::loading {

namespace {

// Segments of less than that, as their pieces are held, go into packs, and as much makes a pack:
// about twice what is written in the end.
constexpr std::uint64_t kMostPiecesOfSegment = 2 * kPackedSegmentBytes;
constexpr std::uint64_t kMostPiecesOfPack = 2 * kPackBytes;

std::string folder_of(const std::string& table, std::int32_t day) {
  if (day == kNoDay) return table + "/no-day";
  const CivilDay civil = civil_from_days(day);
  return fmt::format("{}/{:04}-{:02}-{:02}", table, civil.year, civil.month, civil.day);
}

}  // namespace

SegmentPacks::SegmentPacks(Load& load, std::size_t columns, std::vector<SegmentTask>& tasks)
    : transaction_(load.transaction) {
  const std::string& table = load.table.schema().name;
  for (SegmentTask& task : tasks) {
    if (task.piece_bytes > kMostPiecesOfSegment) {
      const std::string folder = folder_of(table, task.state.day);
      for (std::size_t i = 0; i < columns; ++i) {
        task.paths.push_back(load.transaction.new_path(folder, load.table.column(i).name));
      }
      continue;
    }
    if (packs_.empty() || packs_.back().piece_bytes + task.piece_bytes > kMostPiecesOfPack) {
      packs_.emplace_back().path =
          load.transaction.new_pack_path(pack_folder(table), pack_stem(task.state.day));
    }
    Pack& pack = packs_.back();
    task.pack = packs_.size() - 1;
    task.files.resize(columns);
    pack.segments.push_back(&task);
    pack.piece_bytes += task.piece_bytes;
    ++pack.unfinished;
  }
}

Result<void> SegmentPacks::finish(const SegmentTask& task) {
  if (!task.is_packed()) return {};
  Pack& pack = packs_[task.pack];
  return pack.unfinished.fetch_sub(1) == 1 ? write(pack) : Result<void>();
}

Result<void> SegmentPacks::write(Pack& pack) {
  std::uint64_t bytes = 0;
  for (const SegmentTask* segment : pack.segments) {
    for (const std::string& file : segment->files) bytes += file.size();
  }
  PackWriter writer(transaction_, pack.path, bytes);
  for (std::size_t column = 0; column < pack.segments.front()->files.size(); ++column) {
    for (SegmentTask* segment : pack.segments) {
      std::string& bytes = segment->files[column];
      if (bytes.empty()) continue;
      writer.add(bytes, segment->state.columns[column]);
      std::string().swap(bytes);  // assigned an empty text it would keep its memory
    }
  }
  return writer.finish();
}

}  // namespace stave::loading
