// Results as text and files: tables for people, CSV, TSV and JSON for programs, Markdown and HTML
// for documents, workbooks for Excel, Parquet for other engines.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stave/query.h"
#include "stave/result.h"

namespace stave {

enum class OutputFormat {
  kTable,
  kCsv,
  kTsv,
  kJson,
  kJsonLines,
  kMarkdown,
  kHtml,
  kSheet,
  kParquet,
  kArrow
};

// By its name on the command line: table, csv, tsv, json, jsonl, md, html, xlsx, parquet, arrow.
Result<OutputFormat> output_format(std::string_view name);
const std::vector<std::string>& output_format_names();
// "csv" for "plays.csv"; "table" where the name says nothing.
std::string_view format_of_file(std::string_view file_name);
// Whether a terminal cannot show it.
bool is_binary(OutputFormat format);

struct OutputOptions {
  OutputFormat format = OutputFormat::kTable;
  // Tables, Markdown and HTML only: rows printed before the rest is cut off and counted; 0: all.
  std::uint64_t max_rows = 0;
  std::string title = "Stave";  // of an HTML page; what follows a line feed stands below it
  // CSV and TSV: as many write the rows of a batch at once; 0: as many as the machine has.
  int threads = 1;
  // CSV and TSV: a first line with the names of the columns.
  bool header = true;
};

// Gets the text piece by piece, in order; an error stops the run and is passed on.
using TextSink = std::function<Result<void>(std::string_view)>;

// A sink for all results of a program; `finish` comes once, after the last of them.
class Output : public ResultSink {
 public:
  virtual Result<void> finish() { return {}; }
};

// Writes each result of a program to `write` as it comes, in constant memory. Programs of several
// pipelines give several results: separated by an empty line; in JSON one array a line.
//   csv, tsv  a header, then rows; null is an empty cell, the empty string is "" in quotes.
//   json      an array of objects; decimals are numbers with all their digits.
//   jsonl     an object a line.
//   table, md f64 rounded to four decimals or four significant digits, whatever is more; control
//             characters shown as escapes; a row count below tables.
//   html      a page of its own that needs no other file, a table for each result.
//   xlsx      a sheet for each result, with typed cells; numbers of over 15 digits are texts, since
//             Excel would round them. Written when it is finished.
//   parquet   a file, compressed with Zstandard; one result only, a second one is an error.
//   arrow     an IPC file, not compressed; one result only.
std::unique_ptr<Output> make_output(const OutputOptions& options, TextSink write);

}  // namespace stave
