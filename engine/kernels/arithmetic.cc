// Plain loops that the compiler turns into vector code for every instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/arithmetic.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/arithmetic.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {

template <Arithmetic kOperation>
HWY_INLINE void combine_as(const std::int64_t* a, const std::int64_t* b, std::size_t rows,
                           std::int64_t* out) {
  for (std::size_t row = 0; row < rows; ++row) {
    out[row] = scalar::combined<kOperation>(a[row], b[row]);
  }
}
template <Arithmetic kOperation>
HWY_INLINE void combine_as(const std::int64_t* a, std::int64_t constant, std::size_t rows,
                           std::int64_t* out) {
  for (std::size_t row = 0; row < rows; ++row) {
    out[row] = scalar::combined<kOperation>(a[row], constant);
  }
}
HWY_INLINE void subtract_from(std::int64_t constant, const std::int64_t* b, std::size_t rows,
                              std::int64_t* out) {
  for (std::size_t row = 0; row < rows; ++row) {
    out[row] = scalar::combined<Arithmetic::kSubtract>(constant, b[row]);
  }
}

template <typename Right>
HWY_INLINE void combine_any(Arithmetic operation, const std::int64_t* a, Right b, std::size_t rows,
                            std::int64_t* out) {
  switch (operation) {
    case Arithmetic::kAdd:
      return combine_as<Arithmetic::kAdd>(a, b, rows, out);
    case Arithmetic::kSubtract:
      return combine_as<Arithmetic::kSubtract>(a, b, rows, out);
    case Arithmetic::kMultiply:
      return combine_as<Arithmetic::kMultiply>(a, b, rows, out);
  }
}
void combine_vectors(Arithmetic operation, const std::int64_t* a, const std::int64_t* b,
                     std::size_t rows, std::int64_t* out) {
  combine_any(operation, a, b, rows, out);
}
void combine_constant(Arithmetic operation, const std::int64_t* a, std::int64_t constant,
                      std::size_t rows, std::int64_t* out) {
  combine_any(operation, a, constant, rows, out);
}
void subtract_from_constant(std::int64_t constant, const std::int64_t* b, std::size_t rows,
                            std::int64_t* out) {
  subtract_from(constant, b, rows, out);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(combine_vectors);
STAVE_KERNEL(combine_constant);
STAVE_KERNEL(subtract_from_constant);

void combine(Arithmetic operation, const std::int64_t* a, const std::int64_t* b, std::size_t rows,
             std::int64_t* out) {
  STAVE_RUN_KERNEL(combine_vectors)(operation, a, b, rows, out);
}
void combine(Arithmetic operation, const std::int64_t* a, std::int64_t constant, std::size_t rows,
             std::int64_t* out) {
  STAVE_RUN_KERNEL(combine_constant)(operation, a, constant, rows, out);
}
void combine(Arithmetic operation, std::int64_t constant, const std::int64_t* b, std::size_t rows,
             std::int64_t* out) {
  if (operation == Arithmetic::kSubtract) {
    STAVE_RUN_KERNEL(subtract_from_constant)(constant, b, rows, out);
  } else {
    combine(operation, b, constant, rows, out);
  }
}

}  // namespace stave::kernels
#endif
