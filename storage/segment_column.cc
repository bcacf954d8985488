// A key column is decoded into room of its own beside the block that it is needed for.
#include "storage/segment_column.h"

#include <algorithm>

#include "storage/block_stretch.h"
#include "storage/snapshot.h"

namespace stave {
namespace {

class PredictionFromKey final : public BlockPredictor {
 public:
  PredictionFromKey(std::shared_ptr<const Predictor> predictor,
                    std::unique_ptr<ColumnFileReader> keys, Physical physical)
      : predictor_(std::move(predictor)), keys_(std::move(keys)), physical_(physical) {}

  Result<Prediction> predict(std::uint32_t block, std::uint32_t rows, DecodedBlock& room,
                             BlockStretch* stretch) const override {
    std::span<const std::uint32_t> keys;
    if (stretch != nullptr && stretch->keys().size() == rows) {
      keys = stretch->keys();
    } else if (keys_ == nullptr || block >= keys_->blocks().size()) {
      const std::span<std::uint32_t> unknown = room.scratch.take<std::uint32_t>(rows);
      std::ranges::fill(unknown, 0U);
      keys = unknown;
    } else {
      if (room.beside == nullptr) {
        room.beside = std::make_unique<DecodedBlock>();
      }
      if (auto read = keys_->read_block(block, *room.beside, beside(stretch)); !read) {
        return pass(read);
      }
      keys = std::span(room.beside->codes).first(std::min(room.beside->rows, rows));
    }
    return predict_values(*predictor_, physical_, keys, room.scratch);
  }

  Result<Prediction> predict_rows(std::uint32_t block, std::uint32_t rows,
                                  std::span<const std::uint32_t> at, DecodedBlock& room,
                                  BlockStretch* stretch) const override {
    if (physical_ != Physical::kCode || keys_ == nullptr || block >= keys_->blocks().size() ||
        keys_->blocks()[block].rows != rows) {
      return predict(block, rows, room, stretch);
    }
    if (room.beside == nullptr) {
      room.beside = std::make_unique<DecodedBlock>();
    }
    if (auto read = keys_->read_rows(block, at, *room.beside, beside(stretch)); !read) {
      return pass(read);
    }
    return predict_values(*predictor_, physical_, std::span(room.beside->codes).first(at.size()),
                          room.scratch);
  }

 private:
  static BlockStretch* beside(BlockStretch* stretch) {
    return stretch == nullptr ? nullptr : &stretch->beside();
  }

  std::shared_ptr<const Predictor> predictor_;
  std::unique_ptr<ColumnFileReader> keys_;
  Physical physical_;
};

class PredictionByRank final : public BlockPredictor {
 public:
  PredictionByRank(std::shared_ptr<const Predictor> predictor, std::vector<ClusterRun> runs)
      : predictor_(std::move(predictor)), runs_(std::move(runs)) {}

  Result<Prediction> predict(std::uint32_t block, std::uint32_t rows, DecodedBlock& room,
                             BlockStretch*) const override {
    return predict({runs_, block * kBlockRows, rows}, room);
  }

  Result<Prediction> predict_rows(std::uint32_t block, std::uint32_t rows,
                                  std::span<const std::uint32_t> at, DecodedBlock& room,
                                  BlockStretch*) const override {
    return predict({runs_, block * kBlockRows, rows, &at}, room);
  }

 private:
  Result<Prediction> predict(const RowsOfRuns& rows, DecodedBlock& room) const {
    const auto runs = ranked_runs(*predictor_, rows, room.scratch);
    if (!runs) {
      return pass(runs);
    }
    Prediction prediction;
    prediction.runs = *runs;
    return prediction;
  }

  std::shared_ptr<const Predictor> predictor_;
  std::vector<ClusterRun> runs_;
};

}  // namespace

SegmentColumn segment_column(const TableSchema& schema, const TableState& table,
                             const SegmentState& segment, std::size_t column) {
  SegmentColumn found;
  found.name = schema.columns[column].name;
  found.file = segment.columns[column];
  found.physical = physical_of(schema.columns[column]);
  const std::uint32_t place =
      column < segment.predictors.size() ? segment.predictors[column] : std::uint32_t{0};
  if (place == 0) {
    return found;
  }
  found.predictor = table.predictors[place - 1];
  if (found.predictor.kind == PredictorKind::kRank) {
    found.runs = segment.runs;
    return found;
  }
  const std::uint32_t key = found.predictor.key;
  if (key < segment.columns.size() && segment.columns[key].exists()) {
    found.keys = std::make_shared<const SegmentColumn>(segment_column(schema, table, segment, key));
  }
  return found;
}

Result<std::shared_ptr<const Predictor>> Predictors::load(const FileSystem& files,
                                                          const PredictorState& state,
                                                          Physical physical) {
  const std::lock_guard guard(mutex_);
  if (const auto known = loaded_.find(state.file.path); known != loaded_.end()) {
    return known->second;
  }
  auto opened = Predictor::open(files, state, physical, Predictor::Reading::kListsWhenAsked);
  if (opened) {
    loaded_.emplace(state.file.path, *opened);
  }
  return opened;
}

Result<std::unique_ptr<ColumnFileReader>> open_segment_column(const FileSystem& files,
                                                              SegmentColumn column,
                                                              Predictors& predictors) {
  auto reader =
      ColumnFileReader::open(files, column.file, column.physical, predictors.packs(), column.name);
  if (!reader || !column.predictor.file.exists()) {
    return reader;
  }
  auto predictor = predictors.load(files, column.predictor, column.physical);
  if (!predictor) {
    return pass(predictor);
  }
  if (column.predictor.kind == PredictorKind::kRank) {
    (*reader)->predict_by(
        std::make_unique<PredictionByRank>(*std::move(predictor), std::move(column.runs)));
    return reader;
  }
  std::unique_ptr<ColumnFileReader> keys;
  if (column.keys != nullptr) {
    auto opened = open_segment_column(files, *column.keys, predictors);
    if (!opened) {
      return opened;
    }
    keys = *std::move(opened);
  }
  (*reader)->predict_by(
      std::make_unique<PredictionFromKey>(*std::move(predictor), std::move(keys), column.physical));
  return reader;
}

}  // namespace stave
