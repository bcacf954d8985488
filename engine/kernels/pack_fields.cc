// As many rows at once as a vector has lanes: see pack_fields.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/pack_fields.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/pack_fields.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void pack_fields(std::span<const PackedField> fields, std::uint64_t start, std::size_t rows,
                 std::uint64_t* words) {
  const hn::ScalableTag<std::uint64_t> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    auto sum = hn::Set(d, start);
    for (const PackedField& field : fields) {
      const auto* values = reinterpret_cast<const std::uint64_t*>(field.values + row);
      const auto value = hn::And(hn::LoadU(d, values), hn::Set(d, field.mask));
      sum = hn::Add(sum, hn::ShiftLeftSame(value, static_cast<int>(field.shift)));
    }
    hn::StoreU(sum, d, words + row);
  }
  for (; row < rows; ++row) words[row] = scalar::packed_fields(fields, start, row);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(pack_fields);

void pack_fields(std::span<const PackedField> fields, std::uint64_t start, std::size_t rows,
                 std::uint64_t* words) {
  STAVE_RUN_KERNEL(pack_fields)(fields, start, rows, words);
}

}  // namespace stave::kernels
#endif
