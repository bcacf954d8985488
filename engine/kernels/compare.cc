// Comparisons to bitmaps on every instruction set: see compare.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/compare.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/compare.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Calls test(first row) for each vector of a word and joins the masks to 64 bits.
template <typename D, typename Test>
HWY_INLINE std::uint64_t word_of(D d, const Test& test) {
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  std::uint64_t word = 0;
  for (std::size_t lane = 0; lane < 64; lane += kLanes) {
    std::uint8_t bytes[8] = {};
    hn::StoreMaskBits(d, test(lane), bytes);
    std::uint64_t part = 0;
    hwy::CopyBytes<8>(bytes, &part);
    word |= part << lane;
  }
  return word;
}

template <Comparison kComparison, typename D, typename V>
HWY_INLINE auto mask_of(D d, V left, V right) {
  using T = hn::TFromD<D>;
  if constexpr (hwy::IsFloat<T>()) {
    const auto left_nan = hn::IsNaN(left);
    const auto right_nan = hn::IsNaN(right);
    const auto equal = hn::Or(hn::Eq(left, right), hn::And(left_nan, right_nan));
    const auto less = hn::Or(hn::Lt(left, right), hn::AndNot(left_nan, right_nan));
    (void)d;
    if constexpr (kComparison == Comparison::kEqual) return equal;
    if constexpr (kComparison == Comparison::kNotEqual) return hn::Not(equal);
    if constexpr (kComparison == Comparison::kLess) return less;
    if constexpr (kComparison == Comparison::kLessEqual) return hn::Or(less, equal);
    if constexpr (kComparison == Comparison::kGreater) return hn::Not(hn::Or(less, equal));
    if constexpr (kComparison == Comparison::kGreaterEqual) return hn::Not(less);
  } else {
    (void)d;
    if constexpr (kComparison == Comparison::kEqual) return hn::Eq(left, right);
    if constexpr (kComparison == Comparison::kNotEqual) return hn::Ne(left, right);
    if constexpr (kComparison == Comparison::kLess) return hn::Lt(left, right);
    if constexpr (kComparison == Comparison::kLessEqual) return hn::Not(hn::Lt(right, left));
    if constexpr (kComparison == Comparison::kGreater) return hn::Lt(right, left);
    if constexpr (kComparison == Comparison::kGreaterEqual) return hn::Not(hn::Lt(left, right));
  }
}

template <Comparison kComparison, typename T>
HWY_NOINLINE void constant_loop(const T* values, std::size_t rows, T constant,
                                std::uint64_t* bits) {
  const hn::ScalableTag<T> d;
  const auto right = hn::Set(d, constant);
  std::size_t row = 0;
  for (; row + 64 <= rows; row += 64) {
    bits[row / 64] = word_of(d, [&](std::size_t lane) HWY_ATTR {
      return mask_of<kComparison>(d, hn::LoadU(d, values + row + lane), right);
    });
  }
  if (row < rows) {
    scalar::compare_constant(values + row, rows - row, kComparison, constant, bits + row / 64);
  }
}

template <Comparison kComparison, typename T>
HWY_NOINLINE void vector_loop(const T* left, const T* right, std::size_t rows,
                              std::uint64_t* bits) {
  const hn::ScalableTag<T> d;
  std::size_t row = 0;
  for (; row + 64 <= rows; row += 64) {
    bits[row / 64] = word_of(d, [&](std::size_t lane) HWY_ATTR {
      return mask_of<kComparison>(d, hn::LoadU(d, left + row + lane),
                                  hn::LoadU(d, right + row + lane));
    });
  }
  if (row < rows) {
    scalar::compare_vectors(left + row, right + row, rows - row, kComparison, bits + row / 64);
  }
}

template <typename T>
HWY_NOINLINE void between_loop(const T* values, std::size_t rows, T low, T high,
                               std::uint64_t* bits) {
  const hn::ScalableTag<T> d;
  const auto lowest = hn::Set(d, low);
  const auto highest = hn::Set(d, high);
  std::size_t row = 0;
  for (; row + 64 <= rows; row += 64) {
    bits[row / 64] = word_of(d, [&](std::size_t lane) HWY_ATTR {
      const auto value = hn::LoadU(d, values + row + lane);
      return hn::Not(hn::Or(hn::Lt(value, lowest), hn::Lt(highest, value)));
    });
  }
  if (row < rows) scalar::between(values + row, rows - row, low, high, bits + row / 64);
}

template <typename T>
void constant_of(const T* values, std::size_t rows, Comparison comparison, T constant,
                 std::uint64_t* bits) {
  switch (comparison) {
    case Comparison::kEqual:
      return constant_loop<Comparison::kEqual>(values, rows, constant, bits);
    case Comparison::kNotEqual:
      return constant_loop<Comparison::kNotEqual>(values, rows, constant, bits);
    case Comparison::kLess:
      return constant_loop<Comparison::kLess>(values, rows, constant, bits);
    case Comparison::kLessEqual:
      return constant_loop<Comparison::kLessEqual>(values, rows, constant, bits);
    case Comparison::kGreater:
      return constant_loop<Comparison::kGreater>(values, rows, constant, bits);
    case Comparison::kGreaterEqual:
      return constant_loop<Comparison::kGreaterEqual>(values, rows, constant, bits);
  }
}

template <typename T>
void vectors_of(const T* left, const T* right, std::size_t rows, Comparison comparison,
                std::uint64_t* bits) {
  switch (comparison) {
    case Comparison::kEqual:
      return vector_loop<Comparison::kEqual>(left, right, rows, bits);
    case Comparison::kNotEqual:
      return vector_loop<Comparison::kNotEqual>(left, right, rows, bits);
    case Comparison::kLess:
      return vector_loop<Comparison::kLess>(left, right, rows, bits);
    case Comparison::kLessEqual:
      return vector_loop<Comparison::kLessEqual>(left, right, rows, bits);
    case Comparison::kGreater:
      return vector_loop<Comparison::kGreater>(left, right, rows, bits);
    case Comparison::kGreaterEqual:
      return vector_loop<Comparison::kGreaterEqual>(left, right, rows, bits);
  }
}

void constant_u32(const std::uint32_t* v, std::size_t n, Comparison c, std::uint32_t k,
                  std::uint64_t* bits) {
  constant_of(v, n, c, k, bits);
}
void constant_i64(const std::int64_t* v, std::size_t n, Comparison c, std::int64_t k,
                  std::uint64_t* bits) {
  constant_of(v, n, c, k, bits);
}
void constant_f64(const double* v, std::size_t n, Comparison c, double k, std::uint64_t* bits) {
  constant_of(v, n, c, k, bits);
}
void vectors_u32(const std::uint32_t* a, const std::uint32_t* b, std::size_t n, Comparison c,
                 std::uint64_t* bits) {
  vectors_of(a, b, n, c, bits);
}
void vectors_i64(const std::int64_t* a, const std::int64_t* b, std::size_t n, Comparison c,
                 std::uint64_t* bits) {
  vectors_of(a, b, n, c, bits);
}
void vectors_f64(const double* a, const double* b, std::size_t n, Comparison c,
                 std::uint64_t* bits) {
  vectors_of(a, b, n, c, bits);
}
void between_u32(const std::uint32_t* v, std::size_t n, std::uint32_t low, std::uint32_t high,
                 std::uint64_t* bits) {
  between_loop(v, n, low, high, bits);
}
void between_i64(const std::int64_t* v, std::size_t n, std::int64_t low, std::int64_t high,
                 std::uint64_t* bits) {
  between_loop(v, n, low, high, bits);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(constant_u32);
STAVE_KERNEL(constant_i64);
STAVE_KERNEL(constant_f64);
STAVE_KERNEL(vectors_u32);
STAVE_KERNEL(vectors_i64);
STAVE_KERNEL(vectors_f64);
STAVE_KERNEL(between_u32);
STAVE_KERNEL(between_i64);

void compare_constant(const std::uint32_t* values, std::size_t rows, Comparison comparison,
                      std::uint32_t constant, std::uint64_t* bits) {
  STAVE_RUN_KERNEL(constant_u32)(values, rows, comparison, constant, bits);
}
void compare_constant(const std::int64_t* values, std::size_t rows, Comparison comparison,
                      std::int64_t constant, std::uint64_t* bits) {
  STAVE_RUN_KERNEL(constant_i64)(values, rows, comparison, constant, bits);
}
void compare_constant(const double* values, std::size_t rows, Comparison comparison,
                      double constant, std::uint64_t* bits) {
  STAVE_RUN_KERNEL(constant_f64)(values, rows, comparison, constant, bits);
}
void compare_vectors(const std::uint32_t* left, const std::uint32_t* right, std::size_t rows,
                     Comparison comparison, std::uint64_t* bits) {
  STAVE_RUN_KERNEL(vectors_u32)(left, right, rows, comparison, bits);
}
void compare_vectors(const std::int64_t* left, const std::int64_t* right, std::size_t rows,
                     Comparison comparison, std::uint64_t* bits) {
  STAVE_RUN_KERNEL(vectors_i64)(left, right, rows, comparison, bits);
}
void compare_vectors(const double* left, const double* right, std::size_t rows,
                     Comparison comparison, std::uint64_t* bits) {
  STAVE_RUN_KERNEL(vectors_f64)(left, right, rows, comparison, bits);
}
void between(const std::uint32_t* values, std::size_t rows, std::uint32_t low, std::uint32_t high,
             std::uint64_t* bits) {
  STAVE_RUN_KERNEL(between_u32)(values, rows, low, high, bits);
}
void between(const std::int64_t* values, std::size_t rows, std::int64_t low, std::int64_t high,
             std::uint64_t* bits) {
  STAVE_RUN_KERNEL(between_i64)(values, rows, low, high, bits);
}

}  // namespace stave::kernels
#endif
