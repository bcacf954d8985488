// The kernels of every instruction set give the bytes and values of their scalar twin: all widths,
// all tails.
#include "storage/codec/bit_packing.h"
#include "storage/kernel_dispatch.h"

#include <gtest/gtest.h>
#include <hwy/detect_targets.h>
#include <hwy/targets.h>

#include <cstring>
#include <random>
#include <vector>

namespace stave {
namespace {

std::uint64_t mask_of(unsigned width) {
  return width == 0 ? 0 : ~std::uint64_t{0} >> (64 - width);
}

std::vector<std::uint64_t> random_values(std::uint32_t count, unsigned width,
                                         std::mt19937_64& random) {
  std::vector<std::uint64_t> values(count);
  for (std::uint64_t& value : values) {
    value = random() & mask_of(width);
  }
  return values;
}

void expect_same_as_scalar_twin(std::uint32_t count, unsigned width, std::mt19937_64& random) {
  SCOPED_TRACE("count " + std::to_string(count) + ", width " + std::to_string(width));
  const std::vector<std::uint64_t> values = random_values(count, width, random);
  std::vector<std::byte> wanted(packed_bytes(count, width));
  pack_bits_scalar(values.data(), count, width, wanted.data());
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_EQ(unpack_one(wanted.data(), count, width, i), values[i]) << i;
  }

  const std::uint64_t base = random();
  const std::uint64_t factor = random() | 1;
  std::vector<std::uint64_t> shifted(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    shifted[i] = values[i] + base;
  }
  std::vector<std::byte> packed(wanted.size());
  pack_bits(shifted.data(), count, width, base, packed.data());
  ASSERT_EQ(packed, wanted);
  for (const std::uint64_t times : {std::uint64_t{1}, factor}) {
    std::vector<std::uint64_t> back(count);
    unpack_bits(packed.data(), count, width, base, times, back.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_EQ(back[i], base + values[i] * times) << i;
    }
  }
  if (width > 32) {
    return;
  }
  const auto base32 = static_cast<std::uint32_t>(base);
  std::vector<std::uint32_t> shifted32(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    shifted32[i] = static_cast<std::uint32_t>(values[i]) + base32;
  }
  std::vector<std::byte> packed32(wanted.size());
  pack_bits(shifted32.data(), count, width, base32, packed32.data());
  ASSERT_EQ(packed32, wanted);
  std::vector<std::uint32_t> back32(count);
  unpack_bits(packed32.data(), count, width, base32, back32.data());
  ASSERT_EQ(back32, shifted32);
}

class BitPackingOnEachTarget : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { use_kernel_targets(GetParam()); }
  void TearDown() override { use_kernel_targets(0); }
};

TEST_P(BitPackingOnEachTarget, EqualsItsScalarTwin) {
  std::mt19937_64 random(20240601);
  for (unsigned width = 0; width <= 64; ++width) {
    for (const std::uint32_t count : {1U, 31U, 33U, 1023U, 1024U, 1025U, 2048U, 3333U}) {
      expect_same_as_scalar_twin(count, width, random);
    }
  }
}

std::vector<std::int64_t> supported_targets() {
  std::vector<std::int64_t> targets;
  const std::int64_t all = machine_targets() & HWY_TARGETS;
  for (int bit = 0; bit < 63; ++bit) {
    if ((all >> bit & 1) != 0) {
      targets.push_back(std::int64_t{1} << bit);
    }
  }
  return targets;
}

std::string target_name(const testing::TestParamInfo<std::int64_t>& target) {
  return hwy::TargetName(target.param);
}

INSTANTIATE_TEST_SUITE_P(Targets, BitPackingOnEachTarget, testing::ValuesIn(supported_targets()),
                         target_name);

TEST(BitPacking, EveryTailOfEveryWidth) {
  std::mt19937_64 random(7);
  for (unsigned width = 0; width <= 64; ++width) {
    for (std::uint32_t count = 1; count < kGroupValues; count += 1 + count / 16) {
      expect_same_as_scalar_twin(count, width, random);
    }
  }
}

TEST(BitPacking, TheSpecifiedLayout) {
  // Width 4: value 0 is the low nibble of lane 0, value 32 the next nibble of the same lane.
  std::vector<std::uint32_t> values(kGroupValues);
  values[0] = 0xA;
  values[32] = 0xB;
  values[1] = 0xC;
  std::vector<std::byte> packed(packed_bytes(kGroupValues, 4));
  pack_bits(values.data(), kGroupValues, 4, 0U, packed.data());
  EXPECT_EQ(packed[0], std::byte{0xBA});
  EXPECT_EQ(packed[4], std::byte{0x0C});
}

}  // namespace
}  // namespace stave
