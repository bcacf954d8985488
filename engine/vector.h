// A run of values of one column in memory, decoded: the unit of the engine's work.
// Invariant: immutable once shared. Validity bit i of word i / 64 set: row i holds a value; no
// validity pointer: none is null. Codes carry null as code 0 and never have validity.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/plan.h"
#include "stave/type.h"
#include "storage/dictionary.h"
#include "storage/int128.h"

namespace stave {

enum class Representation : std::uint8_t {
  kCode,    // u32 into `dictionary`; logical type string or i64
  kInt64,   // i64, date, timestamp, decimal with precision <= 18
  kInt128,  // decimal with precision > 18
  kFloat64,
  kString,  // std::string_view; lists as their JSON text
  kBool,    // u8, 0 or 1
};

struct Vector {
  Type type;
  Representation representation = Representation::kInt64;
  std::uint32_t size = 0;
  const void* data = nullptr;  // `size` values of the representation's C++ type
  const std::uint64_t* validity = nullptr;
  std::shared_ptr<const Dictionary> dictionary;  // kCode only
  std::shared_ptr<const void> owner;             // keeps data, validity and text alive

  template <typename T>
  const T* values() const {
    return static_cast<const T*>(data);
  }
};

struct Batch {
  std::uint32_t rows = 0;
  std::vector<Vector> columns;
};

class SpilledRows;  // engine/spill/spilled_rows.h

// A whole relation: batches in memory, in order, or all of its rows on disk.
struct Relation {
  std::vector<Field> fields;
  std::vector<Batch> batches;
  std::uint64_t rows = 0;
  // Groups without those that the `top` for whom they were made cannot show.
  bool is_cut = false;
  std::shared_ptr<const SpilledRows> spilled;  // where set there are no batches
  std::shared_ptr<const void> held;            // the batches' share of the run's memory
};

}  // namespace stave
