// The sink of query results sees the chosen rows of a batch as a batch.
#include "tools/export/text_writer.h"

#include <utility>

#include "query/running/result_view.h"

namespace stave {
namespace {

class ChosenRows : public ResultBatch {
 public:
  ChosenRows(const BatchView& all, std::span<const std::uint32_t> rows) : all_(all), rows_(rows) {}

  std::uint32_t rows() const override { return static_cast<std::uint32_t>(rows_.size()); }
  bool is_null(std::uint32_t row, std::size_t column) const override {
    return all_.is_null(rows_[row], column);
  }
  bool bool_at(std::uint32_t row, std::size_t column) const override {
    return all_.bool_at(rows_[row], column);
  }
  std::int64_t int64_at(std::uint32_t row, std::size_t column) const override {
    return all_.int64_at(rows_[row], column);
  }
  double float64_at(std::uint32_t row, std::size_t column) const override {
    return all_.float64_at(rows_[row], column);
  }
  std::string_view string_at(std::uint32_t row, std::size_t column) const override {
    return all_.string_at(rows_[row], column);
  }
  std::pair<std::int64_t, std::uint64_t> decimal_at(std::uint32_t row,
                                                    std::size_t column) const override {
    return all_.decimal_at(rows_[row], column);
  }
  void append_text(std::uint32_t row, std::size_t column, std::string& out) const override {
    all_.append_text(rows_[row], column, out);
  }

 private:
  const BatchView& all_;
  std::span<const std::uint32_t> rows_;
};

class TextWriter : public RowWriter {
 public:
  TextWriter(OutputFormat format, const std::vector<Field>& fields, const ProgramZone& zone,
             ByteSink sink)
      : zone_(zone), output_(make_output({.format = format}, std::move(sink))) {
    for (const Field& field : fields) columns_.push_back({field.name, field.type});
  }

  Result<void> append(const Batch& batch, std::span<const std::uint32_t> rows) override {
    if (auto begun = begin(); !begun) return begun;
    const BatchView all(batch, zone_);
    return rows.size() == batch.rows ? output_->batch(all) : output_->batch(ChosenRows(all, rows));
  }
  std::uint64_t waiting_bytes() const override { return 0; }
  Result<void> release() override { return {}; }
  Result<void> finish() override {
    if (auto begun = begin(); !begun) return begun;
    if (auto ended = output_->end(); !ended) return ended;
    return output_->finish();
  }

 private:
  Result<void> begin() {
    if (has_begun_) return {};
    has_begun_ = true;
    return output_->begin(columns_);
  }

  ProgramZone zone_;
  std::unique_ptr<Output> output_;
  std::vector<ResultColumn> columns_;
  bool has_begun_ = false;
};

}  // namespace

std::unique_ptr<RowWriter> make_text_writer(OutputFormat format, const std::vector<Field>& fields,
                                            const ProgramZone& zone, ByteSink sink) {
  return std::make_unique<TextWriter>(format, fields, zone, std::move(sink));
}

}  // namespace stave
