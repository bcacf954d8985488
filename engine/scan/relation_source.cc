// Relations as sources: see relation_source.h.
#include "engine/scan/relation_source.h"

#include "engine/runtime/select_rows.h"
#include "engine/spill/spilled_rows.h"

namespace stave {

namespace {

struct RelationWorker final : SourceWorker {
  BufferRecycler buffers;
};

// Whole vectors, every row there.
class MadeRows : public PipelineSource {
 public:
  std::uint32_t block_rows() const override { return 0; }
  std::unique_ptr<SourceWorker> make_worker() const override {
    return std::make_unique<RelationWorker>();
  }
  Result<Vector> read_selected(const Morsel& morsel, int column, const std::uint64_t* bits,
                               std::uint32_t kept, SourceWorker& worker) const override {
    Result<Vector> all = read(morsel, column, worker);
    if (!all) return all;
    return compress(*all, bits, kept, static_cast<RelationWorker&>(worker).buffers);
  }
  bool has_absent_rows() const override { return false; }
  Result<Vector> present(const Morsel&, SourceWorker&) const override { return Vector(); }
};

class RelationSource final : public MadeRows {
 public:
  explicit RelationSource(std::shared_ptr<const Relation> relation)
      : relation_(std::move(relation)), shapes_(shapes_of(*relation_)) {}

  std::size_t columns() const override { return shapes_.size(); }
  Result<ColumnShape> shape(int column, const std::vector<RowSpan>&) const override {
    return shapes_[static_cast<std::size_t>(column)];
  }
  std::vector<RowSpan> spans() const override {
    std::vector<RowSpan> spans;
    for (std::size_t i = 0; i < relation_->batches.size(); ++i) {
      if (relation_->batches[i].rows == 0) continue;
      spans.push_back({static_cast<std::uint32_t>(i), 0, relation_->batches[i].rows});
    }
    return spans;
  }
  Result<Vector> read(const Morsel& morsel, int column, SourceWorker& worker) const override {
    return slice(relation_->batches[morsel.segment].columns[static_cast<std::size_t>(column)],
                 morsel.first_row, morsel.rows, static_cast<RelationWorker&>(worker).buffers);
  }

 private:
  std::shared_ptr<const Relation> relation_;
  std::vector<ColumnShape> shapes_;
};

// Each column of a piece is read from disk when asked for.
class SpilledSource final : public MadeRows {
 public:
  explicit SpilledSource(std::shared_ptr<const SpilledRows> rows) : rows_(std::move(rows)) {}

  std::size_t columns() const override { return rows_->shapes().size(); }
  Result<ColumnShape> shape(int column, const std::vector<RowSpan>&) const override {
    return rows_->shapes()[static_cast<std::size_t>(column)];
  }
  std::vector<RowSpan> spans() const override {
    std::vector<RowSpan> spans;
    for (std::size_t piece = 0; piece < rows_->pieces(); ++piece) {
      spans.push_back({static_cast<std::uint32_t>(piece), 0, rows_->rows_of(piece)});
    }
    return spans;
  }
  Result<Vector> read(const Morsel& morsel, int column, SourceWorker&) const override {
    return rows_->read(morsel.segment, static_cast<std::size_t>(column));
  }

 private:
  std::shared_ptr<const SpilledRows> rows_;
};

}  // namespace

std::shared_ptr<const PipelineSource> relation_source(std::shared_ptr<const Relation> relation) {
  if (relation->spilled) {
    return std::make_shared<SpilledSource>(relation->spilled);
  }
  return std::make_shared<RelationSource>(std::move(relation));
}

}  // namespace stave
