// One page that holds its own style, that of the dashboard, and asks for no other file. Numbers are
// rounded as in tables for people; the full digits of a rounded one are its tooltip. Invariant: no
// text of a store is markup: every cell and name goes through `append_escaped`.
#include "tools/output/html_output.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "tools/output/html_text.h"
#include "tools/output/person_text.h"
#include "tools/output/text_buffer.h"

namespace stave {

extern const std::string_view kResultPageStyle;

namespace {

// Long names may break behind their underscores, which paper needs.
void append_head(std::string_view name, std::string& out) {
  for (std::size_t end = name.find('_'); end != std::string_view::npos; end = name.find('_')) {
    append_escaped(name.substr(0, end + 1), out);
    out += "<wbr>";
    name.remove_prefix(end + 1);
  }
  append_escaped(name, out);
}

class HtmlOutput : public Output {
 public:
  HtmlOutput(const OutputOptions& options, TextSink write)
      : title_(options.title.substr(0, options.title.find('\n'))),
        note_(options.title.substr(std::min(title_.size() + 1, options.title.size()))),
        max_rows_(options.max_rows),
        buffer_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    begin_page();
    columns_ = columns;
    rows_ = 0;
    ++results_;
    std::string& out = buffer_.text();
    out += "<section>\n";
    if (results_ > 1) out += "<h2>Result " + std::to_string(results_) + "</h2>\n";
    out += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Result " +
           std::to_string(results_) + "\">\n<table>\n<thead><tr>";
    for (const ResultColumn& column : columns) {
      out += is_number(column.type) ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">";
      append_head(column.name, out);
      out += "</th>";
    }
    out += "</tr></thead>\n<tbody>\n";
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      ++rows_;
      if (max_rows_ != 0 && rows_ > max_rows_) continue;
      buffer_.text() += "<tr>";
      for (std::size_t column = 0; column < columns_.size(); ++column) {
        append_cell(batch, row, column);
      }
      buffer_.text() += "</tr>\n";
      if (auto drained = buffer_.drain(); !drained) return drained;
    }
    return {};
  }

  Result<void> end() override {
    std::string& out = buffer_.text();
    out += "</tbody>\n</table>\n</div>\n<p class=\"count\">";
    const bool cut = max_rows_ != 0 && rows_ > max_rows_;
    if (cut) out += grouped_digits(max_rows_) + " of ";
    out += grouped_digits(rows_) + (rows_ == 1 ? " row" : " rows") + "</p>\n</section>\n";
    return buffer_.flush();
  }

  Result<void> finish() override {
    begin_page();
    buffer_.text() += "</main>\n</body>\n</html>\n";
    return buffer_.flush();
  }

 private:
  void begin_page() {
    if (page_begun_) return;
    page_begun_ = true;
    std::string& out = buffer_.text();
    out +=
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
    append_escaped(title_, out);
    out += "</title>\n<style>\n";
    out += kResultPageStyle;
    out += "</style>\n</head>\n<body>\n<header>\n<h1>";
    append_escaped(title_, out);
    out += "</h1>\n";
    if (!note_.empty()) {
      out += "<p class=\"note\">";
      append_escaped(note_, out);
      out += "</p>\n";
    }
    out += "</header>\n<main>\n";
  }

  void append_cell(const ResultBatch& batch, std::uint32_t row, std::size_t column) {
    std::string& out = buffer_.text();
    const Type type = columns_[column].type;
    if (batch.is_null(row, column)) {
      out +=
          is_number(type) ? "<td class=\"number null\">null</td>" : "<td class=\"null\">null</td>";
      return;
    }
    const std::string shown = person_text(batch, row, column, type);
    const bool is_time = type.kind == TypeKind::kDate || type.kind == TypeKind::kTimestamp;
    out += is_number(type) ? "<td class=\"number\"" : is_time ? "<td class=\"when\"" : "<td";
    if (type.kind == TypeKind::kFloat64) {
      std::string exact;
      batch.append_text(row, column, exact);
      if (exact != shown) {
        out += " title=\"";
        append_escaped(exact, out);
        out += '"';
      }
    }
    out += '>';
    append_escaped(shown, out);
    out += "</td>";
  }

  std::string title_;
  std::string note_;
  std::uint64_t max_rows_;
  TextBuffer buffer_;
  std::vector<ResultColumn> columns_;
  std::uint64_t rows_ = 0;
  int results_ = 0;
  bool page_begun_ = false;
};

}  // namespace

std::unique_ptr<Output> make_html_output(const OutputOptions& options, TextSink write) {
  return std::make_unique<HtmlOutput>(options, std::move(write));
}

}  // namespace stave
