// Only throwing allocations are replaced: the others call these.
#include "tests/campaign/allocation/failing_allocation.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace stave::campaign {
namespace {

std::atomic<bool> is_on = false;
std::atomic<bool> is_for_good = false;
std::atomic<std::uint64_t> first_to_fail = 0;
std::atomic<std::uint64_t> allocations = 0;
std::atomic<std::uint64_t> failed = 0;

void fail_where_planned() {
  if (!is_on) {
    return;
  }
  const std::uint64_t number = ++allocations;
  if (number == first_to_fail || (is_for_good && number > first_to_fail)) {
    ++failed;
    throw std::bad_alloc();
  }
}

void* allocate(std::size_t size, std::size_t alignment) {
  fail_where_planned();
  const std::size_t rounded = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment;
  void* const memory = std::aligned_alloc(alignment, rounded * alignment);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

void plan_allocations(const AllocationPlan& plan) {
  allocations = 0;
  failed = 0;
  first_to_fail = plan.allocation;
  is_for_good = plan.for_good;
  is_on = true;
}

std::uint64_t finish_allocations() {
  is_on = false;
  return failed;
}

}  // namespace stave::campaign

void* operator new(std::size_t size) {
  return stave::campaign::allocate(size, alignof(std::max_align_t));
}
void* operator new[](std::size_t size) {
  return stave::campaign::allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return stave::campaign::allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return stave::campaign::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
