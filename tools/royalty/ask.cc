// See ask.h.
#include "tools/royalty/ask.h"

namespace stave::royalty {
namespace {

class ReaderSink : public ResultSink {
 public:
  explicit ReaderSink(const BatchReader& read) : read_(read) {}
  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    width_ = columns.size();
    return {};
  }
  Result<void> batch(const ResultBatch& batch) override { return read_(batch); }
  Result<void> end() override { return {}; }
  std::size_t width() const { return width_; }

 private:
  const BatchReader& read_;
  std::size_t width_ = 0;
};

template <typename Run>
Result<std::vector<TextRow>> rows_of(const Run& run) {
  std::vector<TextRow> rows;
  const ReaderSink* of = nullptr;
  const BatchReader read = [&](const ResultBatch& batch) -> Result<void> {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      TextRow fields;
      for (std::size_t column = 0; column < of->width(); ++column) {
        fields.push_back(field_at(batch, row, column));
      }
      rows.push_back(std::move(fields));
    }
    return {};
  };
  ReaderSink sink(read);
  of = &sink;
  if (auto ran = run(sink); !ran) {
    return pass(ran);
  }
  return rows;
}

}  // namespace

Field field_at(const ResultBatch& batch, std::uint32_t row, std::size_t column) {
  if (batch.is_null(row, column)) {
    return std::nullopt;
  }
  std::string text;
  batch.append_text(row, column, text);
  return text;
}

QueryOptions options_for(const Store& store, const std::string& report,
                         const QueryOptions& options) {
  QueryOptions fitting = options;
  fitting.parameters.clear();
  for (const ReportDescription& known : list_reports(store)) {
    if (known.name != report) continue;
    for (const ReportParameter& parameter : known.parameters) {
      const auto given = options.parameters.find(parameter.name);
      if (given != options.parameters.end()) fitting.parameters.insert(*given);
    }
  }
  return fitting;
}

Result<void> ask_report(const Store& store, const std::string& name, const QueryOptions& options,
                        const BatchReader& read) {
  ReaderSink sink(read);
  return report(store, name, options_for(store, name, options), sink);
}

Result<std::vector<TextRow>> rows_of_report(const Store& store, const std::string& name,
                                            const QueryOptions& options) {
  return rows_of([&](ResultSink& sink) {
    return report(store, name, options_for(store, name, options), sink);
  });
}

Result<std::vector<TextRow>> rows_of_program(const Store& store, const std::string& program,
                                             const QueryOptions& options) {
  return rows_of([&](ResultSink& sink) { return query(store, program, options, sink); });
}

}  // namespace stave::royalty
