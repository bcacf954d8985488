// Such a file holds one result. Columns of one name would be one column to readers, so such a
// result is refused.
#include "tools/output/column_file_output.h"

#include <optional>
#include <set>
#include <utility>

#include "tools/export/all_rows.h"
#include "tools/export/row_writer.h"
#include "tools/output/result_rows.h"

namespace stave {
namespace {

class ColumnFileOutput : public Output {
 public:
  ColumnFileOutput(ExportFormat format, TextSink write)
      : format_(format), write_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    if (file_) {
      return fail(ErrorCode::kUnsupported,
                  "A file of this format holds one result, and this program has several. Run its "
                  "pipelines one by one, or take --format jsonl.");
    }
    std::set<std::string> names;
    for (const ResultColumn& column : columns) {
      if (!names.insert(column.name).second) {
        return fail(ErrorCode::kUnsupported,
                    "Two columns of the result are called " + column.name +
                        ", which a file of this format cannot hold. Rename one.");
      }
      fields_.push_back({column.name, column.type});
    }
    auto zone = ProgramZone::find("UTC");
    if (!zone) return pass(zone);
    rows_.emplace(columns);
    files_.emplace(format_, ExportCompression::kZstd, std::move(*zone));
    file_ = files_->make_writer(fields_, write_);
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    return file_->append(rows_->of(batch), all_rows_.first(batch.rows()));
  }
  Result<void> end() override { return file_->finish(); }

 private:
  ExportFormat format_;
  TextSink write_;
  std::vector<Field> fields_;
  AllRows all_rows_;
  std::optional<ResultRows> rows_;
  std::optional<RowFormat> files_;
  std::unique_ptr<RowWriter> file_;
};

}  // namespace

std::unique_ptr<Output> make_parquet_output(TextSink write) {
  return std::make_unique<ColumnFileOutput>(ExportFormat::kParquet, std::move(write));
}

std::unique_ptr<Output> make_arrow_output(TextSink write) {
  return std::make_unique<ColumnFileOutput>(ExportFormat::kArrow, std::move(write));
}

}  // namespace stave
