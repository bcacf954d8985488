// Columns of one name would be one column to readers, so such a result is refused.
#include "tools/output/parquet_output.h"

#include <optional>
#include <set>
#include <utility>

#include "tools/output/result_rows.h"
#include "tools/parquet/file_writer.h"

namespace stave {
namespace {

class ParquetOutput : public ResultSink {
 public:
  explicit ParquetOutput(TextSink write) : write_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    if (file_) {
      return fail(ErrorCode::kUnsupported,
                  "A Parquet file holds one result, and this program has several. Run its "
                  "pipelines one by one, or take --format jsonl.");
    }
    std::vector<Field> fields;
    std::set<std::string> names;
    for (const ResultColumn& column : columns) {
      if (!names.insert(column.name).second) {
        return fail(ErrorCode::kUnsupported, "Two columns of the result are called " + column.name +
                                                 ", which a Parquet file cannot hold. Rename one.");
      }
      fields.push_back({column.name, column.type});
    }
    rows_.emplace(columns);
    file_.emplace(fields, compressor_, write_);
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override { return file_->append(rows_->of(batch)); }
  Result<void> end() override { return file_->finish(); }

 private:
  TextSink write_;
  parquet::PageCompressor compressor_{parquet::Compression::kZstd};
  std::optional<ResultRows> rows_;
  std::optional<parquet::FileWriter> file_;
};

}  // namespace

std::unique_ptr<ResultSink> make_parquet_output(TextSink write) {
  return std::make_unique<ParquetOutput>(std::move(write));
}

}  // namespace stave
