// Integers over a power of ten, as f64.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave {

// values[i] = integers[i] / divisor: each rounded to the nearest f64 first where it is none.
void divide_integers(const std::int64_t* integers, std::size_t count, double divisor,
                     double* values);

// The scalar twin.
void divide_integers_scalar(const std::int64_t* integers, std::size_t count, double divisor,
                            double* values);

}  // namespace stave
