// XXH3-64 from xxHash, by the best instructions that the machine has.
#include "storage/checksum.h"

#include <hwy/highway.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/checksum_kernels.h"
#include "storage/kernel_dispatch.h"

STAVE_CHECKSUM_KERNEL(kPlainChecksum)

namespace stave {
namespace {

const ChecksumKernel& kernel() {
#if defined(__x86_64__)
  const std::int64_t targets = kernel_targets();
  if ((targets & HWY_AVX3) != 0) return kAvx512Checksum;
  if ((targets & HWY_AVX2) != 0) return kAvx2Checksum;
#endif
  return kPlainChecksum;
}

}  // namespace

std::uint64_t checksum_of(std::span<const std::byte> bytes) {
  return kernel().of(bytes.data(), bytes.size());
}

std::uint64_t checksum_of(std::string_view bytes) {
  return kernel().of(bytes.data(), bytes.size());
}

struct RunningChecksum::State {
  XXH3_state_t hash;
};

RunningChecksum::RunningChecksum() : state_(std::make_unique<State>()) {
  XXH3_64bits_reset(&state_->hash);
}
RunningChecksum::~RunningChecksum() = default;
RunningChecksum::RunningChecksum(RunningChecksum&&) noexcept = default;
RunningChecksum& RunningChecksum::operator=(RunningChecksum&&) noexcept = default;

void RunningChecksum::add(std::span<const std::byte> bytes) {
  kernel().add(&state_->hash, bytes.data(), bytes.size());
}

void RunningChecksum::add(std::string_view bytes) {
  add(std::as_bytes(std::span(bytes)));
}

std::uint64_t RunningChecksum::value() const {
  return XXH3_64bits_digest(&state_->hash);
}

}  // namespace stave
