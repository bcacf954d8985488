// Vectors made from finished values; see the header.
#include "engine/aggregate/result_vector.h"

#include <algorithm>

#include "engine/aggregate/group_rows.h"

namespace stave {
namespace {

template <typename T>
Vector take_typed(const Vector& values, std::span<const std::uint32_t> order) {
  const T* from = values.values<T>();
  std::vector<T> taken(order.size());
  ValidityBits validity(order.size());
  for (std::size_t row = 0; row < order.size(); ++row) taken[row] = from[order[row]];
  if (values.validity != nullptr) {
    for (std::size_t row = 0; row < order.size(); ++row) {
      if (!is_valid(values.validity, order[row])) validity.clear(row);
    }
  }
  Vector result = make_vector(values.type, values.representation, std::move(taken),
                              std::move(validity), values.owner);
  result.dictionary = values.dictionary;
  return result;
}

}  // namespace

Vector take_rows(const Vector& values, std::span<const std::uint32_t> order) {
  switch (values.representation) {
    case Representation::kCode:
      return take_typed<std::uint32_t>(values, order);
    case Representation::kInt128:
      return take_typed<Int128>(values, order);
    case Representation::kFloat64:
      return take_typed<double>(values, order);
    case Representation::kString:
      return take_typed<std::string_view>(values, order);
    case Representation::kBool:
      return take_typed<std::uint8_t>(values, order);
    case Representation::kInt64:
      break;
  }
  return take_typed<std::int64_t>(values, order);
}

std::string_view ResultText::copy(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > kChunkBytes / 4) {
    // A long text gets a chunk of its own, before the one that is being filled.
    auto own = std::make_unique<char[]>(text.size());
    std::copy(text.begin(), text.end(), own.get());
    const std::string_view view(own.get(), text.size());
    chunks_.push_front(std::move(own));
    bytes_ += text.size();
    return view;
  }
  if (used_ + text.size() > kChunkBytes) {
    chunks_.push_back(std::make_unique<char[]>(kChunkBytes));
    bytes_ += kChunkBytes;
    used_ = 0;
  }
  char* to = chunks_.back().get() + used_;
  std::copy(text.begin(), text.end(), to);
  used_ += text.size();
  return {to, text.size()};
}

}  // namespace stave
