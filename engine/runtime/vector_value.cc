// One cell as a value: see vector_value.h.
#include "engine/runtime/vector_value.h"

#include <string>
#include <string_view>

#include "engine/runtime/vector_buffer.h"

namespace stave {

Value value_at(const Vector& vector, std::size_t row) {
  Value value;
  value.type = vector.type;
  if (is_null_at(vector, row)) return value;
  switch (vector.representation) {
    case Representation::kCode: {
      const std::uint32_t code = vector.values<std::uint32_t>()[row];
      if (vector.dictionary->kind() == DictionaryKind::kInt64) {
        value.data = vector.dictionary->int64_at(code);
      } else {
        value.data = std::string(vector.dictionary->string_at(code));
      }
      break;
    }
    case Representation::kInt64: {
      const std::int64_t number = vector.values<std::int64_t>()[row];
      if (vector.type.kind == TypeKind::kDecimal) {
        value.data = Int128{number};
      } else {
        value.data = number;
      }
      break;
    }
    case Representation::kInt128:
      value.data = vector.values<Int128>()[row];
      break;
    case Representation::kFloat64:
      value.data = vector.values<double>()[row];
      break;
    case Representation::kString:
      value.data = std::string(vector.values<std::string_view>()[row]);
      break;
    case Representation::kBool:
      value.data = vector.values<std::uint8_t>()[row] != 0;
      break;
  }
  return value;
}

}  // namespace stave
