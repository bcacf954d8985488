// See group_ranks.h.
#include "engine/operators/group_ranks.h"

#include <algorithm>

#include "engine/operators/text_order.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {
namespace {

constexpr std::size_t kGroupsPerItem = 256;

std::string_view text_at(const Vector& vector, std::uint32_t row) {
  return vector.representation == Representation::kCode
             ? vector.dictionary->string_at(vector.values<std::uint32_t>()[row])
             : vector.values<std::string_view>()[row];
}

void rank_group(std::span<PrefixedText> texts, std::vector<std::uint32_t>& ranks) {
  std::sort(texts.begin(), texts.end(), text_less);
  std::uint32_t rank = 0;
  for (std::size_t place = 0; place < texts.size(); ++place) {
    if (place > 0 && text_less(texts[place - 1], texts[place])) ++rank;
    ranks[texts[place].id] = rank;
  }
}

}  // namespace

Result<std::vector<std::uint32_t>> ranks_in_groups(const EvaluatedColumns& columns,
                                                   std::size_t column, const GroupedRows& grouped,
                                                   ExecutionContext& context) {
  const RowLocator locator(columns.batches);
  std::vector<std::uint32_t> ranks(locator.rows());
  const std::span<const RowGroup> groups = grouped.groups;
  const std::size_t items = (groups.size() + kGroupsPerItem - 1) / kGroupsPerItem;
  const auto ranked = context.parallel_for(items, [&](std::size_t item, int) -> Result<void> {
    // Texts lie scattered in memory: those of all groups are asked for before any is looked at.
    std::vector<PrefixedText> texts;
    std::vector<std::size_t> ends;
    const std::size_t begin = item * kGroupsPerItem;
    for (const RowGroup& group :
         groups.subspan(begin, std::min(kGroupsPerItem, groups.size() - begin))) {
      if (group.size < 2) continue;
      for (const RowNumber row : grouped.rows.subspan(group.first, group.size)) {
        const RowLocator::Place place = locator(row);
        const Vector& vector = columns.batches[place.batch].columns[column];
        if (is_null_at(vector, place.row)) continue;
        texts.push_back({0, text_at(vector, place.row), row});
        __builtin_prefetch(texts.back().text.data());
      }
      ends.push_back(texts.size());
    }
    for (PrefixedText& text : texts) text.prefix = prefix_of(text.text);
    std::size_t first = 0;
    for (const std::size_t end : ends) {
      rank_group(std::span(texts).subspan(first, end - first), ranks);
      first = end;
    }
    return {};
  });
  if (!ranked) return pass(ranked);
  return ranks;
}

}  // namespace stave
