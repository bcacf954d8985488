// See part_column.h.
#include "engine/operators/part_column.h"

#include <algorithm>

#include "engine/operators/list_parts.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

Result<std::span<const std::uint32_t>> KnownLists::parts_of(std::string_view list) {
  const auto known = lists_.find(list);
  if (known != lists_.end()) {
    return std::span(parts_).subspan(known->second.first, known->second.count);
  }
  const bool stays = lists_.size() < kMostLists && texts_.bytes() < kMostListBytes;
  std::vector<std::uint32_t>& parts = stays ? parts_ : passing_;
  if (!stays) parts.clear();
  const std::size_t first = parts.size();
  ListParts rest(list);
  for (;;) {
    const auto part = rest.next();
    if (!part) return pass(part);
    if (!*part) break;
    parts.push_back(values_->add_string(**part));
  }
  const std::size_t count = parts.size() - first;
  if (stays) lists_.emplace(texts_.copy(list), Known{first, count});
  return std::span(parts).subspan(first, count);
}

PartColumn::PartColumn(std::span<const KnownLists> threads, bool as_texts) {
  for (const KnownLists& thread : threads) dictionaries_.push_back(thread.values());
  if (as_texts) return;
  all_ = std::make_shared<LocalDictionary>(DictionaryKind::kString);
  for (const auto& dictionary : dictionaries_) {
    std::vector<std::uint32_t>& codes = codes_.emplace_back(1, kNullCode);
    for (std::uint32_t code = 1; code <= dictionary->size(); ++code) {
      codes.push_back(all_->add_string(dictionary->string_at(code)));
    }
  }
}

Vector PartColumn::of(const BatchParts& parts) const {
  if (parts.texts.data != nullptr) return parts.texts;
  Vector vector;
  vector.type = kStringType;
  vector.representation = all_ ? Representation::kCode : Representation::kString;
  vector.dictionary = all_;
  vector.size = static_cast<std::uint32_t>(parts.codes.size());
  auto buffer = std::make_shared<VectorBuffer>();
  if (all_) {
    auto* codes = buffer->room<std::uint32_t>(vector.size);
    const std::vector<std::uint32_t>& code_of = codes_[parts.thread];
    std::transform(parts.codes.begin(), parts.codes.end(), codes,
                   [&](std::uint32_t part) { return code_of[part]; });
    vector.data = codes;
  } else {
    auto* texts = buffer->room<std::string_view>(vector.size);
    const LocalDictionary& values = *dictionaries_[parts.thread];
    std::transform(parts.codes.begin(), parts.codes.end(), texts,
                   [&](std::uint32_t part) { return values.string_at(part); });
    buffer->parents.push_back(dictionaries_[parts.thread]);
    vector.data = texts;
  }
  vector.owner = std::move(buffer);
  return vector;
}

}  // namespace stave
