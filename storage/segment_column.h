// A column of a segment with all that it takes to read it: its file, its predictor, and the column
// that it is predicted from. Bytes: format-spec/predictor.md.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/column_file.h"
#include "storage/manifest.h"
#include "storage/open_packs.h"
#include "storage/predictor.h"

namespace stave {

struct SegmentColumn {
  std::string name;
  FileReference file;
  Physical physical = Physical::kInt64;
  PredictorState predictor;  // has a file where the column was written with one
  std::vector<ClusterRun> runs;
  std::shared_ptr<const SegmentColumn> keys;  // null: all key codes are null
};

// The segment must have a file for the column.
SegmentColumn segment_column(const TableSchema& schema, const TableState& table,
                             const SegmentState& segment, std::size_t column);

// Predictors by their files, each loaded when first asked for, and packs that columns lie in.
// Thread-safe.
class Predictors {
 public:
  Result<std::shared_ptr<const Predictor>> load(const FileSystem& files,
                                                const PredictorState& state, Physical physical);
  OpenPacks& packs() { return packs_; }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Predictor>> loaded_;
  OpenPacks packs_;
};

Result<std::unique_ptr<ColumnFileReader>> open_segment_column(const FileSystem& files,
                                                              SegmentColumn column,
                                                              Predictors& predictors);

}  // namespace stave
