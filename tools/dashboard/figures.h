// The figures of a dashboard, each asked for by a program of the query language and written as
// JSON. Invariant: numbers of genres, countries, days and names lie within the lists that the page
// gets.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stave/dashboard.h"
#include "tools/output/json_writer.h"
#include "tools/output/text_rows.h"

namespace stave {

// Numbers for names, in the order of their first mention: a name is sent once.
class Numbering {
 public:
  std::size_t of(const std::string& name) {
    const auto [found, is_new] = numbers_.try_emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return found->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> names_;
};

class Figures {
 public:
  Figures(const Store& store, const DashboardOptions& options);

  // One object with all of them; `path` is the store's folder.
  Result<std::string> json(const std::string& path);

 private:
  // The results of a program's pipelines: `count` of them, whatever happens. No rows after the
  // first fault, which `json` gives.
  using Results = std::vector<std::vector<TextRow>>;
  Results ask_all(const std::string& program, std::size_t count);
  std::vector<TextRow> ask(const std::string& program) { return ask_all(program, 1)[0]; }
  // The same, but a fault is no rows from there on: for figures that not every store has.
  Results ask_if_there(const std::string& program, std::size_t count,
                       std::map<std::string, std::string> parameters);
  template <typename Write>
  void write_rows(const char* key, const std::vector<TextRow>& rows, const Write& write) {
    json_.key(key).begin_array();
    for (const TextRow& row : rows) {
      json_.begin_array();
      write(row);
      json_.end_array();
    }
    json_.end_array();
  }

  // Plays (play_figures.cc).
  void find_names();
  void write_days();
  void write_cells();
  void write_hours();
  void write_tops();
  void write_ranking(const char* key, const char* names_key, const Results& rankings,
                     Numbering& months);
  void write_retention();
  // Money (money_figures.cc).
  void write_royalty();
  // The store itself (store_figures.cc).
  void write_quality();
  void write_imports(const std::string& path);

  const Store& store_;
  const DashboardOptions& options_;
  QueryOptions query_;
  std::optional<Error> fault_;
  std::string genre_;    // expressions that give the names of genres and countries
  std::string country_;  // that have a place of their own, else one for all others
  Numbering days_;
  Numbering genres_;
  Numbering countries_;
  JsonWriter json_;
};

// A cell's text; empty for null.
inline std::string text_of(const TextCell& cell) {
  return cell.value_or("");
}

}  // namespace stave
