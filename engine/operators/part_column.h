// The parts of lists as codes: most lists come again, and who groups by their parts need not look
// at texts. Where there are too many different ones parts are texts after all. Invariant: all
// batches of an operator get a column of one representation.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/aggregate/result_vector.h"
#include "engine/local_dictionary.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// What one thread has met: parts as codes of a dictionary of its own, and lists as their parts.
class KnownLists {
 public:
  KnownLists() : values_(std::make_shared<LocalDictionary>(DictionaryKind::kString)) {}

  const std::shared_ptr<LocalDictionary>& values() const { return values_; }
  // So many different parts that codes do not pay.
  bool is_over() const { return values_->size() > kMostOfThread; }

  // The codes of the list's parts, good until the next call.
  Result<std::span<const std::uint32_t>> parts_of(std::string_view list);

 private:
  static constexpr std::uint32_t kMostOfThread = std::uint32_t{1} << 17;
  static constexpr std::size_t kMostLists = std::size_t{1} << 16;
  static constexpr std::size_t kMostListBytes = std::size_t{8} << 20;

  struct Known {
    std::size_t first;  // in parts_
    std::size_t count;
  };
  std::shared_ptr<LocalDictionary> values_;
  ResultText texts_;
  boost::unordered_flat_map<std::string_view, Known> lists_;
  std::vector<std::uint32_t> parts_;
  std::vector<std::uint32_t> passing_;  // of a list that is not kept
};

// The parts of a batch's rows: as codes of the thread, or as texts once it had too many.
struct BatchParts {
  std::size_t thread = 0;
  std::vector<std::uint32_t> codes;
  Vector texts;
};

class PartColumn {
 public:
  // `as_texts`: some batches have texts.
  PartColumn(std::span<const KnownLists> threads, bool as_texts);
  Vector of(const BatchParts& parts) const;

 private:
  std::vector<std::shared_ptr<LocalDictionary>> dictionaries_;  // by thread
  std::shared_ptr<LocalDictionary> all_;                        // none: texts
  std::vector<std::vector<std::uint32_t>> codes_;  // by thread: what its codes are in all_
};

}  // namespace stave
