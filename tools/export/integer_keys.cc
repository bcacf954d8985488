// One gather for each column; null is code 0.
#include "tools/export/integer_keys.h"

#include <algorithm>

#include "engine/kernels/gather.h"

namespace stave {
namespace {

// Below it the values of a file repeat often enough for a dictionary.
constexpr std::uint32_t kLargeDomain = 1U << 17;

void mark_values(const std::uint32_t* codes, std::uint32_t rows,
                 std::vector<std::uint64_t>& validity) {
  validity.assign((rows + 63) / 64, 0);
  for (std::uint32_t row = 0; row < rows; ++row) {
    validity[row / 64] |= std::uint64_t{codes[row] != kNullCode} << row % 64;
  }
}

}  // namespace

Result<IntegerKeys> IntegerKeys::find(const std::vector<ColumnShape>& shapes, std::uint64_t rows,
                                      ExecutionContext& context) {
  IntegerKeys found;
  for (std::size_t column = 0; column < shapes.size(); ++column) {
    const std::shared_ptr<const Dictionary>& dictionary = shapes[column].dictionary;
    if (shapes[column].representation != Representation::kCode || dictionary == nullptr ||
        dictionary->kind() != DictionaryKind::kInt64 || dictionary->size() < kLargeDomain ||
        dictionary->size() > rows) {
      continue;
    }
    auto table = context.integers_of(dictionary);
    if (!table) return pass(table);
    found.keys_.push_back({column, std::size_t{dictionary->size()} + 1, std::move(*table)});
  }
  return found;
}

void IntegerKeys::decode(Batch& batch, Memory& memory) const {
  memory.columns.resize(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Key& key = keys_[i];
    Memory::Column& decoded = memory.columns[i];
    Vector& vector = batch.columns[key.column];
    const auto* codes = vector.values<std::uint32_t>();
    decoded.values.resize(batch.rows);
    kernels::gather(key.table.get(), key.table_size, codes, batch.rows, decoded.values.data());
    const bool has_nulls = std::find(codes, codes + batch.rows, kNullCode) != codes + batch.rows;
    if (has_nulls) mark_values(codes, batch.rows, decoded.validity);
    vector.representation = Representation::kInt64;
    vector.data = decoded.values.data();
    vector.validity = has_nulls ? decoded.validity.data() : nullptr;
    vector.dictionary.reset();
    vector.owner.reset();
  }
}

}  // namespace stave
