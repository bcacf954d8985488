// Which places of an array were met. A few are a byte each: marking is a store then, where setting
// a bit would wait for the store of the row before, which often was to the same word. Many are a
// bit each, so that they stay in the nearer caches.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stave {

class PlaceMarks {
 public:
  // Of so many places none is met.
  void reset(std::size_t places) {
    bytes_.assign(places <= kMostBytes ? places : 0, 0);
    words_.assign(places <= kMostBytes ? 0 : (places + 63) / 64, 0);
  }

  void mark(const std::uint32_t* places, std::size_t rows) {
    if (words_.empty()) {
      std::uint8_t* bytes = bytes_.data();
      for (std::size_t row = 0; row < rows; ++row) bytes[places[row]] = 1;
    } else {
      std::uint64_t* words = words_.data();
      for (std::size_t row = 0; row < rows; ++row) {
        words[places[row] / 64] |= std::uint64_t{1} << places[row] % 64;
      }
    }
  }

  // What `other`, of as many places, has met is met here too.
  void take(const PlaceMarks& other) {
    for (std::size_t i = 0; i < bytes_.size(); ++i) bytes_[i] |= other.bytes_[i];
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }

  // The places met, ascending.
  std::vector<std::uint32_t> met() const {
    std::vector<std::uint32_t> places;
    for (std::size_t place = 0; place < bytes_.size(); ++place) {
      if (bytes_[place] != 0) places.push_back(static_cast<std::uint32_t>(place));
    }
    for (std::size_t word = 0; word < words_.size(); ++word) {
      for (std::uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
        places.push_back(static_cast<std::uint32_t>(word * 64 + bit));
      }
    }
    return places;
  }

  std::size_t memory_bytes() const {
    return bytes_.capacity() + words_.capacity() * sizeof(std::uint64_t);
  }

 private:
  static constexpr std::size_t kMostBytes = std::size_t{1} << 18;

  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint64_t> words_;
};

}  // namespace stave
