// What choosing by estimate costs: every block of a store's columns is encoded again with each
// codec as the root, and the one that was chosen is compared with the smallest. Compressors are
// left out, and so is what decoding is worth: a little regret may be wanted.
//   codec_regret STORE [COLUMN...]
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include "storage/block_summary.h"
#include "storage/codec/codec.h"
#include "storage/codec/profile.h"
#include "storage/column_footer.h"

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

// Opened by what the file says of itself: no manifest is asked.
Result<std::unique_ptr<ColumnFileReader>> open_file(const FileSystem& files,
                                                    const std::string& path) {
  const auto file = files.open(path);
  if (!file) {
    return pass(file);
  }
  std::array<std::byte, kColumnHeaderBytes> header{};
  std::array<std::byte, kColumnTrailerBytes> trailer{};
  const std::uint64_t size = (*file)->size();
  if (auto read = (*file)->read(0, header); !read) {
    return pass(read);
  }
  if (auto read = (*file)->read(size - trailer.size(), trailer); !read) {
    return pass(read);
  }
  const auto physical = decode_column_header(header, path);
  if (!physical) {
    return pass(physical);
  }
  const auto place = decode_column_trailer(trailer, size, path);
  if (!place) {
    return pass(place);
  }
  return ColumnFileReader::open(files, FileReference{path, size, place->checksum}, *physical);
}

Result<void> add_file(const FileSystem& files, const std::string& path, Total& total) {
  const auto reader = open_file(files, path);
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
  return {};
}

int run(const std::string& store, const std::set<std::string>& wanted) {
  const auto files = posix_file_system(store);
  if (!files) {
    std::cerr << files.error().message << "\n";
    return 1;
  }
  std::map<std::string, Total> totals;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store)) {
    const std::string name = entry.path().filename().string();
    const std::string column = name.substr(0, name.rfind('-'));
    if (!name.ends_with(".col") || (!wanted.empty() && wanted.count(column) == 0)) {
      continue;
    }
    const std::string path = std::filesystem::relative(entry.path(), store).string();
    if (auto added = add_file(**files, path, totals[path.substr(0, path.find('/')) + "." + column]);
        !added) {
      std::cerr << added.error().message << "\n";
      return 1;
    }
  }
  fmt::print(
      "| column | rows | bits now | bits chosen | bits at best | regret | chosen | best |\n");
  fmt::print("|---|---:|---:|---:|---:|---:|---|---|\n");
  for (const auto& entry : totals) {
    if (entry.second.rows > 0) {
      print(entry.first, entry.second);
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
