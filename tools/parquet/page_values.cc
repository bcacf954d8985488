// A function for each encoding; each says by `false` that the bytes are not what they should be.
#include "tools/parquet/page_values.h"

#include <fmt/format.h>

#include <cstring>

#include "tools/parquet/delta_reader.h"
#include "tools/parquet/page_bytes.h"
#include "tools/parquet/page_decompression.h"
#include "tools/parquet/run_length_reader.h"

namespace stave::parquet {
namespace {

constexpr std::int64_t kJulianDayOf1970 = 2'440'588;
constexpr std::uint64_t kMicrosecondsOfDay = 86'400'000'000;

// Nanoseconds of the day, then the Julian day. Days beyond all calendars wrap, as the sum of any
// bits must give a value.
std::int64_t microseconds_of(std::string_view raw) {
  std::int64_t nanoseconds = 0;
  std::int32_t day = 0;
  std::memcpy(&nanoseconds, raw.data(), sizeof(nanoseconds));
  std::memcpy(&day, raw.data() + sizeof(nanoseconds), sizeof(day));
  const auto days = static_cast<std::uint64_t>(std::int64_t{day} - kJulianDayOf1970);
  return static_cast<std::int64_t>(days * kMicrosecondsOfDay +
                                   static_cast<std::uint64_t>(nanoseconds / 1000));
}

// Bytes of a value that is stored in so many; 0: it has a length of its own, or is a bit.
std::size_t width_of(const ColumnLayout& layout) {
  switch (layout.type) {
    case PhysicalType::kInt32:
    case PhysicalType::kFloat:
      return 4;
    case PhysicalType::kInt64:
    case PhysicalType::kDouble:
      return 8;
    case PhysicalType::kInt96:
      return 12;
    case PhysicalType::kFixedLengthByteArray:
      return layout.length > 0 ? static_cast<std::size_t>(layout.length) : 0;
    default:
      return 0;
  }
}

template <typename T>
T number_of(std::string_view raw) {
  T value;
  std::memcpy(&value, raw.data(), sizeof(T));
  return value;
}

// A value from its bytes, of which there are as many as its width.
void add_fixed(PhysicalType type, std::string_view raw, PageValues& out) {
  switch (type) {
    case PhysicalType::kInt32:
      out.integers.push_back(number_of<std::int32_t>(raw));
      return;
    case PhysicalType::kInt64:
      out.integers.push_back(number_of<std::int64_t>(raw));
      return;
    case PhysicalType::kInt96:
      out.integers.push_back(microseconds_of(raw));
      return;
    case PhysicalType::kFloat:
      out.doubles.push_back(number_of<float>(raw));
      return;
    case PhysicalType::kDouble:
      out.doubles.push_back(number_of<double>(raw));
      return;
    default:
      out.texts.push_back(raw);
      return;
  }
}

bool read_plain(const ColumnLayout& layout, PageBytes in, std::size_t count, PageValues& out) {
  std::string_view raw;
  if (layout.type == PhysicalType::kBoolean) {
    if (!in.take((count + 7) / 8, raw)) return false;
    unpack_bits(raw, count, 1,
                [&](std::uint64_t bit) { out.integers.push_back(static_cast<std::int64_t>(bit)); });
    return true;
  }
  if (layout.type == PhysicalType::kByteArray) {
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t size = 0;
      if (!in.number(size) || !in.take(size, raw)) return false;
      out.texts.push_back(raw);
    }
    return true;
  }
  const std::size_t width = width_of(layout);
  if (width == 0 || !in.take(count * width, raw)) return false;
  for (std::size_t i = 0; i < count; ++i) {
    add_fixed(layout.type, raw.substr(i * width, width), out);
  }
  return true;
}

template <typename Value>
bool gather(const std::vector<std::uint32_t>& places, const std::vector<Value>& dictionary,
            std::vector<Value>& out) {
  out.reserve(places.size());
  for (const std::uint32_t place : places) {
    if (place >= dictionary.size()) return false;
    out.push_back(dictionary[place]);
  }
  return true;
}

bool read_places(PageBytes in, std::size_t count, const PageValues& dictionary, PageValues& out) {
  std::uint8_t bit_width = 0;
  std::vector<std::uint32_t> places;
  if (count == 0) return true;
  if (!in.number(bit_width) || !read_runs(in, bit_width, count, places)) return false;
  if (!dictionary.integers.empty()) return gather(places, dictionary.integers, out.integers);
  if (!dictionary.doubles.empty()) return gather(places, dictionary.doubles, out.doubles);
  return gather(places, dictionary.texts, out.texts);
}

// Booleans, behind the size of their bytes.
bool read_boolean_runs(const ColumnLayout& layout, PageBytes in, std::size_t count,
                       PageValues& out) {
  std::uint32_t size = 0;
  std::string_view raw;
  std::vector<std::uint32_t> bits;
  if (layout.type != PhysicalType::kBoolean || !in.number(size) || !in.take(size, raw))
    return false;
  PageBytes runs(raw);
  if (!read_runs(runs, 1, count, bits)) return false;
  out.integers.assign(bits.begin(), bits.end());
  return true;
}

bool read_binary_deltas(const ColumnLayout& layout, PageBytes in, std::size_t count,
                        PageValues& out) {
  if (layout.type != PhysicalType::kInt32 && layout.type != PhysicalType::kInt64) return false;
  if (!read_deltas(in, count, out.integers)) return false;
  if (layout.type == PhysicalType::kInt32) {
    for (std::int64_t& value : out.integers) value = static_cast<std::int32_t>(value);
  }
  return true;
}

bool have_length(const ColumnLayout& layout, const std::vector<std::string_view>& texts) {
  if (layout.type != PhysicalType::kFixedLengthByteArray) return true;
  for (const std::string_view text : texts) {
    if (text.size() != width_of(layout)) return false;
  }
  return true;
}

// The first bytes of all values, then the second ones ...
bool read_byte_streams(const ColumnLayout& layout, PageBytes in, std::size_t count,
                       PageValues& out) {
  const std::size_t width = width_of(layout);
  std::string_view raw;
  if (width == 0 || layout.type == PhysicalType::kInt96 || !in.take(count * width, raw))
    return false;
  out.text.resize(count * width);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t byte = 0; byte < width; ++byte) {
      out.text[i * width + byte] = raw[byte * count + i];
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    add_fixed(layout.type, std::string_view(out.text).substr(i * width, width), out);
  }
  return true;
}

bool is_byte_array(const ColumnLayout& layout) {
  return layout.type == PhysicalType::kByteArray ||
         layout.type == PhysicalType::kFixedLengthByteArray;
}

}  // namespace

void PageValues::clear() {
  integers.clear();
  doubles.clear();
  texts.clear();
  text.clear();
}

Result<void> read_values(const ColumnLayout& layout, Encoding encoding, std::string_view bytes,
                         std::size_t count, const PageValues& dictionary, PageValues& out) {
  out.clear();
  PageBytes in(bytes);
  bool done = false;
  switch (encoding) {
    case Encoding::kPlain:
      done = read_plain(layout, in, count, out);
      break;
    case Encoding::kPlainDictionary:
    case Encoding::kRleDictionary:
      done = read_places(in, count, dictionary, out);
      break;
    case Encoding::kRle:
      done = read_boolean_runs(layout, in, count, out);
      break;
    case Encoding::kDeltaBinaryPacked:
      done = read_binary_deltas(layout, in, count, out);
      break;
    case Encoding::kDeltaLengthByteArray:
      done = layout.type == PhysicalType::kByteArray && read_delta_lengths(in, count, out.texts);
      break;
    case Encoding::kDeltaByteArray:
      done = is_byte_array(layout) &&
             read_delta_texts(in, count, kMostPageBytes, out.text, out.texts) &&
             have_length(layout, out.texts);
      break;
    case Encoding::kByteStreamSplit:
      done = read_byte_streams(layout, in, count, out);
      break;
    default:
      return fail(ErrorCode::kUnsupported,
                  fmt::format("A page has an encoding that is not read here (number {}).",
                              static_cast<int>(encoding)));
  }
  if (!done || out.size() != count) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("A page does not hold the {} values that it should.", count));
  }
  return {};
}

}  // namespace stave::parquet
