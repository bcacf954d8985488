// Ids are given out in the order of days, so that they do not depend on threads.
#include "tools/import/segment_task.h"

namespace stave::loading {

namespace {

// Bounds the memory of putting one segment together.
constexpr std::uint64_t kMostSegmentRows = 4'000'000;

}  // namespace

std::vector<SegmentTask> plan_segments(Load& load, std::size_t columns) {
  std::vector<SegmentTask> tasks;
  Manifest& manifest = load.transaction.manifest();
  const TableState& table = *manifest.find_table(load.table.schema().name);
  for (const auto& [day, pieces] : load.pieces.days()) {
    bool begin = true;
    for (const Piece& piece : pieces) {
      if (begin || tasks.back().state.rows + std::uint64_t{piece.rows} > kMostSegmentRows) {
        tasks.emplace_back();
        tasks.back().state.id = manifest.next_segment_id++;
        tasks.back().state.loads = {load.load_id};
        tasks.back().state.day = day;
        tasks.back().state.cluster_version = table.cluster_version;
        tasks.back().state.columns.resize(columns);
        tasks.back().state.predictors.resize(columns);
        begin = false;
      }
      tasks.back().state.rows += piece.rows;
      tasks.back().piece_bytes += piece.bytes();
      tasks.back().pieces.push_back(&piece);
    }
  }
  return tasks;
}

std::uint64_t rows_of(const std::vector<SegmentTask>& tasks) {
  std::uint64_t rows = 0;
  for (const SegmentTask& task : tasks) rows += task.state.rows;
  return rows;
}

}  // namespace stave::loading
