// SHA-256, for what must not be changed unseen: the ledger (format-spec/ledger.md). Everything else
// is under the faster checksum of storage/checksum.h.
#pragma once

#include <sodium.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stave {

// Whether the processor has instructions for it.
bool can_hash_by_instructions();

// Of bytes that come piece by piece.
class Sha256 {
 public:
  explicit Sha256(bool by_instructions = can_hash_by_instructions());

  void add(std::string_view bytes);
  // 64 hexadecimal digits in lower case; the last call.
  std::string finish();

 private:
  static constexpr std::size_t kBlock = 64;

  std::array<std::uint32_t, 8> state_;
  std::array<unsigned char, kBlock> begun_;  // block that is not full yet
  std::size_t begun_bytes_ = 0;
  std::uint64_t bytes_ = 0;
  bool by_instructions_;
  crypto_hash_sha256_state portable_;
};

// Of all bytes at once.
std::string sha256_of(std::string_view bytes);

}  // namespace stave
