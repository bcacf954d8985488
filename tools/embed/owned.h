// A struct of the Arrow C interfaces that is released where nobody took it.
#pragma once

#include <utility>

namespace stave::embed {

template <typename T>
class Owned {
 public:
  Owned() = default;
  explicit Owned(T value) : value_(value) {}
  Owned(Owned&& other) noexcept : value_(other.take()) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Owned() {
    if (value_.release != nullptr) value_.release(&value_);
  }
  T* place() { return &value_; }
  // It is the caller's now.
  T take() { return std::exchange(value_, T{}); }

 private:
  T value_{};
};

}  // namespace stave::embed
