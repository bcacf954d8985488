// Frame of reference: offsets from the smallest value, divided by what divides them all, packed
// side by side in as few bits as the largest needs. Bytes: format-spec/codecs/packed.md.
#include <algorithm>
#include <limits>
#include <vector>

#include "storage/codec/bit_packing.h"
#include "storage/codec/codec_functions.h"
#include "storage/codec/frame.h"
#include "storage/codec/keep_kernels.h"
#include "storage/codec/selection.h"

namespace stave {
namespace {

// Makes room for `bytes` more and says where.
std::byte* grow(std::string& out, std::size_t bytes) {
  const std::size_t before = out.size();
  out.resize(before + bytes);
  return reinterpret_cast<std::byte*>(out.data()) + before;
}

}  // namespace

std::optional<double> estimate_packed(const NodeProfile& profile) {
  const unsigned width = bit_width_of(profile.spread() / profile.divisor());
  return 4.0 + static_cast<double>(packed_bytes(profile.rows(), width));
}

void encode_packed(const NodeProfile& profile, NodeEncoder& encoder) {
  const NodeValues& values = profile.values();
  const ReferenceFrame frame = frame_of(profile);
  const unsigned width = bit_width_of(profile.spread() / frame.divisor);
  write_frame(frame, values.kind, encoder);
  encoder.bytes().write_u8(static_cast<std::uint8_t>(width));
  std::byte* packed = grow(encoder.out(), packed_bytes(values.rows, width));
  if (values.kind == Physical::kCode) {
    pack_bits(values.as<std::uint32_t>().data(), values.rows, width,
              static_cast<std::uint32_t>(frame.reference), packed);
  } else if (frame.divisor == 1) {
    pack_bits(static_cast<const std::uint64_t*>(values.data), values.rows, width, frame.reference,
              packed);
  } else {
    const std::vector<std::uint64_t> quotients = quotients_in(frame, values);
    pack_bits(quotients.data(), values.rows, width, std::uint64_t{0}, packed);
  }
}

namespace {

struct PackedNode {
  ReferenceFrame frame;
  unsigned width = 0;
  std::span<const std::byte> packed;
};

std::optional<PackedNode> read_packed(NodeDecoder& decoder, Physical kind, std::uint32_t rows) {
  PackedNode node;
  node.frame = read_frame(kind, decoder);
  node.width = decoder.in().read_u8();
  if (!decoder.in().ok() || node.width > (kind == Physical::kCode ? 32U : 64U)) {
    decoder.damaged("The width of packed values is not possible.");
    return std::nullopt;
  }
  node.packed = decoder.in().read_bytes(packed_bytes(rows, node.width));
  if (!decoder.in().ok()) {
    decoder.damaged("Packed values are cut short.");
    return std::nullopt;
  }
  return node;
}

void unpack(const PackedNode& node, const NodeTarget& target) {
  if (target.kind == Physical::kCode) {
    unpack_bits(node.packed.data(), target.rows, node.width,
                static_cast<std::uint32_t>(node.frame.reference),
                target.as<std::uint32_t>().data());
  } else {
    unpack_bits(node.packed.data(), target.rows, node.width, node.frame.reference,
                node.frame.divisor, static_cast<std::uint64_t*>(target.data));
  }
}

// The widest of packed values that are looked at in lanes of 32 bits.
constexpr unsigned kNarrowWidth = 32;

}  // namespace

bool decode_packed(NodeDecoder& decoder, const NodeTarget& target) {
  const auto node = read_packed(decoder, target.kind, target.rows);
  if (!node) {
    return false;
  }
  unpack(*node, target);
  return true;
}

bool pick_packed(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) {
  const auto node = read_packed(decoder, target.kind, wanted.rows);
  if (!node) {
    return false;
  }
  const auto value_at = [&](std::size_t i) {
    return unpack_one(node->packed.data(), wanted.rows, node->width, wanted.at[i]);
  };
  if (target.kind == Physical::kCode) {
    const auto out = target.as<std::uint32_t>();
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<std::uint32_t>(node->frame.reference + value_at(i));
    }
  } else {
    const auto out = target.as<std::int64_t>();
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<std::int64_t>(node->frame.reference + value_at(i) * node->frame.divisor);
    }
  }
  return true;
}

bool keep_packed_node(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target) {
  const auto node = read_packed(decoder, target.kind, kept.rows);
  if (!node) {
    return false;
  }
  Arena& arena = decoder.arena();
  if (node->width > kNarrowWidth) {
    const auto all = arena.take<std::int64_t>(kept.rows);
    const auto out = arena.take<std::int64_t>(kept.kept + kKeepRoom);
    unpack(*node, all);
    keep_values(all.data(), kept.bits, kept.rows, out.data());
    std::ranges::copy(out.first(kept.kept), target.as<std::int64_t>().begin());
    return true;
  }
  const auto quotients = arena.take<std::uint32_t>(kept.kept + kKeepRoom);
  if (node->width == 0) {
    std::ranges::fill(quotients, 0U);
  } else {
    const std::uint32_t groups = kept.rows / kGroupValues;
    const std::uint32_t whole = groups * kGroupValues;
    std::size_t count =
        keep_packed(node->packed.data(), groups, node->width, kept.bits, quotients.data());
    std::uint32_t rest[kGroupValues];
    unpack_bits(node->packed.data() + packed_bytes(whole, node->width), kept.rows - whole,
                node->width, std::uint32_t{0}, rest);
    keep_values(rest, kept.bits + whole / 64, kept.rows - whole, quotients.data() + count);
  }
  if (target.kind == Physical::kCode) {
    const auto out = target.as<std::uint32_t>();
    const auto reference = static_cast<std::uint32_t>(node->frame.reference);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = reference + quotients[i];
  } else {
    widen(quotients.data(), target.rows, node->frame.reference, node->frame.divisor,
          static_cast<std::uint64_t*>(target.data));
  }
  return true;
}

namespace {

// A test in terms of what is packed.
struct QuotientTest {
  bool is_possible = false;  // else some quotient may be beyond the kind: only values can be tested
  bool any = false;          // whether one may pass
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  std::vector<std::uint32_t> list;  // where there are any, only these
};

QuotientTest quotient_test(const ValueTest& test, const PackedNode& node, Physical kind) {
  QuotientTest result;
  if (node.width > kNarrowWidth) {
    return result;
  }
  const std::uint64_t most_quotient = (std::uint64_t{1} << node.width) - 1;
  const auto least = static_cast<std::int64_t>(node.frame.reference);
  const std::int64_t end =
      kind == Physical::kCode ? std::int64_t{std::numeric_limits<std::uint32_t>::max()} : INT64_MAX;
  const std::uint64_t room = static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(least);
  if (room / node.frame.divisor < most_quotient) {
    return result;
  }
  result.is_possible = true;
  const auto most =
      static_cast<std::int64_t>(node.frame.reference + most_quotient * node.frame.divisor);
  if (test.low > most || test.high < least || test.low > test.high) {
    return result;
  }
  const auto step_to = [&](std::int64_t value) {
    return static_cast<std::uint64_t>(value) - node.frame.reference;
  };
  const std::uint64_t divisor = node.frame.divisor;
  std::uint64_t low = 0;
  if (test.low > least) {
    low = step_to(test.low) / divisor + (step_to(test.low) % divisor != 0 ? 1U : 0U);
  }
  const std::uint64_t high = test.high >= most ? most_quotient : step_to(test.high) / divisor;
  for (const std::int64_t value : test.values) {
    if (value >= least && value <= most && step_to(value) % divisor == 0) {
      result.list.push_back(static_cast<std::uint32_t>(step_to(value) / divisor));
    }
  }
  result.any = low <= high && (test.values.empty() || !result.list.empty());
  result.low = static_cast<std::uint32_t>(low);
  result.high = static_cast<std::uint32_t>(high);
  return result;
}

void test_quotients(const PackedNode& node, std::uint32_t rows, const QuotientTest& test,
                    std::uint64_t* bits) {
  const auto test_some = [&](const std::uint32_t* values, std::size_t count, std::uint64_t* out) {
    if (test.list.empty()) {
      test_within(values, count, test.low, test.high - test.low, out);
    } else {
      test_listed(values, count, test.list, out);
    }
  };
  std::uint32_t values[kGroupValues];
  const std::byte* in = node.packed.data();
  const std::uint32_t groups = rows / kGroupValues;
  if (test.list.empty()) {
    test_packed_within(in, groups, node.width, test.low, test.high - test.low, bits);
    in += packed_bytes(groups * kGroupValues, node.width);
  } else {
    for (std::uint32_t group = 0; group < groups; ++group) {
      unpack_bits(in, kGroupValues, node.width, std::uint32_t{0}, values);
      test_some(values, kGroupValues, bits + std::size_t{group} * (kGroupValues / 64));
      in += packed_bytes(kGroupValues, node.width);
    }
  }
  const std::uint32_t rest = rows % kGroupValues;
  unpack_bits(in, rest, node.width, std::uint32_t{0}, values);
  test_some(values, rest, bits + std::size_t{groups} * (kGroupValues / 64));
}

}  // namespace

bool test_packed(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
                 std::uint64_t* bits) {
  const auto node = read_packed(decoder, kind, rows);
  if (!node) {
    return false;
  }
  const QuotientTest quotients = quotient_test(test, *node, kind);
  if (!quotients.is_possible) {
    if (kind == Physical::kCode) {
      const auto values = decoder.arena().take<std::uint32_t>(rows);
      unpack(*node, values);
      test_values(values, test, bits);
    } else {
      const auto values = decoder.arena().take<std::int64_t>(rows);
      unpack(*node, values);
      test_values(values, test, bits);
    }
  } else if (!quotients.any || node->width == 0) {
    fill_bits(bits, rows, quotients.any && quotients.low == 0);
  } else {
    test_quotients(*node, rows, quotients, bits);
  }
  return true;
}

}  // namespace stave
