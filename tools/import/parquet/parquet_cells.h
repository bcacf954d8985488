// Values of Parquet columns as cells of a CSV dump, which an import reads back to the same values.
#pragma once

#include <cstdint>
#include <string>

#include "query/values/program_zone.h"
#include "stave/result.h"
#include "stave/type.h"
#include "tools/parquet/column_reader.h"
#include "tools/parquet/metadata.h"

namespace stave::loading {

class ParquetCells {
 public:
  // Fails, naming the column, for a type that Stave has nothing like. `path` is for messages.
  static Result<ParquetCells> of(const parquet::SchemaElement& column, const std::string& path);

  // What a column that is made for it should be.
  Type type() const;

  // Appends value number `value` of the page. What a type of Stave cannot hold becomes a text that
  // says so, which rejects its row.
  void append(const parquet::PageValues& values, std::size_t value, std::string& out) const;

 private:
  enum class Kind : std::uint8_t {
    kBool,
    kInteger,
    kUnsigned,
    kDecimal,
    kFloat,
    kDate,
    kTimestamp,
    kTime,
    kUuid,
    kText,
  };
  explicit ParquetCells(ProgramZone zone) : zone_(std::move(zone)) {}
  bool choose(const parquet::SchemaElement& column);
  bool choose_logical(const parquet::SchemaElement& column);
  bool choose_converted(const parquet::SchemaElement& column);
  bool choose_physical(const parquet::SchemaElement& column);
  void set_digits(int precision, int scale);
  void set_unit(Kind kind, parquet::TimeUnit unit, bool is_utc);
  void append_decimal_cell(const parquet::PageValues& values, std::size_t value,
                           std::string& out) const;
  void append_time(std::int64_t value, std::string& out) const;

  ProgramZone zone_;  // UTC
  Kind kind_ = Kind::kText;
  bool is_utc_ = true;
  std::int64_t multiply_ = 1, divide_ = 1;            // of times, to microseconds
  int bits_ = 64;                                     // of unsigned integers
  int precision_ = kMaxDecimalPrecision, scale_ = 0;  // of decimals
};

// In quotes, as a dump has it.
void append_quoted(std::string_view text, std::string& out);

}  // namespace stave::loading
