// What choosing by estimate costs: every block of a store's fact columns is encoded again with each
// codec as the root, and the one that was chosen is compared with the smallest. Compressors and
// predictors are left out, and so is what decoding is worth: a little regret may be wanted.
//   codec_regret STORE [COLUMN...]
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "storage/block_summary.h"
#include "storage/codec/codec.h"
#include "storage/codec/profile.h"
#include "storage/snapshot.h"

namespace stave {
namespace {

struct Total {
  std::uint64_t rows = 0;
  double now = 0;                             // bytes in the store
  double chosen = 0;                          // of what would be chosen today
  double smallest = 0;                        // of the smallest
  std::map<std::string, double> chosen_rows;  // by chain
  std::map<std::string, double> smallest_rows;
};

struct Encoded {
  std::string chain;
  double bytes = 0;
};

Encoded encode_as(const Codec& codec, const NodeProfile& profile) {
  std::string out;
  NodeEncoder encoder(out, Aim::kLight);
  encoder.write_node_as(codec.id, profile);
  return {chain_text(encoder.chain()), static_cast<double>(out.size())};
}

void add_block(const NodeValues& values, Total& total) {
  const NodeProfile profile(values, Aim::kLight);
  const Encoded chosen = encode_as(codec_of(choose_codec(profile, 0).codec), profile);
  Encoded smallest = chosen;
  for (const Codec& codec : all_codecs()) {
    if (!holds(codec.kinds, values.kind) || !codec.estimate(profile)) {
      continue;
    }
    if (Encoded tried = encode_as(codec, profile); tried.bytes < smallest.bytes) {
      smallest = std::move(tried);
    }
  }
  total.rows += values.rows;
  total.chosen += chosen.bytes;
  total.smallest += smallest.bytes;
  total.chosen_rows[chosen.chain] += values.rows;
  total.smallest_rows[smallest.chain] += values.rows;
}

// The values that are not null, of a kind that estimates can be wrong about.
void add_decoded(const DecodedBlock& block, Total& total) {
  if (block.physical == Physical::kCode) {
    add_block(std::span(block.codes).first(block.rows), total);
    return;
  }
  if (block.physical != Physical::kInt64) {
    return;
  }
  std::vector<std::int64_t> present;
  for (std::uint32_t row = 0; row < block.rows; ++row) {
    if (block.validity.empty() || (block.validity[row / 64] >> (row % 64) & 1U) != 0) {
      present.push_back(block.int64s[row]);
    }
  }
  if (!present.empty()) {
    add_block(std::span<const std::int64_t>(present), total);
  }
}

std::string most(const std::map<std::string, double>& rows, std::uint64_t all) {
  const auto top =
      std::ranges::max_element(rows, {}, [](const auto& entry) { return entry.second; });
  return top == rows.end()
             ? ""
             : fmt::format("{} {:.0f}%", top->first, 100 * top->second / static_cast<double>(all));
}

void print(const std::string& column, const Total& total) {
  const auto bits = [&total](double bytes) { return bytes * 8 / static_cast<double>(total.rows); };
  fmt::print("| {} | {} | {:.2f} | {:.2f} | {:.2f} | {:.1f}% | {} | {} |\n", column, total.rows,
             bits(total.now), bits(total.chosen), bits(total.smallest),
             100 * (total.chosen / total.smallest - 1), most(total.chosen_rows, total.rows),
             most(total.smallest_rows, total.rows));
}

Result<void> add_column(const Snapshot& snapshot, const TableState& table, std::size_t column,
                        Total& total) {
  for (const SegmentState& segment : table.segments) {
    if (column >= segment.columns.size() || !segment.columns[column].exists()) {
      continue;
    }
    const auto reader = snapshot.open_column(table, segment, column);
    if (!reader) {
      return pass(reader);
    }
    DecodedBlock decoded;
    for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
      if (auto read = (*reader)->read_block(i, decoded); !read) {
        return read;
      }
      total.now += (*reader)->blocks()[i].size;
      add_decoded(decoded, total);
    }
  }
  return {};
}

int run(const std::string& store, const std::set<std::string>& wanted) {
  const auto snapshot = Snapshot::open(store);
  if (!snapshot) {
    std::cerr << snapshot.error().message << "\n";
    return 1;
  }
  fmt::print(
      "| column | rows | bits now | bits chosen | bits at best | regret | chosen | best |\n");
  fmt::print("|---|---:|---:|---:|---:|---:|---|---|\n");
  const Manifest& manifest = (*snapshot)->manifest();
  for (std::size_t t = 0; t < manifest.tables.size(); ++t) {
    const TableSchema& schema = manifest.schema.tables[t];
    for (std::size_t column = 0; column < schema.columns.size(); ++column) {
      const std::string& name = schema.columns[column].name;
      if (!wanted.empty() && wanted.count(name) == 0) {
        continue;
      }
      Total total;
      if (auto added = add_column(**snapshot, manifest.tables[t], column, total); !added) {
        std::cerr << added.error().message << "\n";
        return 1;
      }
      if (total.rows > 0) {
        print(schema.name + "." + name, total);
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace stave

int main(int count, char** texts) {
  if (count < 2) {
    std::cerr << "usage: codec_regret STORE [COLUMN...]\n";
    return 2;
  }
  return stave::run(texts[1], {texts + 2, texts + count});
}
