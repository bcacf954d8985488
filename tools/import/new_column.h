// A column that the load adds to its table: its values are kept as texts, or as positions in a list
// of distinct texts while these are few, until the last row has shown its type. Invariant: type,
// form and codes depend only on the values and their order.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/domain_hash.h"
#include "tools/import/parsed_chunk.h"
#include "tools/import/type_guess.h"

namespace stave::loading {

class NewColumn {
 public:
  // Chunk by chunk in input order: replaces texts by positions (from 1; 0 is null) where the list
  // still holds few. `column` is the load's.
  void list_values(std::size_t column, ValueParser& values, ParsedChunk& chunk);
  // Merges what a worker saw in texts that were not listed.
  void merge(const TypeGuess& guess) { guess_.merge(guess); }

  // The type that a file of the load says it has.
  void declare(Type type) { guess_.declare(type); }

  // After the last chunk.
  Type guess_type(ValueParser& values);
  // And where it is a key: behind guess_type.
  Type key_type() const { return guess_.key_type(); }
  bool holds_integer_keys() const { return guess_.holds_integer_keys(); }
  bool holds_dates() const { return guess_.holds_dates(); }
  bool is_listed() const { return !too_many_; }
  // Strings of few distinct values get a domain.
  bool should_be_coded() const;
  // The text at position 1..size; has the parsers' padding.
  const std::vector<std::string_view>& listed() const { return listed_; }

 private:
  struct TextHash {
    using is_avalanching = void;
    std::size_t operator()(std::string_view text) const { return domain_hash(text); }
  };

  // No further value is listed.
  bool is_full(ValueParser& values);
  void observe_listed(ValueParser& values);

  boost::unordered_flat_map<std::string_view, std::uint32_t, TextHash> positions_;
  std::vector<std::string_view> listed_;
  TextArena texts_;
  std::size_t observed_ = 0;  // of the listed
  std::uint64_t values_ = 0;
  bool too_many_ = false;
  TypeGuess guess_;
};

}  // namespace stave::loading
