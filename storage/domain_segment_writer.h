// Writes one segment of a key domain. Bytes: format-spec/key-domain.md.
#pragma once

#include <string>

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/manifest.h"

namespace stave {

// The values of codes first_code .. first_code + count - 1, all different, of one kind.
class DomainValues {
 public:
  virtual ~DomainValues() = default;
  virtual DictionaryKind kind() const = 0;
  virtual std::int64_t int64_at(std::uint32_t code) const = 0;
  virtual std::string_view string_at(std::uint32_t code) const = 0;
};

// The file is written, its write-back started, not yet synced. Its bytes do not depend on threads.
Result<DomainSegmentState> write_domain_segment(FileSystem& files, const std::string& path,
                                                const DomainValues& values,
                                                std::uint32_t first_code, std::uint32_t count,
                                                int threads);

}  // namespace stave
