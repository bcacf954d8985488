// A row of facts is kept whole or not at all: a sum over rows that have lost a value would be wrong
// without a word. See repair_tables.h.
#include "storage/repair_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "storage/domain_segment.h"
#include "storage/pack_check.h"
#include "storage/segment_files.h"
#include "storage/segment_packer.h"
#include "storage/type_text.h"

namespace stave {
namespace {

std::uint64_t count_of(const std::vector<bool>& rows) {
  return static_cast<std::uint64_t>(std::ranges::count(rows, true));
}

std::string day_text(std::int32_t day) {
  return day == kNoDay ? "" : date_text(day);
}

}  // namespace

std::vector<std::uint32_t> rows_kept(const std::vector<bool>& lost) {
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row = 0; row < lost.size(); ++row) {
    if (!lost[row]) {
      kept.push_back(row);
    }
  }
  return kept;
}

Result<std::vector<std::string>> TableRepair::run() {
  if (auto sound = check_domains(); !sound) {
    return pass(sound);
  }
  if (auto read = check_packs(); !read) {
    return pass(read);
  }
  Manifest& manifest = transaction_.manifest();
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    const TableSchema& schema = manifest.schema.tables[i];
    TableState& table = manifest.tables[i];
    Result<void> repaired;
    if (schema.kind == TableKind::kFact) {
      repaired = repair_facts(schema, table);
    } else if (schema.is_code_addressed()) {
      repaired = repair_code_addressed(schema, table);
    } else {
      repaired = repair_rows_of_dimension(schema, table);
    }
    if (!repaired) {
      return pass(repaired);
    }
  }
  return damaged_;
}

Result<void> TableRepair::check_domains() const {
  for (const DomainState& domain : snapshot_.manifest().domains) {
    for (const DomainSegmentState& state : domain.segments) {
      const auto segment = DomainSegment::open(snapshot_.files(), state, domain.kind);
      auto sound = segment ? (*segment)->verify() : Result<void>(pass(segment));
      if (!sound && sound.error().code != ErrorCode::kDamaged) {
        return sound;
      }
      if (!sound) {
        return fail(ErrorCode::kDamaged,
                    fmt::format("Values of a key domain are lost, and what holds only their codes "
                                "cannot be told apart any more: {}, codes {} to {} ({}). Put that "
                                "file back from a copy of the store, or read an earlier snapshot "
                                "with `--as-of`.",
                                domain.name, state.first_code, state.first_code + state.count - 1,
                                sound.error().message));
      }
    }
  }
  return {};
}

Result<void> TableRepair::check_packs() {
  for (const PackState& pack : snapshot_.manifest().packs) {
    auto sound = check_pack(snapshot_.files(), pack);
    if (sound) {
      continue;
    }
    if (sound.error().code != ErrorCode::kDamaged) {
      return sound;
    }
    damaged_.push_back(pack.path);
    report_.notes.push_back(
        fmt::format("{} is damaged: what is sound in it goes elsewhere, and it stays for earlier "
                    "snapshots until `stave gc`.",
                    pack.path));
  }
  return {};
}

Result<void> TableRepair::leave_damaged_packs(const std::vector<SegmentState>& segments,
                                              SegmentPacker& packer) const {
  OpenPacks packs;
  for (const SegmentState& segment : segments) {
    bool is_damaged = false;
    for_each_file(segment, [&](const FileReference& file) {
      is_damaged = is_damaged ||
                   (file.is_packed && std::ranges::find(damaged_, file.path) != damaged_.end());
    });
    if (is_damaged) {
      if (auto moved = packer.add_as_is(snapshot_.files(), packs, segment); !moved) {
        return moved;
      }
    }
  }
  return {};
}

Result<std::vector<bool>> TableRepair::lost_rows_of(
    const std::string& path, const Result<std::unique_ptr<ColumnFileReader>>& reader,
    std::uint32_t rows) {
  if (!reader && reader.error().code != ErrorCode::kDamaged) {
    return pass(reader);
  }
  std::vector<bool> lost;
  if (!reader) {
    lost.assign(rows, true);
  }
  DecodedBlock block;
  for (std::uint32_t i = 0; reader && i < (*reader)->blocks().size(); ++i) {
    const auto read = (*reader)->read_block(i, block);
    if (!read && read.error().code != ErrorCode::kDamaged) {
      return pass(read);
    }
    if (!read) {
      lost.resize(rows);
      const std::uint32_t end = std::min(rows, i * kBlockRows + (*reader)->blocks()[i].rows);
      for (std::uint32_t row = i * kBlockRows; row < end; ++row) {
        lost[row] = true;
      }
    }
  }
  const auto filter = reader ? (*reader)->verify_code_filter() : Result<void>();
  if (!filter && filter.error().code != ErrorCode::kDamaged) {
    return pass(filter);
  }
  if (!filter) {
    // Its rows are all there.
    lost.resize(rows);
    report_.notes.push_back(
        fmt::format("The code filter of {} was damaged; the file is written again.", path));
  }
  if (!lost.empty() && std::ranges::find(damaged_, path) == damaged_.end()) {
    damaged_.push_back(path);
  }
  return lost;
}

void TableRepair::note_loss(RepairLoss loss) {
  const auto same = [&](const RepairLoss& other) {
    return other.table == loss.table && other.day == loss.day && other.cluster == loss.cluster &&
           other.column == loss.column;
  };
  const auto known = std::ranges::find_if(report_.losses, same);
  if (known != report_.losses.end()) {
    known->rows += loss.rows;
  } else {
    report_.losses.push_back(std::move(loss));
  }
}

std::string TableRepair::cluster_text(const TableSchema& schema, std::uint32_t code) const {
  const RelationSchema* relation = schema.find_relation(schema.cluster_relation);
  const TableSchema* target =
      relation == nullptr ? nullptr : snapshot_.manifest().schema.find_table(relation->table);
  const int column = target == nullptr ? -1 : target->find_column(schema.cluster_column);
  if (code == kNullCode || column < 0) {
    return "";
  }
  const auto domain = snapshot_.domain(target->columns[static_cast<std::size_t>(column)].domain);
  if (!domain || code > (*domain)->size()) {
    return "";
  }
  return (*domain)->kind() == DictionaryKind::kInt64 ? std::to_string((*domain)->int64_at(code))
                                                     : std::string((*domain)->string_at(code));
}

Result<std::vector<bool>> TableRepair::lost_rows_of(const TableState& table,
                                                    const SegmentState& segment,
                                                    std::size_t column) {
  const auto& file = segment.columns[column];
  if (!file.exists()) {
    return std::vector<bool>();
  }
  return lost_rows_of(file.path, snapshot_.open_column(table, segment, column), segment.rows);
}

Result<std::vector<bool>> TableRepair::find_lost_rows(const TableSchema& schema,
                                                      const TableState& table,
                                                      const SegmentState& segment) {
  std::vector<bool> all;
  for (std::size_t i = 0; i < segment.columns.size(); ++i) {
    const auto lost = lost_rows_of(table, segment, i);
    if (!lost) {
      return pass(lost);
    }
    if (lost->empty()) {
      continue;
    }
    all.resize(segment.rows);
    std::transform(all.begin(), all.end(), lost->begin(), all.begin(), std::logical_or());
    for (const ClusterRun& run : segment.runs) {
      const auto first = lost->begin() + run.first_row;
      const auto rows = static_cast<std::uint64_t>(std::count(first, first + run.rows, true));
      if (rows > 0) {
        note_loss({schema.name, day_text(segment.day), cluster_text(schema, run.code),
                   schema.columns[i].name, rows, false});
      }
    }
  }
  return all;
}

Result<void> TableRepair::repair_facts(const TableSchema& schema, TableState& table) {
  const TableState before = table;
  std::vector<SegmentState> left;
  std::uint64_t rows = 0;
  SegmentPacker packer(transaction_, schema.name);
  for (SegmentState& segment : table.segments) {
    const auto keeps_any = repair_segment(schema, before, packer, segment);
    if (!keeps_any) {
      return pass(keeps_any);
    }
    if (*keeps_any) {
      rows += segment.rows;
      left.push_back(std::move(segment));
    }
  }
  if (!is_dry_) {
    auto packed = leave_damaged_packs(left, packer);
    if (packed) {
      packed = packer.finish();
    }
    if (!packed) {
      return packed;
    }
    packer.place(left);
  }
  table.segments = std::move(left);
  table.rows = rows;
  for (ClusterChange& change : table.cluster_changes) {
    if (!change.codes.exists()) {
      continue;
    }
    const auto reader = snapshot_.open_column(change.codes, Physical::kCode);
    const auto lost =
        lost_rows_of(change.codes.path, reader, static_cast<std::uint32_t>(change.count));
    if (!lost) {
      return pass(lost);
    }
    if (!lost->empty()) {
      // Without the list every segment of an older version counts as stale, as it did.
      change.codes = FileReference();
    }
  }
  return {};
}

Result<bool> TableRepair::repair_segment(const TableSchema& schema, const TableState& table,
                                         SegmentPacker& packer, SegmentState& segment) {
  auto lost = find_lost_rows(schema, table, segment);
  if (!lost) {
    return pass(lost);
  }
  std::vector<bool> unknown_loads;
  if (segment.load_of_row.exists()) {
    const auto reader = snapshot_.open_column(segment.load_of_row, Physical::kCode);
    auto found = lost_rows_of(segment.load_of_row.path, reader, segment.rows);
    if (!found) {
      return pass(found);
    }
    unknown_loads = *std::move(found);
  }
  if (lost->empty() && unknown_loads.empty()) {
    return true;
  }
  if (!unknown_loads.empty()) {
    report_.notes.push_back(fmt::format(
        "It is not known any more which load {} rows of {} {} came with: undoing one leaves them.",
        count_of(unknown_loads), schema.name, day_text(segment.day)));
  }
  lost->resize(segment.rows);
  const std::vector<std::uint32_t> kept = rows_kept(*lost);
  if (kept.empty() || is_dry_) {
    return !kept.empty();
  }
  SegmentRewriter rewriter(transaction_, snapshot_, schema, Unreadable::kIsNull, &packer);
  const SegmentState* const from[] = {&segment};
  auto rewritten = rewriter.write(from, kept, runs_of_kept(segment, kept));
  if (!rewritten) {
    return pass(rewritten);
  }
  rewritten->cluster_version = segment.cluster_version;
  segment = *std::move(rewritten);
  return true;
}

}  // namespace stave
