// By libsodium, or several times as fast by the instructions that a processor may have for it
// (FIPS 180-4; the order of words that they want is in Intel's "SHA Extensions").
#include "storage/sha256.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace stave {
namespace {

constexpr std::array<std::uint32_t, 8> kFirstState = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

#if defined(__x86_64__)

alignas(16) constexpr std::uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

__attribute__((target("sha,sse4.1,ssse3"))) void hash_blocks(std::array<std::uint32_t, 8>& state,
                                                             const unsigned char* bytes,
                                                             std::size_t blocks) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  const auto load = [](const void* from) {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
  };
  // The instructions hold words a, b, e, f and c, d, g, h together.
  const __m128i low = _mm_shuffle_epi32(load(state.data()), 0xB1);
  const __m128i high = _mm_shuffle_epi32(load(state.data() + 4), 0x1B);
  __m128i abef = _mm_alignr_epi8(low, high, 8);
  __m128i cdgh = _mm_blend_epi16(high, low, 0xF0);
  for (; blocks > 0; --blocks, bytes += 64) {
    const __m128i abef_before = abef;
    const __m128i cdgh_before = cdgh;
    __m128i words[4];
    for (int i = 0; i < 4; ++i) words[i] = _mm_shuffle_epi8(load(bytes + 16 * i), big_endian);
    for (int group = 0; group < 16; ++group) {  // of four rounds
      __m128i& now = words[group % 4];
      if (group >= 4) {
        const __m128i& last = words[(group + 3) % 4];
        const __m128i& before_last = words[(group + 2) % 4];
        now = _mm_sha256msg1_epu32(now, words[(group + 1) % 4]);
        now = _mm_add_epi32(now, _mm_alignr_epi8(last, before_last, 4));
        now = _mm_sha256msg2_epu32(now, last);
      }
      const __m128i sum = _mm_add_epi32(now, load(kRoundConstants + 4 * group));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data() + 4), _mm_alignr_epi8(dchg, feba, 8));
}

bool find_instructions() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  constexpr unsigned kSse41 = 1U << 19;
  constexpr unsigned kSha = 1U << 29;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kSse41) == 0) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & kSha) != 0;
}

#else

void hash_blocks(std::array<std::uint32_t, 8>&, const unsigned char*, std::size_t) {}
bool find_instructions() {
  return false;
}

#endif

std::string hexadecimal(const std::array<unsigned char, crypto_hash_sha256_BYTES>& digest) {
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text{};
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  return text.data();
}

}  // namespace

bool can_hash_by_instructions() {
  static const bool can = find_instructions();
  return can;
}

Sha256::Sha256(bool by_instructions)
    : state_(kFirstState), begun_{}, by_instructions_(by_instructions), portable_{} {
  crypto_hash_sha256_init(&portable_);
}

void Sha256::add(std::string_view bytes) {
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  if (!by_instructions_) {
    crypto_hash_sha256_update(&portable_, from, left);
    return;
  }
  bytes_ += left;
  if (begun_bytes_ > 0) {
    const std::size_t taken = std::min(left, kBlock - begun_bytes_);
    std::copy_n(from, taken, begun_.begin() + static_cast<std::ptrdiff_t>(begun_bytes_));
    begun_bytes_ += taken;
    from += taken;
    left -= taken;
    if (begun_bytes_ < kBlock) return;
    hash_blocks(state_, begun_.data(), 1);
  }
  hash_blocks(state_, from, left / kBlock);
  begun_bytes_ = left % kBlock;
  std::copy_n(from + (left - begun_bytes_), begun_bytes_, begun_.begin());
}

std::string Sha256::finish() {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  if (!by_instructions_) {
    crypto_hash_sha256_final(&portable_, digest.data());
    return hexadecimal(digest);
  }
  // A one, zeros to the end of a block but for eight bytes, and the number of bits.
  constexpr std::size_t kLengthBytes = 8;
  const std::uint64_t bits = bytes_ * 8;
  std::string end(1, '\x80');
  end.append((2 * kBlock - kLengthBytes - 1 - begun_bytes_) % kBlock, '\0');
  for (std::size_t i = kLengthBytes; i-- > 0;) end.push_back(static_cast<char>(bits >> 8 * i));
  add(end);
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<unsigned char>(state_[i / 4] >> (24 - 8 * (i % 4)));
  }
  return hexadecimal(digest);
}

std::string sha256_of(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

}  // namespace stave
