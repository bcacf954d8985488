// One column of one row group, page by page.
// Invariant: nothing outside the chunk's bytes is read, and all pages together have the rows of the
// row group, or it is an error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "tools/parquet/metadata.h"
#include "tools/parquet/page_values.h"

namespace stave::parquet {

// A page ready to be looked at.
struct ColumnPage {
  std::uint64_t rows = 0;
  std::vector<std::uint32_t> levels;  // for each row, 1: there is a value; empty: all have one
  PageValues values;                  // of the rows that have one
};

class ColumnReader {
 public:
  // All must outlive it.
  ColumnReader(const ReadableFile& file, const SchemaElement& element, const ColumnChunk& chunk,
               std::uint64_t rows);

  // The next page that has rows; there must be rows left.
  Result<void> next(ColumnPage& page);
  std::uint64_t rows_left() const { return rows_left_; }

 private:
  Result<PageHeader> read_header();
  Result<void> read_body(const PageHeader& header);
  Result<void> read_dictionary(const PageHeader& header);
  Result<void> read_data(const PageHeader& header, ColumnPage& page);
  Result<void> read_data_v2(const PageHeader& header, ColumnPage& page);
  Result<void> fill(const PageHeader& header, std::string_view values, ColumnPage& page);

  const ReadableFile& file_;
  const SchemaElement& element_;
  const ColumnChunk& chunk_;
  ColumnLayout layout_;
  std::uint64_t rows_left_;
  std::uint64_t position_ = 0;
  std::uint64_t end_ = 0;
  std::string body_;  // of the page, as it lies in the file
  std::string page_;  // the same, decompressed
  std::string dictionary_page_;
  PageValues dictionary_;
};

}  // namespace stave::parquet
