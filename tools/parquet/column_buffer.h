// The rows of one column that wait for their row group to be written.
// Invariant: `present` is empty where no row is null, else it has a mark for each row; there are as
// many values (or places) as rows that are not null.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/vector.h"
#include "tools/parquet/key_places.h"
#include "tools/parquet/value_list.h"

namespace stave::parquet {

class ColumnBuffer {
 public:
  explicit ColumnBuffer(Type type) : type_(type), values_(empty_list(type)) {}

  Type type() const { return type_; }

  // These rows of it, ascending.
  void append(const Vector& vector, std::span<const std::uint32_t> rows);

  std::uint64_t rows() const { return rows_; }
  // Where the column came as codes, `values` are the distinct ones and `places` say which.
  bool has_places() const { return has_places_; }
  const ValueList& values() const { return values_; }
  const std::vector<std::uint32_t>& places() const { return places_; }
  const std::vector<std::uint8_t>& present() const { return present_; }
  // What it holds, about.
  std::uint64_t bytes() const;
  void clear();

 private:
  void append_codes(const Vector& vector, std::span<const std::uint32_t> rows);
  void append_values(const Vector& vector, std::span<const std::uint32_t> rows);
  void fetch_values();
  template <typename HasValue>
  void note_presence(std::span<const std::uint32_t> rows, const HasValue& has_value);

  Type type_;
  std::uint64_t rows_ = 0;
  bool has_places_ = false;
  ValueList values_;
  std::vector<std::uint32_t> places_;
  std::vector<std::uint8_t> present_;
  std::shared_ptr<const Dictionary> dictionary_;
  KeyPlaces<std::uint32_t> code_places_;
  std::uint32_t first_place_ = 0;  // of the codes of `dictionary_`
};

}  // namespace stave::parquet
