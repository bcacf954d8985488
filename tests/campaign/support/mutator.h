// Changes bytes as a forger or a bug would: knowing that there are varints, lengths and integers.
// Invariant: the same seed gives the same mutants.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace stave::campaign {

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::uint64_t draw(std::uint64_t below) { return random_() % below; }
  // One to three changes at places of [first, last) of the bytes, which may make them longer or
  // shorter; `bytes` is not empty.
  void mutate(std::string& bytes, std::size_t first, std::size_t last);
  void mutate(std::string& bytes) { mutate(bytes, 0, bytes.size()); }
  // As above, and the size stays.
  void mutate_in_place(std::string& bytes, std::size_t first, std::size_t last);
  // 0, 1, the largest of some width, a power of two or one beside it, the value with a bit flipped,
  // or anything.
  std::uint64_t other_number(std::uint64_t value);

 private:
  void change_size(std::string& bytes, std::size_t at);
  void overwrite(std::string& bytes, std::size_t at, std::size_t last);

  std::mt19937_64 random_;
};

}  // namespace stave::campaign
