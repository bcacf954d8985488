// SHA-256, for what must not be changed unseen: the ledger (format-spec/ledger.md). Everything else
// is under the faster checksum of storage/checksum.h.
#pragma once

#include <sodium.h>

#include <string>
#include <string_view>

namespace stave {

// Of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();

  void add(std::string_view bytes);
  // 64 hexadecimal digits in lower case; the last call.
  std::string finish();

 private:
  crypto_hash_sha256_state state_{};
};

// Of all bytes at once.
std::string sha256_of(std::string_view bytes);

}  // namespace stave
