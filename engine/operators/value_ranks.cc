// See value_ranks.h.
#include "engine/operators/value_ranks.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "engine/operators/parallel_sort.h"
#include "engine/operators/row_locator.h"
#include "engine/operators/text_order.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

// Below this many dictionary values for each row a mark for every code is cheaper than sorting.
constexpr std::uint64_t kDenseCodesPerRow = 8;

bool is_dense(const EvaluatedColumns& columns, const Dictionary& dictionary) {
  std::uint64_t rows = 0;
  for (const Batch& batch : columns.batches) {
    rows += batch.rows;
  }
  return dictionary.size() / kDenseCodesPerRow <= rows;
}

std::vector<std::uint32_t> occurring_codes(const EvaluatedColumns& columns, std::size_t column,
                                           const Dictionary& dictionary) {
  std::vector<std::uint32_t> codes;
  if (is_dense(columns, dictionary)) {
    std::vector<std::uint8_t> marks(std::size_t{dictionary.size()} + 1);
    for (const Batch& batch : columns.batches) {
      const auto* values = batch.columns[column].values<std::uint32_t>();
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        marks[values[row]] = 1;
      }
    }
    for (std::uint32_t code = 1; code < marks.size(); ++code) {
      if (marks[code] != 0) {
        codes.push_back(code);
      }
    }
    return codes;
  }
  for (const Batch& batch : columns.batches) {
    const auto* values = batch.columns[column].values<std::uint32_t>();
    codes.insert(codes.end(), values, values + batch.rows);
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  std::erase(codes, kNullCode);
  return codes;
}

Result<void> sort_by_value(std::vector<std::uint32_t>& codes, const Dictionary& dictionary,
                           ExecutionContext& context) {
  if (dictionary.kind() == DictionaryKind::kInt64) {
    std::vector<std::pair<std::int64_t, std::uint32_t>> values;
    values.reserve(codes.size());
    for (const std::uint32_t code : codes) {
      values.emplace_back(dictionary.int64_at(code), code);
    }
    auto sorted = parallel_sort(values, std::less<>(), context);
    std::transform(values.begin(), values.end(), codes.begin(),
                   [](const auto& value) { return value.second; });
    return sorted;
  }
  std::vector<PrefixedText> values;
  values.reserve(codes.size());
  for (const std::uint32_t code : codes) {
    values.push_back({0, dictionary.string_at(code), code});
  }
  set_prefixes(values);
  auto sorted = parallel_sort(values, text_less, context);
  std::transform(values.begin(), values.end(), codes.begin(),
                 [](const PrefixedText& value) { return value.id; });
  return sorted;
}

}  // namespace

Result<CodeRanks> CodeRanks::make(const EvaluatedColumns& columns, std::size_t column,
                                  ExecutionContext& context) {
  const Dictionary& dictionary = *columns.shapes[column].dictionary;
  std::vector<std::uint32_t> codes = occurring_codes(columns, column, dictionary);
  const auto sorted = sort_by_value(codes, dictionary, context);
  if (!sorted) {
    return pass(sorted);
  }
  CodeRanks ranks;
  if (is_dense(columns, dictionary)) {
    ranks.dense_.resize(std::size_t{dictionary.size()} + 1);
  }
  for (std::uint32_t rank = 0; rank < codes.size(); ++rank) {
    if (ranks.dense_.empty()) {
      ranks.sparse_.emplace(codes[rank], rank);
    } else {
      ranks.dense_[codes[rank]] = rank;
    }
  }
  return ranks;
}

Result<std::vector<std::uint32_t>> string_ranks(const EvaluatedColumns& columns, std::size_t column,
                                                ExecutionContext& context) {
  const RowLocator locator(columns.batches);
  std::vector<PrefixedText> values;
  for (std::size_t item = 0; item < columns.batches.size(); ++item) {
    const Vector& vector = columns.batches[item].columns[column];
    for (std::uint32_t row = 0; row < vector.size; ++row) {
      if (!is_null_at(vector, row)) {
        const std::string_view text = vector.values<std::string_view>()[row];
        values.push_back({0, text, locator.start_of(item) + row});
      }
    }
  }
  set_prefixes(values);
  const auto sorted = parallel_sort(values, text_less, context);
  if (!sorted) {
    return pass(sorted);
  }
  std::vector<std::uint32_t> ranks(locator.rows());
  std::uint32_t rank = 0;
  for (std::size_t place = 0; place < values.size(); ++place) {
    if (place > 0 && values[place].text != values[place - 1].text) {
      ++rank;
    }
    ranks[values[place].id] = rank;
  }
  return ranks;
}

}  // namespace stave
