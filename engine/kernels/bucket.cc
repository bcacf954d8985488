// Buckets on every instruction set: see bucket.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/bucket.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include <algorithm>

#include "engine/kernels/bucket.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Rows are looked at so many at a time: in runs, or divided where their ends tell of short ones. In
// vectors of eight a division takes less than to foresee the end of one run.
constexpr std::size_t kBlock = 64;
constexpr std::uint64_t kFewBuckets = hn::MaxLanes(hn::ScalableTag<std::int64_t>()) < 8 ? 8 : 1;
// Whole numbers up to here, and their sums and products with a width, are exact as doubles.
constexpr std::int64_t kExact = std::int64_t{1} << 51;

inline std::uint64_t distance(std::int64_t value, std::int64_t from) {
  return static_cast<std::uint64_t>(scalar::difference(value, from));
}

// What the rows of a bucket get: where it begins.
struct Begins {
  std::int64_t width;
  std::int64_t offset;

  std::int64_t of(std::int64_t begin) const { return begin; }
  template <class D, class V>
  hn::Vec<D> of_numbers(D d, V numbers) const {
    const hn::Rebind<double, D> doubles;
    const auto begins = hn::Mul(numbers, hn::Set(doubles, static_cast<double>(width)));
    return hn::Sub(hn::ConvertTo(d, begins), hn::Set(d, offset));
  }
};

// Or its place in its cycle.
struct PlacesInCycle {
  std::int64_t width;
  std::int64_t offset;
  std::int64_t cycle;

  std::int64_t of(std::int64_t begin) const {
    return scalar::bucket_of_cycle(begin, width, cycle, offset);
  }
  template <class D, class V>
  hn::Vec<D> of_numbers(D d, V numbers) const {
    const hn::Rebind<double, D> doubles;
    const auto cycles = hn::Set(doubles, static_cast<double>(cycle));
    const auto before = hn::Mul(hn::Floor(hn::Div(numbers, cycles)), cycles);
    return hn::ConvertTo(d, hn::Sub(numbers, before));
  }
};

// The bucket of the row before, which the next block goes on with.
struct Run {
  std::int64_t begin = 0;
  std::int64_t shown = 0;
  bool is_known = false;
};

template <class Shown>
void show_runs(const std::int64_t* values, std::size_t rows, const Shown& shown, Run& run,
               std::int64_t* out) {
  const hn::ScalableTag<std::int64_t> d;
  const hn::RebindToUnsigned<decltype(d)> distances;
  const std::size_t lanes = hn::Lanes(d);
  const auto width = static_cast<std::uint64_t>(shown.width);
  const auto widths = hn::Set(distances, width);
  for (std::size_t row = 0; row < rows;) {
    if (!run.is_known || distance(values[row], run.begin) >= width) {
      run.begin = scalar::floor_to_bucket(values[row], shown.width, shown.offset);
      run.shown = shown.of(run.begin);
      run.is_known = true;
    }
    out[row++] = run.shown;
    const auto begins = hn::Set(d, run.begin);
    const auto all_shown = hn::Set(d, run.shown);
    bool is_here = true;
    while (is_here && row + lanes <= rows) {
      // What is beyond the bucket is written again.
      hn::StoreU(all_shown, d, out + row);
      const auto far = hn::BitCast(distances, hn::Sub(hn::LoadU(d, values + row), begins));
      const std::intptr_t first = hn::FindFirstTrue(distances, hn::Not(hn::Lt(far, widths)));
      is_here = first < 0;
      row += is_here ? lanes : static_cast<std::size_t>(first);
    }
    for (; is_here && row < rows && distance(values[row], run.begin) < width; ++row) {
      out[row] = run.shown;
    }
  }
}

// False where a value is not exact as a double; some of them are written then.
template <class Shown>
bool show_quotients(const std::int64_t* values, const Shown& shown, std::int64_t* out) {
  const hn::ScalableTag<std::int64_t> d;
  const hn::Rebind<double, decltype(d)> doubles;
  const hn::RebindToUnsigned<decltype(d)> distances;
  const auto widths = hn::Set(doubles, static_cast<double>(shown.width));
  const auto parts = hn::Set(doubles, 1.0 / static_cast<double>(shown.width));
  const auto ones = hn::Set(doubles, 1.0);
  const auto offsets = hn::Set(d, shown.offset);
  const auto least = hn::Set(d, -kExact);
  const auto reach = hn::Set(distances, static_cast<std::uint64_t>(kExact) * 2);
  for (std::size_t row = 0; row < kBlock; row += hn::Lanes(d)) {
    const auto value = hn::LoadU(d, values + row);
    const auto above = hn::BitCast(distances, hn::Sub(value, least));
    if (!hn::AllTrue(distances, hn::Lt(above, reach))) return false;
    const auto local = hn::ConvertTo(doubles, hn::Add(value, offsets));
    // The nearest border is less than a width away, whatever rounding does: it is the bucket's
    // begin or its end.
    const auto nearest = hn::Round(hn::Mul(local, parts));
    const auto is_end = hn::Lt(local, hn::Mul(nearest, widths));
    const auto numbers = hn::IfThenElse(is_end, hn::Sub(nearest, ones), nearest);
    hn::StoreU(shown.of_numbers(d, numbers), d, out + row);
  }
  return true;
}

template <class Shown>
void show(const std::int64_t* values, std::size_t rows, const Shown& shown, std::int64_t* out) {
  const auto width = static_cast<std::uint64_t>(shown.width);
  const bool divides = kExact > shown.width && -kExact < shown.offset && kExact > shown.offset;
  Run run;
  for (std::size_t begin = 0; begin < rows; begin += kBlock) {
    const std::size_t count = std::min(kBlock, rows - begin);
    const std::int64_t* block = values + begin;
    const bool is_far = distance(block[count - 1], block[0]) / kFewBuckets >= width;
    if (divides && is_far && count == kBlock && show_quotients(block, shown, out + begin)) continue;
    show_runs(block, count, shown, run, out + begin);
  }
}

void show_begins(const std::int64_t* values, std::size_t rows, std::int64_t width,
                 std::int64_t offset, std::int64_t* out) {
  show(values, rows, Begins{width, offset}, out);
}

void show_places(const std::int64_t* values, std::size_t rows, std::int64_t width,
                 std::int64_t cycle, std::int64_t offset, std::int64_t* out) {
  show(values, rows, PlacesInCycle{width, offset, cycle}, out);
}

void count_steps(const std::int64_t* values, std::size_t rows, std::int64_t first,
                 std::int64_t step, std::uint32_t* out) {
  const hn::ScalableTag<std::int64_t> d;
  const hn::Rebind<double, decltype(d)> doubles;
  const hn::Rebind<std::int32_t, decltype(d)> narrow;
  const hn::Rebind<std::uint32_t, decltype(d)> unsigned_narrow;
  const auto firsts = hn::Set(d, first);
  const auto parts = hn::Set(doubles, 1.0 / static_cast<double>(step));
  const auto half = hn::Set(doubles, 0.5);
  std::size_t row = 0;
  for (; row + hn::Lanes(d) <= rows; row += hn::Lanes(d)) {
    const auto since = hn::ConvertTo(doubles, hn::Sub(hn::LoadU(d, values + row), firsts));
    const auto steps = hn::DemoteTo(narrow, hn::MulAdd(since, parts, half));
    hn::StoreU(hn::BitCast(unsigned_narrow, steps), unsigned_narrow, out + row);
  }
  scalar::steps_of(values + row, rows - row, first, step, out + row);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(show_begins);
STAVE_KERNEL(show_places);
STAVE_KERNEL(count_steps);

void floor_to_buckets(const std::int64_t* values, std::size_t rows, std::int64_t width,
                      std::int64_t offset, std::int64_t* out) {
  STAVE_RUN_KERNEL(show_begins)(values, rows, width, offset, out);
}

void buckets_of_cycle(const std::int64_t* values, std::size_t rows, std::int64_t width,
                      std::int64_t cycle, std::int64_t offset, std::int64_t* out) {
  STAVE_RUN_KERNEL(show_places)(values, rows, width, cycle, offset, out);
}

void steps_of(const std::int64_t* values, std::size_t rows, std::int64_t first, std::int64_t step,
              std::uint32_t* out) {
  STAVE_RUN_KERNEL(count_steps)(values, rows, first, step, out);
}

}  // namespace stave::kernels
#endif
