// Damage may show in the last block of a day, when rows of the first are long counted: so all is
// read before anything is.
#include "engine/scan/damaged_segments.h"

#include <fmt/format.h>

#include "engine/scan/table_source.h"
#include "storage/open_packs.h"
#include "storage/type_text.h"

namespace stave {

namespace {

// What is wrong with a file; empty: nothing. Faults that say nothing about the file show again when
// it is read.
std::string damage_in(const TableSource& table, std::uint32_t segment, int column) {
  const Result<const ColumnFileReader*> file = table.file(segment, column);
  if (!file) return file.error().code == ErrorCode::kDamaged ? file.error().message : "";
  if (*file == nullptr) return "";
  DecodedBlock block;
  for (std::uint32_t i = 0; i < (*file)->blocks().size(); ++i) {
    const Result<void> read = (*file)->read_block(i, block);
    if (!read && read.error().code == ErrorCode::kDamaged) return read.error().message;
  }
  return "";
}

}  // namespace

std::vector<std::string> SkippedSegments::sentences() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [segment, sentence] : sentences_) all.push_back(sentence);
  return all;
}

void leave_out_damaged(const TableSource& table, ExecutionContext& context,
                       std::vector<RowSpan>& spans) {
  SkippedSegments* skipped = context.options().skipped;
  if (skipped == nullptr || !table.is_fact()) return;
  const std::lock_guard lock(skipped->mutex_);
  const auto damage_of = [&](std::uint32_t segment) -> std::string {
    for (int column = 0; column < static_cast<int>(table.columns()); ++column) {
      const FileReference* file = table.is_day(column) ? nullptr : table.reference(segment, column);
      if (file == nullptr) continue;
      const auto [known, is_new] = skipped->damage_of_file_.try_emplace(place_text(*file));
      if (is_new) known->second = damage_in(table, segment, column);
      if (!known->second.empty()) return known->second;
    }
    return "";
  };
  std::vector<RowSpan> kept;
  for (const RowSpan& span : spans) {
    const std::string damage = damage_of(span.segment);
    if (damage.empty()) {
      kept.push_back(span);
      continue;
    }
    const SegmentState& segment = table.segment(span.segment);
    const std::string day = segment.day == kNoDay ? "without a day" : date_text(segment.day);
    skipped->sentences_.try_emplace(
        {fmt::format("{} {:011}", table.schema().name, std::int64_t{segment.day} - kNoDay),
         segment.id},
        fmt::format("Rows are left out of the result: {} of {} {}, since a file is damaged: {}",
                    segment.rows, table.schema().name, day, damage));
  }
  spans = std::move(kept);
}

}  // namespace stave
