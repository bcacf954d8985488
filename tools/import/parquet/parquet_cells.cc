// What a column means: its logical type where it has one, else its converted type, else the
// physical one.
#include "tools/import/parquet/parquet_cells.h"

#include <fmt/format.h>

#include <iterator>

#include "engine/runtime/time_zone.h"
#include "query/values/value_text.h"
#include "storage/int128.h"

namespace stave::loading {

namespace {

using parquet::ConvertedType;
using parquet::LogicalKind;
using parquet::PhysicalType;
using parquet::TimeUnit;

constexpr int kMostDigits = 38;

void append_out_of_range(std::string_view what, std::string& out) {
  append_quoted(fmt::format("out of range: {}", what), out);
}

// Big-endian two's complement of any length; false where it needs more than 128 bits.
bool integer_of(std::string_view bytes, Int128& out) {
  const bool negative = !bytes.empty() && static_cast<signed char>(bytes[0]) < 0;
  const char filling = negative ? '\xff' : '\0';
  while (bytes.size() > 16) {
    if (bytes[0] != filling) return false;
    bytes.remove_prefix(1);
    if (bytes.size() == 16 && (static_cast<signed char>(bytes[0]) < 0) != negative) return false;
  }
  UInt128 value = negative ? ~UInt128{0} : UInt128{0};
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  out = static_cast<Int128>(value);
  return true;
}

bool is_text(PhysicalType type) {
  return type == PhysicalType::kByteArray || type == PhysicalType::kFixedLengthByteArray;
}

bool is_integer(PhysicalType type) {
  return type == PhysicalType::kInt32 || type == PhysicalType::kInt64;
}

}  // namespace

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  while (true) {
    const std::size_t quote = text.find('"');
    out += text.substr(0, quote);
    if (quote == std::string_view::npos) break;
    out += "\"\"";
    text.remove_prefix(quote + 1);
  }
  out += '"';
}

Result<ParquetCells> ParquetCells::of(const parquet::SchemaElement& column,
                                      const std::string& path) {
  auto zone = ProgramZone::find("UTC");
  if (!zone) return pass(zone);
  ParquetCells cells(std::move(*zone));
  if (!cells.choose(column)) {
    return fail(
        ErrorCode::kUnsupported,
        fmt::format("Column `{}` of {} has a type that is not imported (physical {}, logical {}, "
                    "converted {}). Leave it out or write it as another type.",
                    column.name, path, static_cast<int>(*column.type),
                    static_cast<int>(column.logical.kind),
                    column.converted ? static_cast<int>(*column.converted) : -1));
  }
  return cells;
}

bool ParquetCells::choose(const parquet::SchemaElement& column) {
  if (column.logical.kind != LogicalKind::kNone) return choose_logical(column);
  return column.converted ? choose_converted(column) : choose_physical(column);
}

void ParquetCells::set_unit(Kind kind, TimeUnit unit, bool is_utc) {
  kind_ = kind;
  is_utc_ = is_utc;
  if (unit == TimeUnit::kMillis) multiply_ = 1000;
  if (unit == TimeUnit::kNanos) divide_ = 1000;
}

void ParquetCells::set_digits(int precision, int scale) {
  scale_ = scale;
  if (precision >= scale && precision > 0 && precision < kMostDigits) precision_ = precision;
}

Type ParquetCells::type() const {
  switch (kind_) {
    case Kind::kBool:
      return kBoolType;
    case Kind::kInteger:
    case Kind::kUnsigned:
      return kInt64Type;
    case Kind::kDecimal:
      return decimal_type(static_cast<std::uint8_t>(precision_), static_cast<std::uint8_t>(scale_));
    case Kind::kFloat:
      return kFloat64Type;
    case Kind::kDate:
      return kDateType;
    case Kind::kTimestamp:
      return kTimestampType;
    case Kind::kTime:
    case Kind::kUuid:
    case Kind::kText:
      break;
  }
  return kStringType;
}

bool ParquetCells::choose_logical(const parquet::SchemaElement& column) {
  const parquet::LogicalType& logical = column.logical;
  switch (logical.kind) {
    case LogicalKind::kString:
    case LogicalKind::kEnum:
    case LogicalKind::kJson:
      kind_ = Kind::kText;
      return is_text(*column.type);
    case LogicalKind::kDecimal:
      kind_ = Kind::kDecimal;
      set_digits(logical.precision, logical.scale);
      return (is_integer(*column.type) || is_text(*column.type)) && scale_ >= 0 &&
             scale_ <= kMostDigits;
    case LogicalKind::kDate:
      kind_ = Kind::kDate;
      return *column.type == PhysicalType::kInt32;
    case LogicalKind::kTime:
    case LogicalKind::kTimestamp:
      set_unit(logical.kind == LogicalKind::kTime ? Kind::kTime : Kind::kTimestamp, logical.unit,
               logical.is_utc);
      return is_integer(*column.type);
    case LogicalKind::kInteger:
      kind_ = logical.is_signed ? Kind::kInteger : Kind::kUnsigned;
      bits_ = *column.type == PhysicalType::kInt32 ? 32 : 64;
      return is_integer(*column.type);
    case LogicalKind::kUuid:
      kind_ = Kind::kUuid;
      return *column.type == PhysicalType::kFixedLengthByteArray && column.type_length == 16;
    case LogicalKind::kUnknown:
      return choose_physical(column);
    default:
      return false;
  }
}

bool ParquetCells::choose_converted(const parquet::SchemaElement& column) {
  const ConvertedType converted = *column.converted;
  switch (converted) {
    case ConvertedType::kUtf8:
    case ConvertedType::kEnum:
    case ConvertedType::kJson:
      kind_ = Kind::kText;
      return is_text(*column.type);
    case ConvertedType::kDecimal:
      kind_ = Kind::kDecimal;
      set_digits(column.precision, column.scale);
      return (is_integer(*column.type) || is_text(*column.type)) && scale_ >= 0 &&
             scale_ <= kMostDigits;
    case ConvertedType::kDate:
      kind_ = Kind::kDate;
      return *column.type == PhysicalType::kInt32;
    case ConvertedType::kTimeMillis:
    case ConvertedType::kTimestampMillis:
      set_unit(converted == ConvertedType::kTimeMillis ? Kind::kTime : Kind::kTimestamp,
               TimeUnit::kMillis, true);
      return is_integer(*column.type);
    case ConvertedType::kTimeMicros:
    case ConvertedType::kTimestampMicros:
      set_unit(converted == ConvertedType::kTimeMicros ? Kind::kTime : Kind::kTimestamp,
               TimeUnit::kMicros, true);
      return is_integer(*column.type);
    case ConvertedType::kUint8:
    case ConvertedType::kUint16:
    case ConvertedType::kUint32:
    case ConvertedType::kUint64:
      kind_ = Kind::kUnsigned;
      bits_ = *column.type == PhysicalType::kInt32 ? 32 : 64;
      return is_integer(*column.type);
    case ConvertedType::kInt8:
    case ConvertedType::kInt16:
    case ConvertedType::kInt32:
    case ConvertedType::kInt64:
      kind_ = Kind::kInteger;
      return is_integer(*column.type);
    default:
      return false;
  }
}

bool ParquetCells::choose_physical(const parquet::SchemaElement& column) {
  switch (*column.type) {
    case PhysicalType::kBoolean:
      kind_ = Kind::kBool;
      return true;
    case PhysicalType::kInt32:
    case PhysicalType::kInt64:
      kind_ = Kind::kInteger;
      return true;
    case PhysicalType::kInt96:
      kind_ = Kind::kTimestamp;
      return true;
    case PhysicalType::kFloat:
    case PhysicalType::kDouble:
      kind_ = Kind::kFloat;
      return true;
    case PhysicalType::kByteArray:
      kind_ = Kind::kText;  // older writers did not say that it is text
      return true;
    default:
      return false;
  }
}

void ParquetCells::append_decimal_cell(const parquet::PageValues& values, std::size_t value,
                                       std::string& out) const {
  Int128 unscaled = 0;
  if (!values.integers.empty()) {
    unscaled = values.integers[value];
  } else if (!integer_of(values.texts[value], unscaled)) {
    append_out_of_range("a decimal of more than 38 digits", out);
    return;
  }
  append_decimal(unscaled, scale_, out);
}

void ParquetCells::append_time(std::int64_t value, std::string& out) const {
  std::int64_t microseconds = 0;
  if (__builtin_mul_overflow(value, multiply_, &microseconds)) {
    append_out_of_range(fmt::format("{} milliseconds", value), out);
    return;
  }
  microseconds = floor_divide(microseconds, divide_);
  if (kind_ == Kind::kTime) {
    if (microseconds < 0 || microseconds >= kMicrosecondsOfDay) {
      append_out_of_range(fmt::format("{} microseconds of a day", microseconds), out);
      return;
    }
    std::string text;
    append_timestamp(microseconds, zone_, text);
    out += text.substr(text.find(' ') + 1);
    return;
  }
  if (!is_civil(floor_divide(microseconds, kMicrosecondsOfDay))) {
    append_out_of_range(fmt::format("{} microseconds since 1970", microseconds), out);
    return;
  }
  append_timestamp(microseconds, zone_, out);
  if (is_utc_) out += 'Z';
}

void ParquetCells::append(const parquet::PageValues& values, std::size_t value,
                          std::string& out) const {
  switch (kind_) {
    case Kind::kBool:
      out += values.integers[value] != 0 ? "true" : "false";
      return;
    case Kind::kInteger:
      fmt::format_to(std::back_inserter(out), "{}", values.integers[value]);
      return;
    case Kind::kUnsigned: {
      const auto bits = static_cast<std::uint64_t>(values.integers[value]);
      fmt::format_to(std::back_inserter(out), "{}", bits_ == 32 ? bits & 0xFFFF'FFFFU : bits);
      return;
    }
    case Kind::kDecimal:
      append_decimal_cell(values, value, out);
      return;
    case Kind::kFloat:
      append_float64(values.doubles[value], out);
      return;
    case Kind::kDate:
      if (is_civil(values.integers[value])) {
        append_date(values.integers[value], out);
      } else {
        append_out_of_range(fmt::format("{} days since 1970", values.integers[value]), out);
      }
      return;
    case Kind::kTimestamp:
    case Kind::kTime:
      append_time(values.integers[value], out);
      return;
    case Kind::kUuid:
      for (std::size_t byte = 0; byte < 16; ++byte) {
        if (byte == 4 || byte == 6 || byte == 8 || byte == 10) out += '-';
        fmt::format_to(std::back_inserter(out), "{:02x}",
                       static_cast<std::uint8_t>(values.texts[value][byte]));
      }
      return;
    case Kind::kText:
      append_quoted(values.texts[value], out);
      return;
  }
}

}  // namespace stave::loading
