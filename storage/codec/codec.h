// What a codec is: one row of the table in registry.cc, one file here, one page in
// format-spec/codecs/. A node is a codec's id and its payload, which may hold further nodes; a
// block holds one tree of them.
// Invariant: ids are written to disk and never reused; decoding reads within its input only, writes
// exactly `rows` values, and says no to anything else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/bytes.h"
#include "storage/codec/arena.h"
#include "storage/codec/node.h"
#include "storage/codec/prediction.h"
#include "storage/column_file.h"

namespace stave {

struct ValueTest;  // storage/value_test.h

// Retired ids: none.
enum class CodecId : std::uint8_t {
  kPlain = 1,
  kConstant = 2,
  kPacked = 3,
  kPlainStrings = 4,
  kPatched = 5,
  kRunLength = 6,
  kDelta = 7,
  kMostFrequent = 8,
  kBytePlanes = 9,
  kDictionary = 10,
  kDecimal = 11,
  kFrontCoded = 12,
  kNarrow = 13,
  kHalves = 14,
  kPredicted = 15,
  kRanked = 16,
  kSplit = 17,
  kRepeats = 18,
  kAscents = 19,
};
// Beyond the largest id.
inline constexpr std::size_t kCodecIds = 20;

// A root and up to this many nodes below it.
inline constexpr unsigned kMaxNodeDepth = 4;
// Strings of one block take at most this many bytes; column files refuse more.
inline constexpr std::uint64_t kMaxBlockText = std::uint64_t{1} << 30;

// The kinds that a codec takes, one bit for each.
using KindSet = std::uint8_t;
constexpr KindSet kinds_of(auto... kinds) {
  return static_cast<KindSet>((0U | ... | (1U << static_cast<unsigned>(kinds))));
}
constexpr bool holds(KindSet set, Physical kind) {
  return (set >> static_cast<unsigned>(kind) & 1U) != 0;
}

// What a tree is chosen for: to be written fast, to be small as it stands, or to be small once a
// compressor has gone over it.
enum class Aim : std::uint8_t { kFast, kLight, kCompressor };

class NodeProfile;
struct Codec;

// A node of a tree that was chosen, and those inside it in the order in which they are written.
struct ChosenNode {
  CodecId codec = CodecId::kPlain;
  std::optional<std::int64_t> finding;  // see NodeProfile
  std::vector<ChosenNode> inner;
};

// Appends a tree of nodes; codecs call `write_node` again for what they hold.
class NodeEncoder {
 public:
  NodeEncoder(std::string& out, Aim aim) : out_(out), aim_(aim) {}

  Aim aim() const { return aim_; }
  std::string& out() { return out_; }
  ByteWriter bytes() { return ByteWriter(out_); }
  // Ids in the order in which they were written: a node before those inside it.
  const std::string& chain() const { return chain_; }

  // Chooses a codec for the values and writes them.
  void write_node(const NodeValues& values);
  // The nodes inside are written as those of `earlier` were, where that is possible for their
  // values: choosing among all codecs takes longer than writing.
  ChosenNode write_node_as(CodecId codec, const NodeProfile& profile,
                           const ChosenNode* earlier = nullptr);

 private:
  ChosenNode choose_and_write(NodeProfile& profile);

  std::string& out_;
  Aim aim_;
  unsigned depth_ = 0;
  std::string chain_;
  ChosenNode* around_ = nullptr;         // the node being written
  const ChosenNode* earlier_ = nullptr;  // what it was the time before
};

// Which of a node's values are asked for: places below `rows`, ascending and distinct.
struct WantedRows {
  std::uint32_t rows = 0;
  std::span<const std::uint32_t> at;
};

// The same as a bit for each row, of which any number may be set.
struct KeptRows {
  std::uint32_t rows = 0;
  const std::uint64_t* bits = nullptr;  // see selection.h
  std::uint32_t kept = 0;               // how many are set
};

class NodeDecoder {
 public:
  // Text that strings point to is copied into the arena unless `input_stays`.
  NodeDecoder(ByteReader& in, Arena& arena, bool input_stays)
      : in_(in), arena_(arena), input_stays_(input_stays) {}

  // What was known of the rows of the block, less those that are null.
  void know(const Prediction& prediction) { prediction_ = prediction; }
  // Nothing below the root: predictions are of the block's rows.
  template <typename T>
  std::span<const T> root_guesses() const {
    return is_at_root() ? prediction_.guesses<T>() : std::span<const T>();
  }
  std::span<const RankedRun> root_runs() const {
    return is_at_root() ? prediction_.runs : std::span<const RankedRun>();
  }

  ByteReader& in() { return in_; }
  Arena& arena() { return arena_; }
  std::string_view keep_text(std::span<const std::byte> text);
  const std::string& problem() const { return problem_; }

  // Fills the target from the next node. False: the input is damaged and `problem` says how.
  bool read_node(const NodeTarget& target);
  // Fills the target with these of the values of the next node.
  bool pick_node(const WantedRows& wanted, const NodeTarget& target);
  // The same for rows that may be many.
  bool keep_node(const KeptRows& kept, const NodeTarget& target);
  // A bit for each of the next node's values, codes or 64-bit integers: whether it passes the test,
  // were that not negated.
  bool test_node(Physical kind, std::uint32_t rows, const ValueTest& test, std::uint64_t* bits);
  // For codecs: `return decoder.damaged("...")`.
  bool damaged(std::string_view problem);

 private:
  // The codec of the next node, null where the input is damaged.
  const Codec* next_codec(Physical kind);
  bool is_at_root() const { return depth_ == 1; }

  ByteReader& in_;
  Arena& arena_;
  bool input_stays_;
  Prediction prediction_;
  unsigned depth_ = 0;
  std::string problem_;
};

struct Codec {
  CodecId id;
  std::string_view name;  // its page is format-spec/codecs/NAME.md
  KindSet kinds;
  bool holds_nodes;
  bool inner_estimate;  // its estimate asks for no further estimates
  // Bits for each value that decoding this is worth, compared with copying.
  double decode_cost;
  // How many bytes the values would take; nothing where the codec cannot hold them or is not worth
  // a try.
  std::optional<double> (*estimate)(const NodeProfile& profile);
  // Called only for values of its kinds that `estimate` accepted.
  void (*encode)(const NodeProfile& profile, NodeEncoder& encoder);
  bool (*decode)(NodeDecoder& decoder, const NodeTarget& target);
  // Decodes some of the values without the others; null where it takes them all. Damage that
  // touches no value asked for may go unseen: checksums are tested before.
  bool (*pick)(NodeDecoder& decoder, const WantedRows& wanted, const NodeTarget& target) = nullptr;
  // The same for many, and telling which values pass a test, each without decoding them all; null
  // where that is no faster.
  bool (*keep)(NodeDecoder& decoder, const KeptRows& kept, const NodeTarget& target) = nullptr;
  bool (*test)(NodeDecoder& decoder, Physical kind, std::uint32_t rows, const ValueTest& test,
               std::uint64_t* bits) = nullptr;
};

struct CodecChoice {
  CodecId codec;
  double cost;  // estimated bytes, and what decoding is worth
};
// The codec that costs least for these values, so many nodes below the root.
CodecChoice choose_codec(const NodeProfile& profile, unsigned depth);
// Whether the values can be written as the node was, so many nodes below the root.
bool can_repeat(const ChosenNode& earlier, NodeProfile& profile, unsigned depth);

std::span<const Codec> all_codecs();
// Null where no codec has this id.
const Codec* find_codec(std::uint8_t id);
const Codec& codec_of(CodecId id);
// "run-length+packed+packed" for the ids of a chain.
std::string chain_text(std::string_view chain);

}  // namespace stave
