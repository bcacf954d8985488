// Asking, and the object as a whole.
#include "tools/dashboard/figures.h"

#include "stave/version.h"

namespace stave {

Figures::Figures(const Store& store, const DashboardOptions& options)
    : store_(store), options_(options) {
  query_.origin = "dashboard";
  query_.threads = options.threads;
  query_.memory_limit = options.memory_limit;
  query_.cancelled = options.cancelled;
}

namespace {

// Rows of texts, by pipeline.
class ResultsSink : public ResultSink {
 public:
  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    width_ = columns.size();
    results.emplace_back();
    return {};
  }
  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      TextRow& cells = results.back().emplace_back();
      cells.reserve(width_);
      for (std::size_t i = 0; i < width_; ++i) cells.push_back(text_cell(batch, row, i));
    }
    return {};
  }
  Result<void> end() override { return {}; }

  std::vector<std::vector<TextRow>> results;

 private:
  std::size_t width_ = 0;
};

}  // namespace

Figures::Results Figures::ask_all(const std::string& program, std::size_t count) {
  if (fault_) return Results(count);
  ResultsSink sink;
  const auto asked = query(store_, program, query_, sink);
  if (!asked) fault_ = asked.error();
  if (!asked) return Results(count);
  sink.results.resize(count);
  return std::move(sink.results);
}

Figures::Results Figures::ask_if_there(const std::string& program, std::size_t count,
                                       std::map<std::string, std::string> parameters) {
  if (fault_) return Results(count);
  QueryOptions options = query_;
  options.parameters = std::move(parameters);
  ResultsSink sink;
  const auto asked = query(store_, program, options, sink);
  if (!asked && asked.error().code == ErrorCode::kCancelled) fault_ = asked.error();
  if (!asked && !sink.results.empty()) sink.results.pop_back();  // cut off
  sink.results.resize(count);
  return std::move(sink.results);
}

Result<std::string> Figures::json(const std::string& path) {
  const auto description = describe(store_);
  if (!description) return pass(description);
  json_.begin_object();
  json_.key("version").text(version());
  json_.key("store").text(path.substr(path.find_last_of('/') + 1));
  json_.key("snapshot").number(description->snapshot);
  json_.key("timezone").text(description->timezone);
  find_names();
  write_days();
  write_cells();
  write_hours();
  write_tops();
  write_retention();
  write_royalty();
  write_quality();
  write_imports(path);
  json_.key("days").texts(days_.names());
  json_.key("genres").texts(genres_.names());
  json_.key("countries").texts(countries_.names());
  json_.end_object();
  if (fault_) return fail(fault_->code, fault_->message);
  return json_.json();
}

}  // namespace stave
