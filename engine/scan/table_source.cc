// Stored tables as sources: see table_source.h.
#include "engine/scan/table_source.h"

#include <algorithm>

namespace stave {

Result<std::shared_ptr<const TableSource>> TableSource::open(const ScanNode& scan,
                                                             ExecutionContext& context) {
  const Manifest& manifest = context.snapshot().manifest();
  std::shared_ptr<TableSource> source(new TableSource(context.snapshot()));
  source->schema_ = manifest.schema.find_table(scan.table);
  source->state_ = manifest.find_table(scan.table);
  if (source->schema_ == nullptr || source->state_ == nullptr) {
    return fail(ErrorCode::kInternal,
                "A plan scans a table that is not there: " + scan.table + ".");
  }
  const TableSchema& schema = *source->schema_;
  source->is_fact_ = schema.kind == TableKind::kFact;
  source->is_partitioned_ = source->is_fact_ && !schema.time_column.empty();
  source->present_ = source->state_->present;
  for (const int position : scan.columns) {
    Column column;
    column.position = position;
    if (position == kDayColumn) {
      column.type = kDateType;
    } else {
      const ColumnSchema& declared = schema.columns[static_cast<std::size_t>(position)];
      column.type = declared.type;
      column.physical = physical_of(declared);
      column.representation =
          declared.is_coded() ? Representation::kCode : representation_of(declared.type);
      if (declared.is_coded()) {
        auto dictionary = context.domain(declared.domain);
        if (!dictionary) return pass(dictionary);
        column.dictionary = *dictionary;
      }
    }
    source->columns_.push_back(std::move(column));
  }
  for (const SegmentState& segment : source->state_->segments) {
    source->segments_.push_back(&segment);
  }
  std::stable_sort(source->segments_.begin(), source->segments_.end(),
                   [](const SegmentState* a, const SegmentState* b) {
                     if (a->day == b->day) return a->id < b->id;
                     return b->day == kNoDay || (a->day != kNoDay && a->day < b->day);
                   });
  for (const ClusterChange& change : source->state_->cluster_changes) {
    source->latest_change_ = std::max(source->latest_change_, change.version);
  }

  const RelationSchema* relation = schema.find_relation(schema.cluster_relation);
  if (source->is_fact_ && relation != nullptr && !schema.cluster_column.empty()) {
    const TableSchema* target = manifest.schema.find_table(relation->table);
    const int position = target == nullptr ? -1 : target->find_column(schema.cluster_column);
    if (position >= 0 && target->columns[static_cast<std::size_t>(position)].is_coded()) {
      const ColumnSchema& cluster = target->columns[static_cast<std::size_t>(position)];
      auto clusters = context.domain(cluster.domain);
      if (!clusters) return pass(clusters);
      source->clusters_ = *clusters;
      source->cluster_type_ = cluster.type;
      source->is_clustered_ = true;
    }
  }
  ScopeColumns& scope = source->scope_;
  scope.zone_is_stores = context.uses_store_timezone();
  for (std::size_t i = 0; i < scan.columns.size(); ++i) {
    const int position = scan.columns[i];
    if (position == kDayColumn) {
      scope.days.push_back(static_cast<int>(i));
      continue;
    }
    const std::string& name = schema.columns[static_cast<std::size_t>(position)].name;
    if (source->is_partitioned_ && name == schema.time_column) scope.time = static_cast<int>(i);
    if (source->is_clustered_ && name == relation->column) {
      scope.cluster_key = static_cast<int>(i);
      scope.cluster_table = relation->table;
      scope.cluster_column = schema.cluster_column;
    }
  }
  const std::size_t sets = source->is_fact_ ? source->segments_.size() : 1;
  source->files_ = std::vector<File>(sets * source->columns_.size() + 1);
  return source;
}

bool TableSource::is_stale(std::uint32_t index) const {
  return segments_[index]->cluster_version < latest_change_;
}

std::vector<RowSpan> TableSource::spans() const {
  std::vector<RowSpan> spans;
  if (is_fact_) {
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (segments_[i]->rows > 0) {
        spans.push_back({static_cast<std::uint32_t>(i), 0, segments_[i]->rows});
      }
    }
    return spans;
  }
  const std::uint64_t rows = present_.exists() || schema_->is_code_addressed()
                                 ? state_->positions
                                 : std::max(state_->rows, state_->positions);
  if (rows > 0 && state_->rows > 0) spans.push_back({0, 0, static_cast<std::uint32_t>(rows)});
  return spans;
}

const FileReference* TableSource::reference(std::uint32_t segment, int column) const {
  const Column& wanted = columns_[static_cast<std::size_t>(column)];
  const std::vector<FileReference>& files =
      is_fact_ ? segments_[segment]->columns : state_->columns;
  const auto position = static_cast<std::size_t>(wanted.position);
  if (position >= files.size() || !files[position].exists()) return nullptr;
  return &files[position];
}

template <typename Open>
Result<const ColumnFileReader*> TableSource::opened(std::size_t slot, Open open) const {
  File& file = files_[slot];
  if (const ColumnFileReader* known = file.known.load(std::memory_order_acquire)) return known;
  auto reader = open();
  if (!reader) return pass(reader);
  const std::lock_guard lock(mutex_);
  if (!file.reader) {
    file.reader = std::move(*reader);
    file.known.store(file.reader.get(), std::memory_order_release);
  }
  return file.reader.get();
}

Result<const ColumnFileReader*> TableSource::file(std::uint32_t segment, int column) const {
  if (is_day(column)) return nullptr;
  const FileReference* found = reference(segment, column);
  if (found == nullptr) return nullptr;
  const Column& wanted = columns_[static_cast<std::size_t>(column)];
  Result<const ColumnFileReader*> reader =
      opened(segment * columns_.size() + static_cast<std::size_t>(column), [&] {
        return is_fact_ ? snapshot_.open_column(*state_, *segments_[segment],
                                                static_cast<std::size_t>(wanted.position))
                        : snapshot_.open_column(*found, wanted.physical);
      });
  if (!reader) return reader;
  // Rows that are missing would pass for nulls.
  const std::uint64_t rows = (*reader)->rows();
  if (is_fact_ ? rows != segments_[segment]->rows : rows > state_->positions) {
    return fail(ErrorCode::kDamaged,
                "A column file has another number of rows than its table: " + std::to_string(rows) +
                    " (" + found->path + "). Run `stave verify`.");
  }
  return reader;
}

Result<const ColumnFileReader*> TableSource::present_file() const {
  return opened(files_.size() - 1,
                [&] { return snapshot_.open_column(present_, Physical::kInt64); });
}

void TableSource::open_files(const std::vector<int>& columns, const std::vector<RowSpan>& spans,
                             ExecutionContext& context) const {
  // Waking a thread takes as long as opening some files, or many that lie in packs: there threads
  // would wait for each other at the pack.
  constexpr std::size_t kFewFiles = 8;
  constexpr std::size_t kFewPacked = 2048;
  const std::size_t files = columns.size() * spans.size();
  std::size_t alone = 0;  // not in a pack
  for (const RowSpan& span : spans) {
    for (const int column : columns) {
      const FileReference* file = is_day(column) ? nullptr : reference(span.segment, column);
      alone += file != nullptr && !file->is_packed ? 1U : 0U;
    }
  }
  const auto open = [&](std::size_t i) {
    (void)file(spans[i / columns.size()].segment, columns[i % columns.size()]);
  };
  if (alone <= kFewFiles && files <= kFewPacked) {
    for (std::size_t i = 0; i < files; ++i) open(i);
    return;
  }
  const auto opened = context.parallel_for(files, [&](std::size_t i, int) -> Result<void> {
    open(i);
    return {};
  });
  (void)opened;  // whoever waits for a file is told that the run was cancelled
}

}  // namespace stave
