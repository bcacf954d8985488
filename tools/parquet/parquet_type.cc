// Both ways to name a type are written, since older readers know only the first.
#include "tools/parquet/parquet_type.h"

#include "storage/int128.h"

namespace stave::parquet {

std::int32_t decimal_bytes(int precision) {
  UInt128 highest = 0;
  for (int digit = 0; digit < precision; ++digit) highest = highest * 10 + 9;
  std::int32_t bytes = 1;
  while (bytes < 16 && highest >> (8 * bytes - 1) != 0) ++bytes;
  return bytes;
}

SchemaElement schema_element(const std::string& name, Type type) {
  SchemaElement element;
  element.name = name;
  element.repetition = Repetition::kOptional;
  switch (type.kind) {
    case TypeKind::kBool:
      element.type = PhysicalType::kBoolean;
      break;
    case TypeKind::kInt64:
      element.type = PhysicalType::kInt64;
      break;
    case TypeKind::kFloat64:
      element.type = PhysicalType::kDouble;
      break;
    case TypeKind::kDate:
      element.type = PhysicalType::kInt32;
      element.converted = ConvertedType::kDate;
      element.logical.kind = LogicalKind::kDate;
      break;
    case TypeKind::kTimestamp:
      element.type = PhysicalType::kInt64;
      element.converted = ConvertedType::kTimestampMicros;
      element.logical.kind = LogicalKind::kTimestamp;
      element.logical.is_utc = true;
      element.logical.unit = TimeUnit::kMicros;
      break;
    case TypeKind::kDecimal:
      element.type = type.precision <= 9    ? PhysicalType::kInt32
                     : type.precision <= 18 ? PhysicalType::kInt64
                                            : PhysicalType::kFixedLengthByteArray;
      element.type_length = decimal_bytes(type.precision);
      element.converted = ConvertedType::kDecimal;
      element.scale = type.scale;
      element.precision = type.precision;
      element.logical = {
          .kind = LogicalKind::kDecimal, .scale = type.scale, .precision = type.precision};
      break;
    case TypeKind::kString:
    case TypeKind::kList:
    case TypeKind::kNull:
      element.type = PhysicalType::kByteArray;
      element.converted = ConvertedType::kUtf8;
      element.logical.kind = LogicalKind::kString;
      break;
  }
  return element;
}

}  // namespace stave::parquet
