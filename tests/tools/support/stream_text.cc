// See stream_text.h.
#include "tests/tools/support/stream_text.h"

#include <cstring>

#include "storage/int128.h"

namespace stave::testing {
namespace {

template <typename T>
T at(const ArrowArray& array, int buffer, std::int64_t row) {
  T value;
  std::memcpy(
      &value,
      static_cast<const char*>(array.buffers[buffer]) + static_cast<std::size_t>(row) * sizeof(T),
      sizeof(T));
  return value;
}

bool bit(const void* bits, std::int64_t row) {
  return (static_cast<const std::uint8_t*>(bits)[row / 8] >> (row % 8) & 1) != 0;
}

std::string digits(Int128 value) {
  if (value < 0) return "-" + digits(-value);
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return text;
}

}  // namespace

std::string cell_text(const ArrowSchema& schema, const ArrowArray& array, std::int64_t row) {
  row += array.offset;
  if (array.null_count != 0 && array.buffers[0] != nullptr && !bit(array.buffers[0], row)) {
    return "~";
  }
  switch (schema.format[0]) {
    case 'b':
      return bit(array.buffers[1], row) ? "true" : "false";
    case 'l':
      return std::to_string(at<std::int64_t>(array, 1, row));
    case 'g':
      return std::to_string(at<double>(array, 1, row));
    case 'd':
      return digits(at<Int128>(array, 1, row));
    case 't':
      return schema.format[1] == 'd' ? std::to_string(at<std::int32_t>(array, 1, row))
                                     : std::to_string(at<std::int64_t>(array, 1, row));
    case '+': {
      std::string text = "[";
      const auto end = at<std::int32_t>(array, 1, row + 1);
      for (auto part = at<std::int32_t>(array, 1, row); part < end; ++part) {
        text +=
            (text.size() > 1 ? "," : "") + cell_text(*schema.children[0], *array.children[0], part);
      }
      return text + "]";
    }
    default: {
      const auto begin = at<std::int32_t>(array, 1, row);
      const auto end = at<std::int32_t>(array, 1, row + 1);
      return {static_cast<const char*>(array.buffers[2]) + begin,
              static_cast<std::size_t>(end - begin)};
    }
  }
}

StreamText text_of(ArrowArrayStream& stream) {
  StreamText text;
  ArrowSchema schema{};
  text.status = stream.get_schema(&stream, &schema);
  while (text.status == 0) {
    ArrowArray array{};
    text.status = stream.get_next(&stream, &array);
    if (text.status != 0 || array.release == nullptr) break;
    for (std::int64_t row = 0; row < array.length; ++row) {
      std::string& line = text.rows.emplace_back();
      for (std::int64_t column = 0; column < array.n_children; ++column) {
        line += (column == 0 ? "" : "|") +
                cell_text(*schema.children[column], *array.children[column], row);
      }
    }
    array.release(&array);
  }
  if (text.status != 0) text.error = stream.get_last_error(&stream);
  for (std::int64_t column = 0; schema.release != nullptr && column < schema.n_children; ++column) {
    text.schema += (column == 0 ? "" : ", ") + std::string(schema.children[column]->name) + " " +
                   schema.children[column]->format;
  }
  if (schema.release != nullptr) schema.release(&schema);
  stream.release(&stream);
  return text;
}

}  // namespace stave::testing
