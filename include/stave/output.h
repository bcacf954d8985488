// Results as text: tables for people, CSV, TSV and JSON for programs, Markdown for documents; and
// as Parquet files.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "stave/query.h"
#include "stave/result.h"

namespace stave {

enum class OutputFormat { kTable, kCsv, kTsv, kJson, kJsonLines, kMarkdown, kParquet, kArrow };

// Whether it is bytes rather than text: nothing for a terminal.
bool is_binary(OutputFormat format);

// By its name on the command line: table, csv, tsv, json, jsonl, md, parquet, arrow.
Result<OutputFormat> output_format(std::string_view name);

struct OutputOptions {
  OutputFormat format = OutputFormat::kTable;
  // Tables and Markdown only: rows printed before the rest is cut off and counted; 0: all of them.
  std::uint64_t max_rows = 0;
};

// Gets the text piece by piece, in order; an error stops the run and is passed on.
using TextSink = std::function<Result<void>(std::string_view)>;

// Writes each result of a program to `write` as it comes, in constant memory. Programs of several
// pipelines give several results: separated by an empty line; in JSON one array a line.
//   csv, tsv  a header, then rows; null is an empty cell, the empty string is "" in quotes.
//   json      an array of objects; decimals are numbers with all their digits.
//   jsonl     an object a line.
//   table, md f64 rounded to four decimals or four significant digits, whatever is more; control
//             characters shown as escapes; a row count below tables.
//   parquet   a file, compressed with Zstandard; one result only, a second one is an error.
//   arrow     an IPC file, not compressed; one result only.
std::unique_ptr<ResultSink> make_output(const OutputOptions& options, TextSink write);

}  // namespace stave
