// Writes the seeds of every fuzz target: small blocks by each codec, files of a small store, and
// the worked examples of format-spec/. Inputs that fuzzing found are kept beside them by hand.
//   make_corpus FOLDER FORMAT-SPEC
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "storage/codec/codec.h"
#include "storage/codec/profile.h"
#include "storage/domain.h"
#include "storage/domain_layout.h"
#include "storage/file_header.h"
#include "storage/marker.h"
#include "tests/storage/support/column_samples.h"

namespace {

namespace fs = std::filesystem;
using stave::Physical;

constexpr std::size_t kMostBytes = 600;

fs::path corpus_folder;

void write_seed(const std::string& target, const std::string& name, const std::string& bytes) {
  if (bytes.size() <= kMostBytes) {
    fs::create_directories(corpus_folder / target);
    std::ofstream(corpus_folder / target / name, std::ios::binary) << bytes;
  }
}

std::string target_of(const stave::Codec& codec) {
  std::string name = "fuzz_codec_" + std::string(codec.name);
  for (char& character : name) {
    character = character == '-' ? '_' : character;
  }
  return name;
}

// What codec and block targets take the kind and the rows from.
std::string head_of(Physical kind, std::uint32_t rows) {
  return {static_cast<char>(static_cast<int>(kind) - 1), static_cast<char>(rows / 256),
          static_cast<char>(rows % 256)};
}

void write_codec_seeds(const stave::testing::ColumnSample& sample, int number) {
  const std::uint32_t rows = sample.rows();
  const stave::NodeProfile profile(sample.node_values(), stave::Aim::kLight);
  for (const stave::Codec& codec : stave::all_codecs()) {
    // Predicted and ranked need what a writer knows; their seeds are those of other codecs.
    if (!stave::holds(codec.kinds, sample.physical) || !codec.estimate(profile)) {
      continue;
    }
    std::string bytes;
    stave::NodeEncoder(bytes, stave::Aim::kLight).write_node_as(codec.id, profile);
    const std::string name = std::to_string(static_cast<int>(sample.physical)) + "-" +
                             std::to_string(rows) + "-" + std::to_string(number);
    write_seed(target_of(codec), name, head_of(sample.physical, rows - 1) + bytes.substr(1));
  }
}

void write_block_seeds() {
  std::mt19937_64 random(1);
  for (const Physical kind : stave::testing::kAllPhysicals) {
    for (const std::uint32_t rows : {3U, 60U}) {
      int number = 0;
      for (auto& sample : stave::testing::column_samples(kind, rows, random)) {
        // Every third shape: enough for a start.
        if (++number % 3 == 1) {
          write_codec_seeds(sample, number);
        }
        if (number % 4 == 0 && kind != Physical::kCode) {
          sample.add_nulls(0.3, random);
        }
        std::string block;
        stave::encode_block(sample.values(), {stave::Effort::kSmall}, block);
        if (number % 3 == 0) {
          write_seed("fuzz_block",
                     std::to_string(static_cast<int>(kind)) + "-" + std::to_string(rows) + "-" +
                         std::to_string(number),
                     head_of(kind, rows) + block);
        }
      }
    }
  }
  for (const stave::CodecId id : {stave::CodecId::kPredicted, stave::CodecId::kRanked}) {
    for (int i = 0; i < 8; ++i) {
      std::string bytes = head_of(i % 2 == 0 ? Physical::kCode : Physical::kInt64, 40);
      bytes += {'\1', '\0', '\1', static_cast<char>(i)};
      write_seed(target_of(stave::codec_of(id)), "made-" + std::to_string(i),
                 bytes + std::string(48, static_cast<char>(i)));
    }
  }
}

std::string bytes_of(stave::FileSystem& files, const std::string& path) {
  const auto file = files.open(path);
  std::string bytes((*file)->size(), '\0');
  static_cast<void>((*file)->read(0, std::as_writable_bytes(std::span(bytes))));
  return bytes;
}

// The domain target takes the footer behind its head first, then the body.
std::string domain_input(const std::string& file) {
  const std::string footer = file.substr(file.size() - stave::DomainLayout::kFooterBytes);
  const auto layout = stave::decode_domain_footer(footer, file.size(), "seed");
  return footer.substr(stave::kFileHeaderBytes) + file.substr(0, layout->body_bytes());
}

void write_file_seeds() {
  const auto files = stave::memory_file_system("seeds");
  stave::DomainWriter integers("integers", nullptr);
  stave::DomainWriter spread("spread", nullptr);
  stave::DomainWriter strings("strings", nullptr);
  for (int i = 0; i < 12; ++i) {
    static_cast<void>(integers.add_int64(i - 3));
    static_cast<void>(spread.add_int64(i * 100'003LL));
    static_cast<void>(strings.add_string(std::to_string(i * 7919)));
  }
  for (stave::DomainWriter* writer : {&integers, &spread, &strings}) {
    static_cast<void>(writer->write(*files, writer->name(), {}));
    write_seed("fuzz_domain_segment", writer->name(),
               domain_input(bytes_of(*files, writer->name())));
  }
  std::mt19937_64 random(2);
  for (const Physical kind : stave::testing::kAllPhysicals) {
    auto samples = stave::testing::column_samples(kind, 50, random);
    const std::string name = "kind-" + std::to_string(static_cast<int>(kind));
    stave::ColumnFileWriter writer(*files, name, kind, {});
    static_cast<void>(writer.append(samples.at(3).values()));
    static_cast<void>(writer.finish());
    write_seed("fuzz_column_file", name, bytes_of(*files, name));
  }
  for (const std::uint64_t snapshot : {0ULL, 1ULL, 4711ULL, ~0ULL}) {
    write_seed("fuzz_marker", std::to_string(snapshot), stave::marker_text(snapshot));
  }
}

void write_schema_seeds() {
  const std::vector<std::string> schemas = {
      "name = 'a'\n[[table]]\nname = 't'\nkind = 'fact'\ntime = 'at'\ncolumns = [\n"
      "  { name = 'at', type = 'timestamp' },\n  { name = 'b', type = 'decimal(20,3)' },\n"
      "  { name = 'n', type = 'i64', aliases = ['x', { name = 'y', divide = 10 }] "
      "},\n]\n",
      "name = 'b'\n[[table]]\nname = 'd'\nkind = 'dimension'\nkey = ['k', 'p']\ncolumns = [\n"
      "  { name = 'k', type = 'key', domain = 'ks' },\n"
      "  { name = 'p', type = 'date', default = 2025-05-01 },\n]\n"
      "relations = [ { name = 'r', column = 'k', table = 'e' } ]\n"
      "[[table]]\nname = 'e'\nkind = 'dimension'\nkey = ['k']\n"
      "columns = [ { name = 'k', type = 'key', domain = 'ks' } ]\n",
  };
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    write_seed("fuzz_schema_toml", "small-" + std::to_string(i), schemas[i]);
    const auto schema = stave::schema_from_toml(schemas[i], "seed");
    if (!schema) {
      std::fprintf(stderr, "%s\n", schema.error().message.c_str());
      continue;
    }
    stave::Manifest manifest;
    manifest.schema = *schema;
    for (const stave::TableSchema& table : schema->tables) {
      manifest.tables.emplace_back().name = table.name;
    }
    write_seed("fuzz_manifest", "empty-" + std::to_string(i),
               encode_manifest(manifest).substr(stave::kFileHeaderBytes));
  }
  for (const char* program :
       {"from streams | where duration_sec >= 30 | summarize plays = count() by day\n",
        "param p: date = @2025-05-01;\nlet a = from b | top 5 by plays desc per day;\nfrom a\n",
        "from `a b` | derive x = case when y > 1.5e3 then \"\\u00e9\" else null end # end\n"}) {
    write_seed("fuzz_parser", "program-" + std::to_string(std::string(program).size()), program);
  }
}

// One example of format-spec/: its words and its bytes.
void write_example(const std::vector<std::string>& words, const std::string& bytes,
                   const std::string& name) {
  static const std::map<std::string, Physical> kKinds = {{"code", Physical::kCode},
                                                         {"i64", Physical::kInt64},
                                                         {"i128", Physical::kInt128},
                                                         {"f64", Physical::kFloat64},
                                                         {"string", Physical::kString}};
  const std::string& what = words.at(0);
  if (what == "block" || what == "node") {
    const auto rows = static_cast<std::uint32_t>(std::stoul(words.at(2)));
    const Physical kind = kKinds.at(words.at(1));
    const std::string block = what == "block" ? bytes : std::string("\0\1\0", 3) + bytes;
    write_seed("fuzz_block", name, head_of(kind, rows) + block);
    const stave::Codec* codec = stave::find_codec(static_cast<std::uint8_t>(bytes.at(0)));
    if (what == "node" && codec != nullptr) {
      write_seed(target_of(*codec), name, head_of(kind, rows - 1) + bytes.substr(1));
    }
  } else if (what == "column") {
    write_seed("fuzz_column_file", name, bytes);
  } else if (what == "domain") {
    write_seed("fuzz_domain_segment", name, domain_input(bytes));
  } else if (what == "manifest") {
    write_seed("fuzz_manifest", name, bytes.substr(stave::kFileHeaderBytes));
  }
}

void write_examples_of(const fs::path& page) {
  std::ifstream file(page);
  const std::string fence = "```hex ";
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(fence, 0) != 0) {
      continue;
    }
    std::istringstream list(line.substr(fence.size()));
    const std::vector<std::string> words(std::istream_iterator<std::string>(list), {});
    std::string bytes;
    while (std::getline(file, line) && line.rfind("= ", 0) != 0) {
      std::istringstream digits(line.substr(0, line.find("  ")));
      for (std::string byte; digits >> byte;) {
        bytes.push_back(static_cast<char>(std::stoi(byte, nullptr, 16)));
      }
    }
    write_example(words, bytes, page.stem().string() + "-" + std::to_string(++number));
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: make_corpus FOLDER FORMAT-SPEC\n");
    return 2;
  }
  corpus_folder = arguments[1];
  write_block_seeds();
  write_file_seeds();
  write_schema_seeds();
  for (const auto& entry : fs::recursive_directory_iterator(arguments[2])) {
    if (entry.path().extension() == ".md") {
      write_examples_of(entry.path());
    }
  }
  return 0;
}
