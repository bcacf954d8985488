// SHA-256, for what must not be changed unseen: the ledger (format-spec/ledger.md). Everything else
// is under the faster checksum of storage/checksum.h.
#pragma once

#include <string>
#include <string_view>

namespace stave {

// 64 hexadecimal digits in lower case.
std::string sha256_of(std::string_view bytes);

}  // namespace stave
