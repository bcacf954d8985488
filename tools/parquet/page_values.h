// The values of a page, decoded, whatever their encoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "tools/parquet/metadata.h"

namespace stave::parquet {

// No page has more, nulls included.
inline constexpr std::size_t kMostPageValues = std::size_t{1} << 24;

// One list is filled, as the physical type says: integers (booleans 0 and 1, INT32 with its sign,
// INT96 as microseconds since 1970), doubles (FLOAT too), or texts (byte arrays of either kind),
// which view into the page or into `text`.
struct PageValues {
  std::vector<std::int64_t> integers;
  std::vector<double> doubles;
  std::vector<std::string_view> texts;
  std::string text;

  std::size_t size() const { return integers.size() + doubles.size() + texts.size(); }
  void clear();
};

// What of a column its values are read by.
struct ColumnLayout {
  PhysicalType type = PhysicalType::kInt32;
  std::int32_t length = 0;  // of fixed-length byte arrays
};

// Exactly `count` values (at most kMostPageValues) from `bytes`, which must live as long as `out`.
// `dictionary` is empty where the column has none.
Result<void> read_values(const ColumnLayout& layout, Encoding encoding, std::string_view bytes,
                         std::size_t count, const PageValues& dictionary, PageValues& out);

}  // namespace stave::parquet
