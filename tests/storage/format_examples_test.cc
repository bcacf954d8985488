// The worked examples of format-spec/ are what the pages say; tests/format/examples_test.py reads
// the same ones in Python.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "storage/codec/bit_packing.h"
#include "storage/column_file.h"
#include "storage/domain_segment.h"
#include "storage/manifest.h"

namespace stave {
namespace {

struct Example {
  std::string page;
  std::vector<std::string> what;
  std::string bytes;
  std::string result;
};

std::string bytes_of_line(const std::string& line) {
  std::istringstream words(line.substr(0, line.find("  ")));
  std::string bytes;
  for (std::string word; words >> word;) {
    bytes.push_back(static_cast<char>(std::stoi(word, nullptr, 16)));
  }
  return bytes;
}

void add_examples_of(const std::filesystem::path& page, std::vector<Example>& examples) {
  std::ifstream file(page);
  const std::string fence = "```hex ";
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(fence, 0) != 0) {
      continue;
    }
    Example example{page.filename().string(), {}, {}, {}};
    std::istringstream what(line.substr(fence.size()));
    example.what.assign(std::istream_iterator<std::string>(what), {});
    while (std::getline(file, line) && line.rfind("= ", 0) != 0) {
      example.bytes += bytes_of_line(line);
    }
    example.result = line.substr(std::min<std::size_t>(line.size(), 2));
    examples.push_back(std::move(example));
  }
}

std::vector<Example> all_examples() {
  std::vector<Example> examples;
  const std::string pages = std::string(STAVE_SOURCE_FOLDER) + "/format-spec";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(pages)) {
    if (entry.path().extension() == ".md") {
      add_examples_of(entry.path(), examples);
    }
  }
  return examples;
}

Physical physical_of(const std::string& name) {
  static const std::map<std::string, Physical> kinds = {{"code", Physical::kCode},
                                                        {"i64", Physical::kInt64},
                                                        {"i128", Physical::kInt128},
                                                        {"f64", Physical::kFloat64},
                                                        {"string", Physical::kString}};
  return kinds.at(name);
}

std::string value_text(const DecodedBlock& block, std::uint32_t row) {
  switch (block.physical) {
    case Physical::kCode:
      return std::to_string(block.codes[row]);
    case Physical::kInt64:
      return std::to_string(block.int64s[row]);
    case Physical::kInt128:
      return fmt::format("{}", block.int128s[row]);
    case Physical::kFloat64:
      return fmt::format("{}", block.float64s[row]);
    case Physical::kString:
      return fmt::format("\"{}\"", block.strings[row]);
  }
  return {};
}

std::string values_text(const DecodedBlock& block) {
  std::string text;
  for (std::uint32_t row = 0; row < block.rows; ++row) {
    const bool is_null =
        !block.validity.empty() && (block.validity[row / 64] >> (row % 64) & 1U) == 0;
    text += (row == 0 ? "" : " ") + (is_null ? "null" : value_text(block, row));
  }
  return text;
}

// What a predictor says of the values, where the example is of one: "guesses 5 6" or "lists 7,9 -".
class Said {
 public:
  explicit Said(const Example& example) {
    for (std::size_t i = 4; i < example.what.size(); ++i) {
      if (example.what[3] == "guesses") {
        guesses_.push_back(static_cast<std::uint32_t>(std::stoul(example.what[i])));
      } else {
        lists_.push_back(list_of(example.what[i]));
      }
    }
    for (const auto& list : lists_) {
      runs_.push_back({1, list});
    }
  }
  Prediction prediction() const {
    Prediction prediction;
    prediction.codes = guesses_;
    prediction.runs = runs_;
    return prediction;
  }

 private:
  static std::vector<std::uint32_t> list_of(const std::string& text) {
    std::vector<std::uint32_t> list;
    std::istringstream codes(text == "-" ? "" : text);
    for (std::string code; std::getline(codes, code, ',');) {
      list.push_back(static_cast<std::uint32_t>(std::stoul(code)));
    }
    return list;
  }

  std::vector<std::uint32_t> guesses_;
  std::vector<std::vector<std::uint32_t>> lists_;
  std::vector<RankedRun> runs_;
};

std::string decoded_block(const std::string& bytes, const Example& example) {
  DecodedBlock block;
  const Said said(example);
  const auto decoded = decode_block(
      std::as_bytes(std::span(bytes)), physical_of(example.what.at(1)),
      static_cast<std::uint32_t>(std::stoul(example.what.at(2))), block, said.prediction());
  return decoded ? values_text(block) : decoded.error().message;
}

std::string unpacked(const Example& example) {
  const auto width = static_cast<unsigned>(std::stoul(example.what.at(1)));
  const auto count = static_cast<std::uint32_t>(std::stoul(example.what.at(2)));
  std::vector<std::uint64_t> values(count);
  unpack_bits(std::as_bytes(std::span(example.bytes)).data(), count, width, 0, 1, values.data());
  std::string text;
  for (const std::uint64_t value : values) {
    text += (text.empty() ? "" : " ") + std::to_string(value);
  }
  return text;
}

// A file system in memory with the example in its one file.
std::shared_ptr<FileSystem> files_with(const std::string& bytes) {
  auto files = memory_file_system("examples");
  const auto file = files->create("example");
  EXPECT_TRUE(file && (*file)->append(std::as_bytes(std::span(bytes))));
  return files;
}

std::string decoded_column(const Example& example) {
  const std::string& bytes = example.bytes;
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, bytes.data() + bytes.size() - 16, sizeof(checksum));
  const std::string kind = example.result.substr(0, example.result.find(':'));
  const auto files = files_with(bytes);
  const auto reader = ColumnFileReader::open(
      *files, FileReference{"example", bytes.size(), checksum}, physical_of(kind));
  DecodedBlock block;
  if (!reader) {
    return reader.error().message;
  }
  const auto read = (*reader)->read_block(0, block);
  return read ? kind + ": " + values_text(block) : read.error().message;
}

std::string decoded_domain(const Example& example) {
  const auto segment = DomainSegment::open_file(files_with(example.bytes)->open("example").value());
  if (!segment) {
    return segment.error().message;
  }
  if (const auto verified = (*segment)->verify(); !verified) {
    return verified.error().message;
  }
  const DomainLayout& layout = (*segment)->layout();
  std::string text = std::to_string(layout.first_code) + ":";
  for (std::uint32_t i = 0; i < layout.count; ++i) {
    text += layout.kind == DictionaryKind::kInt64
                ? fmt::format(" {}", (*segment)->int64_at(i))
                : fmt::format(" \"{}\"", (*segment)->string_at(i));
  }
  return text;
}

std::string decoded_manifest(const Example& example) {
  const auto manifest = decode_manifest(example.bytes, "example");
  if (!manifest) {
    return manifest.error().message;
  }
  EXPECT_EQ(encode_manifest(*manifest), example.bytes);
  std::string text = fmt::format("snapshot {}:", manifest->snapshot);
  for (const TableState& table : manifest->tables) {
    text += fmt::format(" {} {}", table.name, table.rows);
  }
  return text;
}

std::string decoded(const Example& example) {
  const std::string& what = example.what.at(0);
  if (what == "block") {
    return decoded_block(example.bytes, example);
  }
  if (what == "node") {
    // No compression, no nulls.
    return decoded_block(std::string("\x00\x01\x00", 3) + example.bytes, example);
  }
  if (what == "bits") {
    return unpacked(example);
  }
  if (what == "column") {
    return decoded_column(example);
  }
  return what == "domain" ? decoded_domain(example) : decoded_manifest(example);
}

TEST(FormatExamples, GiveWhatThePagesSay) {
  const auto examples = all_examples();
  EXPECT_GE(examples.size(), 20U);
  for (const Example& example : examples) {
    EXPECT_EQ(decoded(example), example.result) << example.page << ": " << example.what.at(0);
  }
}

}  // namespace
}  // namespace stave
