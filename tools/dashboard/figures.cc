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

std::vector<TextRow> Figures::ask(const std::string& program) {
  if (fault_) return {};
  auto rows = text_rows([&](ResultSink& sink) { return query(store_, program, query_, sink); });
  if (rows) return std::move(*rows);
  fault_ = rows.error();
  return {};
}

std::vector<TextRow> Figures::ask_if_there(const std::string& program,
                                           std::map<std::string, std::string> parameters) {
  if (fault_) return {};
  QueryOptions options = query_;
  options.parameters = std::move(parameters);
  auto rows = text_rows([&](ResultSink& sink) { return query(store_, program, options, sink); });
  if (!rows && rows.error().code == ErrorCode::kCancelled) fault_ = rows.error();
  return rows ? std::move(*rows) : std::vector<TextRow>{};
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
