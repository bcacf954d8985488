// Dictionaries of computed strings: see derived_dictionary.h.
#include "engine/evaluate/derived_dictionary.h"

#include "engine/runtime/vector_buffer.h"

namespace stave {

Vector DerivedDictionary::encode(const Vector& strings) {
  auto dictionary = std::make_shared<DerivedDictionary>();
  dictionary->owner_ = strings.owner;
  auto buffer = std::make_shared<VectorBuffer>();
  auto* codes = buffer->room<std::uint32_t>(strings.size);
  const auto* values = strings.values<std::string_view>();
  for (std::uint32_t row = 0; row < strings.size; ++row) {
    if (!is_valid(strings.validity, row)) {
      codes[row] = kNullCode;
      continue;
    }
    const auto next = static_cast<std::uint32_t>(dictionary->values_.size()) + 1;
    const auto [at, added] = dictionary->codes_.try_emplace(values[row], next);
    if (added) dictionary->values_.push_back(values[row]);
    codes[row] = at->second;
  }
  Vector result;
  result.type = strings.type;
  result.representation = Representation::kCode;
  result.size = strings.size;
  result.data = codes;
  result.dictionary = std::move(dictionary);
  result.owner = std::move(buffer);
  return result;
}

}  // namespace stave
