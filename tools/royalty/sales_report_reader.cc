// Reading sales reports of anybody: the order of records and the counts of FOOT are tested, and
// what a field is called comes from the comment that names the columns of its record, where there
// is one.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "stave/sales_report.h"
#include "storage/guarded.h"

namespace stave {
namespace {

using Fields = std::vector<std::string>;

Fields split(std::string_view line) {
  Fields fields;
  while (true) {
    const std::size_t tab = line.find('\t');
    fields.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

// "SalesTransactionId" as "sales_transaction_id", "RightShare%" as "right_share".
std::string column_name(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (std::isalnum(c) == 0) continue;
    const bool begins_word =
        std::isupper(c) != 0 && i > 0 &&
        (std::islower(static_cast<unsigned char>(text[i - 1])) != 0 ||
         (i + 1 < text.size() && std::isupper(static_cast<unsigned char>(text[i - 1])) != 0 &&
          std::islower(static_cast<unsigned char>(text[i + 1])) != 0));
    if (begins_word) name.push_back('_');
    name.push_back(static_cast<char>(std::tolower(c)));
  }
  return name.empty() ? "field" : name;
}

void append_cell(const std::string& text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

class Reader {
 public:
  Reader(std::string_view text, std::string origin) : text_(text), origin_(std::move(origin)) {}

  Result<std::string> read() {
    if (auto done = read_lines(); !done) return pass(done);
    if (auto done = check_foot(); !done) return pass(done);
    return write();
  }

 private:
  Failure wrong(const std::string& sentence) const {
    return fail(ErrorCode::kInvalidData,
                fmt::format("{}: {}, line {}. Ask the sender for the report as it should be.",
                            sentence, origin_, lines_));
  }

  Result<void> read_lines() {
    std::string_view rest = text_;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      ++lines_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (auto done = read_line(line); !done) return done;
    }
    return {};
  }

  Result<void> read_line(std::string_view line) {
    if (line.starts_with('#')) {
      Fields names = split(line.substr(1));
      const std::string record = names[0];
      columns_.emplace(record, std::move(names));
      return {};
    }
    Fields fields = split(line);
    const std::string& record = fields[0];
    if (!foot_.empty()) return wrong("A sales report goes on after its FOOT");
    if (!has_head_ && record != "HEAD") return wrong("A sales report does not begin with HEAD");
    if (record == "HEAD") {
      if (has_head_) return wrong("A sales report has a second HEAD");
      has_head_ = true;
    } else if (record == "FOOT") {
      foot_ = std::move(fields);
    } else if (record.starts_with("SY")) {
      ++summaries_;
    } else if (record.starts_with("AS") && fields.size() > 1) {
      resources_[fields[1]] = std::move(fields);
    } else if (record.starts_with("SU")) {
      sales_.push_back(std::move(fields));
    }
    return {};
  }

  Result<void> check_foot() {
    if (foot_.empty()) return wrong("A sales report ends without FOOT: it may be cut off");
    const std::string counted = std::to_string(lines_);
    if (foot_.size() < 2 || foot_[1] != counted) {
      return wrong(fmt::format("A sales report has {} lines, and its FOOT says {}", counted,
                               foot_.size() < 2 ? "nothing" : foot_[1]));
    }
    if (foot_.size() > 3 && foot_[3] != std::to_string(summaries_)) {
      return wrong(fmt::format("A sales report has {} summary records, and its FOOT says {}",
                               summaries_, foot_[3]));
    }
    return {};
  }

  // Names of a record's fields, the record itself left out.
  Fields names_of(const std::string& record, std::size_t fields) const {
    Fields names;
    const auto known = columns_.find(record);
    for (std::size_t i = 1; i < fields; ++i) {
      const bool is_named = known != columns_.end() && i < known->second.size();
      names.push_back(is_named ? column_name(known->second[i]) : fmt::format("field_{}", i));
    }
    return names;
  }

  // One table for all kinds of sales records: a column for each name, in order of appearance.
  std::string write() const {
    Fields columns{"record"};
    std::vector<std::map<std::string, std::string>> rows;
    const auto note = [&](const std::string& name) {
      if (std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
    };
    for (const Fields& sale : sales_) {
      std::map<std::string, std::string> row{{"record", sale[0]}};
      const Fields names = names_of(sale[0], sale.size());
      for (std::size_t i = 0; i < names.size(); ++i) {
        note(names[i]);
        row[names[i]] = sale[i + 1];
      }
      const auto resource = sale.size() > 1 ? resources_.find(sale[1]) : resources_.end();
      if (resource != resources_.end()) {
        const Fields titles = names_of(resource->second[0], resource->second.size());
        for (std::size_t i = 1; i < titles.size(); ++i) {
          note(titles[i]);
          row.try_emplace(titles[i], resource->second[i + 1]);
        }
      }
      rows.push_back(std::move(row));
    }
    std::string out;
    for (std::size_t i = 0; i < columns.size(); ++i) out += (i > 0 ? "," : "") + columns[i];
    out.push_back('\n');
    for (const auto& row : rows) {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i > 0) out.push_back(',');
        const auto cell = row.find(columns[i]);
        if (cell != row.end()) append_cell(cell->second, out);
      }
      out.push_back('\n');
    }
    return out;
  }

  std::string_view text_;
  std::string origin_;
  std::uint64_t lines_ = 0;
  std::uint64_t summaries_ = 0;
  bool has_head_ = false;
  Fields foot_;
  std::map<std::string, Fields> columns_;
  std::map<std::string, Fields> resources_;  // by block
  std::vector<Fields> sales_;
};

}  // namespace

Result<std::string> csv_of_sales_report(std::string_view text, const std::string& origin) {
  return guarded("a sales report was read", [&] { return Reader(text, origin).read(); });
}

}  // namespace stave
