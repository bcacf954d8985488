// Files of Parquet as the reader of imports sees them: every value, whatever the encoding that the
// writer chose for its column.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/local_dictionary.h"
#include "tools/parquet/column_reader.h"
#include "tools/parquet/file_reader.h"
#include "tools/parquet/file_writer.h"
#include "tools/parquet/run_length.h"
#include "tools/parquet/run_length_reader.h"

namespace stave::parquet {
namespace {

class MemoryFile : public ReadableFile {
 public:
  explicit MemoryFile(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    std::copy_n(reinterpret_cast<const std::byte*>(bytes_.data()) + offset, out.size(), out.data());
    return {};
  }
  Result<std::span<const std::byte>> map() const override {
    return std::as_bytes(std::span(bytes_));
  }
  const std::string& path() const override { return path_; }

 private:
  std::string bytes_;
  std::string path_ = "memory.parquet";
};

// A column of integers or doubles, null where there is none; and how it reaches the writer.
template <typename T>
struct Column {
  std::vector<std::optional<T>> cells;

  Vector vector(Type type, std::size_t first, std::uint32_t rows) const {
    values_.clear();
    validity_.assign((rows + 63) / 64, 0);
    for (std::uint32_t row = 0; row < rows; ++row) {
      const std::optional<T>& cell = cells[first + row];
      values_.push_back(cell.value_or(T{}));
      if (cell) validity_[row / 64] |= std::uint64_t{1} << row % 64;
    }
    Vector made;
    made.type = type;
    made.representation = type == kFloat64Type ? Representation::kFloat64 : Representation::kInt64;
    made.size = rows;
    made.data = values_.data();
    made.validity = validity_.data();
    return made;
  }

 private:
  mutable std::vector<T> values_;
  mutable std::vector<std::uint64_t> validity_;
};

std::vector<std::uint32_t> first_rows(std::uint32_t count) {
  std::vector<std::uint32_t> rows(count);
  for (std::uint32_t row = 0; row < count; ++row) rows[row] = row;
  return rows;
}

// One column in batches of `batch_rows`.
std::string file_of(const Field& field, std::size_t rows, std::uint32_t batch_rows,
                    FileMemory& memory,
                    const std::function<Vector(std::size_t, std::uint32_t)>& vector_at) {
  std::string bytes;
  FileWriter writer({field}, memory, [&](std::string_view more) -> Result<void> {
    bytes += more;
    return {};
  });
  for (std::size_t first = 0; first < rows; first += batch_rows) {
    Batch batch;
    batch.rows = static_cast<std::uint32_t>(std::min<std::size_t>(batch_rows, rows - first));
    batch.columns.push_back(vector_at(first, batch.rows));
    EXPECT_TRUE(writer.append(batch, first_rows(batch.rows)));
  }
  EXPECT_TRUE(writer.finish());
  return bytes;
}

// The cells of the only column, by `take(values, position)`; whether a dictionary was written.
template <typename Cell, typename Take>
std::vector<std::optional<Cell>> cells_of(const std::string& bytes, Take take, bool* by_places) {
  std::vector<std::optional<Cell>> cells;
  const auto file = FileReader::open(std::make_unique<MemoryFile>(bytes));
  EXPECT_TRUE(file) << file.error().message;
  if (!file) return cells;
  for (const RowGroup& group : (*file)->row_groups()) {
    const ColumnChunk& chunk = group.columns[0];
    if (by_places != nullptr) *by_places = chunk.dictionary_page_offset.has_value();
    ColumnReader reader((*file)->file(), (*file)->columns()[0], chunk,
                        static_cast<std::uint64_t>(group.rows));
    while (reader.rows_left() > 0) {
      ColumnPage page;
      const auto read = reader.next(page);
      EXPECT_TRUE(read) << read.error().message;
      if (!read) return cells;
      std::size_t value = 0;
      for (std::uint64_t row = 0; row < page.rows; ++row) {
        const bool is_null = !page.levels.empty() && page.levels[row] == 0;
        cells.push_back(is_null ? std::optional<Cell>() : take(page.values, value++));
      }
    }
  }
  return cells;
}

struct IntegerCase {
  const char* name;
  std::size_t rows;
  bool by_places;
  std::function<std::optional<std::int64_t>(std::size_t, std::mt19937_64&)> cell;
};

TEST(ParquetWriterTest, IntegersOfEveryKindAreReadBack) {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::vector<IntegerCase> cases{
      {"none", 0, false, [](auto, auto&) { return 0; }},
      {"constant", 100'000, true, [](auto, auto&) { return -7; }},
      {"narrow", 150'000, true, [](auto, auto& random) { return 1000 - random() % 2000; }},
      {"few far apart", 9000, true,
       [&](auto, auto& random) { return random() % 3 == 0 ? least : most; }},
      {"all different", 70'000, false, [](auto row, auto&) { return row * 1'000'003; }},
      {"different at first", 6000, false,
       [](auto row, auto& random) { return row < 4096 ? row << 40 : random() % 2; }},
      {"some null", 70'001, true,
       [](auto, auto& random) {
         return random() % 9 == 0 ? std::optional<std::int64_t>() : random() % 500;
       }},
      {"null from the second batch on", 3000, true,
       [](auto row, auto&) {
         return row < 1700 ? std::optional<std::int64_t>(row % 3) : std::nullopt;
       }},
      {"all null", 5000, false, [](auto, auto&) { return std::nullopt; }},
  };
  FileMemory memory(Compression::kZstd);
  for (const IntegerCase& one : cases) {
    SCOPED_TRACE(one.name);
    std::mt19937_64 random(1);
    Column<std::int64_t> column;
    for (std::size_t row = 0; row < one.rows; ++row) column.cells.push_back(one.cell(row, random));
    std::string before;
    for (const std::uint32_t batch_rows : {1699U, 16'384U}) {
      bool by_places = false;
      const std::string bytes =
          file_of({"n", kInt64Type}, one.rows, batch_rows, memory,
                  [&](auto first, auto rows) { return column.vector(kInt64Type, first, rows); });
      const auto read = cells_of<std::int64_t>(
          bytes, [](const PageValues& values, std::size_t i) { return values.integers[i]; },
          &by_places);
      EXPECT_EQ(column.cells, read);
      EXPECT_EQ(one.by_places, by_places);
      // How batches cut the rows must not show.
      if (!before.empty()) {
        EXPECT_EQ(before, bytes);
      }
      before = bytes;
    }
  }
}

TEST(ParquetWriterTest, DoublesKeepTheirBits) {
  const std::vector<double> some{0.0, -0.0, 1.5, std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::quiet_NaN()};
  Column<double> column;
  for (std::size_t row = 0; row < 5000; ++row) column.cells.push_back(some[row % some.size()]);
  FileMemory memory(Compression::kSnappy);
  bool by_places = false;
  const std::string bytes =
      file_of({"x", kFloat64Type}, column.cells.size(), 1000, memory,
              [&](auto first, auto rows) { return column.vector(kFloat64Type, first, rows); });
  const auto read = cells_of<double>(
      bytes, [](const PageValues& values, std::size_t i) { return values.doubles[i]; }, &by_places);
  ASSERT_EQ(column.cells.size(), read.size());
  EXPECT_TRUE(by_places);
  for (std::size_t row = 0; row < read.size(); ++row) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(*column.cells[row]),
              std::bit_cast<std::uint64_t>(*read[row]));
  }
}

// Codes of two dictionaries, one after the other, as unions of tables bring them.
TEST(ParquetWriterTest, CodesBecomePlacesOfTheFile) {
  constexpr std::uint32_t kValues = 3000;
  std::vector<std::shared_ptr<LocalDictionary>> dictionaries;
  for (const char* prefix : {"a", "name "}) {
    dictionaries.push_back(std::make_shared<LocalDictionary>(DictionaryKind::kString));
    for (std::uint32_t i = 0; i < kValues; ++i) {
      dictionaries.back()->add_string(prefix + std::to_string(i * 7919 % kValues));
    }
  }
  std::mt19937_64 random(5);
  std::vector<std::uint32_t> codes;
  std::vector<std::optional<std::string>> expected;
  constexpr std::size_t kBatch = 5000;
  for (std::size_t row = 0; row < 4 * kBatch; ++row) {
    codes.push_back(static_cast<std::uint32_t>(random() % (kValues + 1)));
    const auto& dictionary = *dictionaries[row / kBatch % 2];
    expected.push_back(codes.back() == kNullCode ? std::optional<std::string>()
                                                 : std::string(dictionary.string_at(codes.back())));
  }
  for (const Compression compression :
       {Compression::kNone, Compression::kLz4Raw, Compression::kZstd}) {
    FileMemory memory(compression);
    const std::string bytes = file_of({"s", kStringType}, codes.size(), kBatch, memory,
                                      [&](std::size_t first, std::uint32_t rows) {
                                        Vector vector;
                                        vector.type = kStringType;
                                        vector.representation = Representation::kCode;
                                        vector.size = rows;
                                        vector.data = codes.data() + first;
                                        vector.dictionary = dictionaries[first / kBatch % 2];
                                        return vector;
                                      });
    const auto read = cells_of<std::string>(
        bytes, [](const PageValues& values, std::size_t i) { return std::string(values.texts[i]); },
        nullptr);
    EXPECT_EQ(expected, read);
  }
}

TEST(ParquetWriterTest, RunsAndGroupsOfEveryWidthAreReadBack) {
  std::mt19937_64 random(3);
  for (int bits = 1; bits <= 32; ++bits) {
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    for (const std::size_t size : {0U, 1U, 7U, 8U, 15U, 16U, 17U, 40U, 1000U}) {
      for (const std::uint64_t longest : {1U, 14U, 18U, 60U}) {
        std::vector<std::uint32_t> values;
        while (values.size() < size) {
          const auto value = static_cast<std::uint32_t>(random() & mask);
          values.insert(values.end(), std::min(size - values.size(), 1 + random() % longest),
                        value);
        }
        std::string bytes;
        append_runs(values, bits, bytes);
        PageBytes in(bytes);
        std::vector<std::uint32_t> read;
        ASSERT_TRUE(read_runs(in, bits, values.size(), read));
        ASSERT_EQ(values, read) << bits << " bits, " << size << " values";
        ASSERT_EQ(0U, in.left());
      }
    }
  }
  // Long runs are written as such.
  std::string bytes;
  append_runs(std::vector<std::uint32_t>(10'000, 5), 20, bytes);
  EXPECT_LT(bytes.size(), 10U);
}

}  // namespace
}  // namespace stave::parquet
