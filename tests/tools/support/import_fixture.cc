// See import_fixture.h.
#include "tests/tools/support/import_fixture.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <type_traits>

#include "storage/schema.h"
#include "tools/import/parse_time.h"

namespace stave::testing {

namespace fs = std::filesystem;

namespace {

// What a test cannot go on without: an exception fails it alone.
template <typename T>
T needed(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}
template <typename T>
const T& needed(const T* found, const std::string& name) {
  if (found == nullptr) throw std::runtime_error("There is no " + name);
  return *found;
}

std::string decimal_text(std::int64_t value, int scale) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  if (scale > 0) {
    while (digits.size() <= static_cast<std::size_t>(scale)) digits.insert(0, "0");
    digits.insert(digits.size() - static_cast<std::size_t>(scale), ".");
  }
  return (value < 0 ? "-" : "") + digits;
}

std::string day_text(std::int64_t days) {
  const loading::CivilDay civil = loading::civil_from_days(days);
  return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
}

std::string int64_text(std::int64_t value, Type type) {
  switch (type.kind) {
    case TypeKind::kBool:
      return value != 0 ? "true" : "false";
    case TypeKind::kDecimal:
      return decimal_text(value, type.scale);
    case TypeKind::kDate:
      return day_text(value);
    case TypeKind::kTimestamp: {
      const std::int64_t day = loading::floor_day(value);
      const std::int64_t rest = value - day * loading::kMicrosPerDay;
      const std::int64_t seconds = rest / loading::kMicrosPerSecond;
      std::string text = fmt::format("{} {:02}:{:02}:{:02}", day_text(day), seconds / 3600,
                                     seconds / 60 % 60, seconds % 60);
      if (rest % loading::kMicrosPerSecond != 0) {
        text += fmt::format(".{:06}", rest % loading::kMicrosPerSecond);
      }
      return text;
    }
    default:
      return std::to_string(value);
  }
}

std::string cell_text(const DecodedBlock& block, std::uint32_t row, const ColumnSchema& column,
                      const Domain* domain) {
  if (block.physical == Physical::kCode) {
    const std::uint32_t code = block.codes[row];
    if (code == 0) return "~";
    return domain->kind() == DictionaryKind::kInt64 ? std::to_string(domain->int64_at(code))
                                                    : std::string(domain->string_at(code));
  }
  if (!block.validity.empty() && (block.validity[row / 64] >> (row % 64) & 1) == 0) return "~";
  switch (block.physical) {
    case Physical::kFloat64:
      return fmt::format("{}", block.float64s[row]);
    case Physical::kString:
      return std::string(block.strings[row]);
    case Physical::kInt128:
      return "int128";
    default:
      return int64_text(block.int64s[row], column.type);
  }
}

// `open` gives a reader; it is not asked where there is no file.
template <typename Open>
std::vector<std::string> column_texts(const Snapshot& snapshot, const FileReference& file,
                                      const ColumnSchema& column, std::uint64_t rows, Open open) {
  std::vector<std::string> texts;
  if (file.exists()) {
    const std::unique_ptr<ColumnFileReader> reader = needed(open());
    std::shared_ptr<const Domain> domain;
    if (column.is_coded()) domain = needed(snapshot.domain(column.domain));
    DecodedBlock block;
    for (std::uint32_t i = 0; i < reader->blocks().size(); ++i) {
      needed(reader->read_block(i, block));
      for (std::uint32_t row = 0; row < block.rows; ++row) {
        texts.push_back(cell_text(block, row, column, domain.get()));
      }
    }
  }
  texts.resize(rows, "~");
  return texts;
}

FileReference file_at(const std::vector<FileReference>& files, std::size_t position) {
  return position < files.size() ? files[position] : FileReference{};
}

}  // namespace

void ImportTest::SetUp() {
  const ::testing::TestInfo* info = ::testing::UnitTest::GetInstance()->current_test_info();
  folder_ = (fs::temp_directory_path() /
             fmt::format("stave-{}-{}-{}", info->test_suite_name(), info->name(), ::getpid()))
                .string();
  fs::remove_all(folder_);
  fs::create_directories(folder_);
  options.rejects_directory = folder_;
  options.threads = 2;
  make_store();
}

void ImportTest::TearDown() {
  fs::remove_all(folder_);
}

void ImportTest::make_store(const std::string& toml, const std::string& timezone) {
  fs::remove_all(store_path());
  Result<Schema> schema =
      toml.empty() ? Result<Schema>(music_schema()) : schema_from_toml(toml, "test");
  ASSERT_TRUE(schema) << schema.error().message;
  const Result<void> made = create_store(store_path(), *schema, timezone);
  ASSERT_TRUE(made) << made.error().message;
}

std::string ImportTest::file(const std::string& name, const std::string& content) const {
  std::ofstream(path(name), std::ios::binary) << content;
  return path(name);
}

std::string ImportTest::read_file(const std::string& name) const {
  std::ifstream in(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Result<ImportSummary> ImportTest::import(const std::string& table, const std::string& csv) {
  return import_paths(table, {file(fmt::format("{}.csv", next_file_++), csv)});
}

Result<ImportSummary> ImportTest::import_paths(const std::string& table,
                                               const std::vector<std::string>& paths) {
  return import_files(store_path(), table, paths, options);
}

ImportSummary ImportTest::import_well(const std::string& table, const std::string& csv) {
  Result<ImportSummary> summary = import(table, csv);
  EXPECT_TRUE(summary) << (summary ? "" : summary.error().message);
  return summary.value_or(ImportSummary{});
}

std::shared_ptr<const Snapshot> ImportTest::snapshot() const {
  return needed(Snapshot::open(store_path()));
}

TableSchema ImportTest::schema_of(const std::string& table) const {
  return needed(snapshot()->manifest().schema.find_table(table), table);
}

std::vector<Row> ImportTest::rows(const std::string& table,
                                  const std::vector<std::string>& columns) const {
  const std::shared_ptr<const Snapshot> opened = snapshot();
  const TableSchema& schema = needed(opened->manifest().schema.find_table(table), table);
  const TableState& state = needed(opened->manifest().find_table(table), table);
  std::vector<Row> out;
  const auto read = [&](const std::vector<FileReference>& files, std::uint64_t count,
                        const std::vector<std::string>& present, const SegmentState* segment) {
    std::vector<std::vector<std::string>> texts;
    for (const std::string& name : columns) {
      const auto at = static_cast<std::size_t>(schema.find_column(name));
      const ColumnSchema& column = schema.columns.at(at);
      texts.push_back(column_texts(*opened, file_at(files, at), column, count, [&] {
        return segment != nullptr ? opened->open_column(state, *segment, at)
                                  : opened->open_column(files[at], physical_of(column));
      }));
    }
    for (std::uint64_t row = 0; row < count; ++row) {
      if (!present.empty() && present[row] != "true") continue;
      Row cells;
      for (const std::vector<std::string>& column : texts) cells.push_back(column[row]);
      out.push_back(std::move(cells));
    }
  };
  if (schema.kind == TableKind::kFact) {
    for (const SegmentState& segment : state.segments) {
      read(segment.columns, segment.rows, {}, &segment);
    }
    return out;
  }
  std::vector<std::string> present;
  if (schema.is_code_addressed()) {
    ColumnSchema column;
    column.type = kBoolType;
    present = column_texts(*opened, state.present, column, state.positions,
                           [&] { return opened->open_column(state.present, Physical::kInt64); });
  }
  read(state.columns, state.positions, present, nullptr);
  return out;
}

std::map<std::string, std::string> ImportTest::store_files() const {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(store_path())) {
    if (!entry.is_regular_file()) continue;
    const std::string name = fs::relative(entry.path(), store_path()).string();
    if (name.find("manifest") != std::string::npos || name.find("lock") != std::string::npos)
      continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[name] = {std::istreambuf_iterator<char>(in), {}};
  }
  return files;
}

}  // namespace stave::testing
