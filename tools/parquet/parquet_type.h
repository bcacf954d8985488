// How a column of Stave stands in a Parquet file.
#pragma once

#include <string>

#include "stave/type.h"
#include "tools/parquet/metadata.h"

namespace stave::parquet {

// A column that may be null:
//   bool BOOLEAN; i64 INT64; f64 DOUBLE; date INT32; timestamp INT64, microseconds in UTC; string
//   and list BYTE_ARRAY; decimals INT32 up to 9 digits, INT64 up to 18, else FIXED_LEN_BYTE_ARRAY
//   of as many bytes as they need.
// A column of no known type is one of strings.
SchemaElement schema_element(const std::string& name, Type type);

// Bytes of a two's complement that holds every decimal of that many digits.
std::int32_t decimal_bytes(int precision);

}  // namespace stave::parquet
