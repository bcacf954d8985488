// The formats by name, and what writes each.
#include <array>
#include <string>
#include <utility>

#include "tools/arrow/file_writer.h"
#include "tools/export/row_writer.h"
#include "tools/export/text_writer.h"

namespace stave {
namespace {

class ParquetWriter : public RowWriter {
 public:
  ParquetWriter(const std::vector<Field>& fields, parquet::FileMemory& memory, ByteSink sink)
      : file_(fields, memory, std::move(sink)) {}

  Result<void> append(const Batch& batch, std::span<const std::uint32_t> rows) override {
    return file_.append(batch, rows);
  }
  std::uint64_t waiting_bytes() const override { return file_.waiting_bytes(); }
  Result<void> release() override { return file_.end_row_group(); }
  Result<void> finish() override { return file_.finish(); }

 private:
  parquet::FileWriter file_;
};

class ArrowWriter : public RowWriter {
 public:
  ArrowWriter(const std::vector<Field>& fields, ByteSink sink) : file_(fields, std::move(sink)) {}

  Result<void> append(const Batch& batch, std::span<const std::uint32_t> rows) override {
    return file_.append(batch, rows);
  }
  std::uint64_t waiting_bytes() const override { return file_.waiting_bytes(); }
  Result<void> release() override { return file_.end_batch(); }
  Result<void> finish() override { return file_.finish(); }

 private:
  arrow::FileWriter file_;
};

parquet::Compression page_compression(ExportCompression compression) {
  switch (compression) {
    case ExportCompression::kNone:
      return parquet::Compression::kNone;
    case ExportCompression::kSnappy:
      return parquet::Compression::kSnappy;
    case ExportCompression::kLz4:
      return parquet::Compression::kLz4Raw;
    case ExportCompression::kZstd:
      break;
  }
  return parquet::Compression::kZstd;
}

template <typename T>
struct Named {
  std::string_view name;
  T value;
};

constexpr std::array<Named<ExportFormat>, 4> kFormats{{{"parquet", ExportFormat::kParquet},
                                                       {"csv", ExportFormat::kCsv},
                                                       {"jsonl", ExportFormat::kJsonLines},
                                                       {"arrow", ExportFormat::kArrow}}};
constexpr std::array<Named<ExportCompression>, 4> kCompressions{
    {{"none", ExportCompression::kNone},
     {"snappy", ExportCompression::kSnappy},
     {"lz4", ExportCompression::kLz4},
     {"zstd", ExportCompression::kZstd}}};

template <typename T, std::size_t Size>
Result<T> find(const std::array<Named<T>, Size>& rows, std::string_view name, const char* what) {
  std::string known;
  for (const Named<T>& row : rows) {
    if (row.name == name) return row.value;
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return fail(ErrorCode::kInvalidArgument, std::string("An export has no ") + what + " " +
                                               std::string(name) + ". Use one of " + known + ".");
}

}  // namespace

Result<ExportFormat> export_format(std::string_view name) {
  return find(kFormats, name, "format");
}

Result<ExportCompression> export_compression(std::string_view name) {
  return find(kCompressions, name, "compression");
}

RowFormat::RowFormat(ExportFormat format, ExportCompression compression, ProgramZone zone)
    : format_(format), zone_(std::move(zone)), parquet_(page_compression(compression)) {}

std::string_view RowFormat::extension() const {
  switch (format_) {
    case ExportFormat::kCsv:
      return ".csv";
    case ExportFormat::kJsonLines:
      return ".jsonl";
    case ExportFormat::kArrow:
      return ".arrow";
    case ExportFormat::kParquet:
      break;
  }
  return ".parquet";
}

std::unique_ptr<RowWriter> RowFormat::make_writer(const std::vector<Field>& fields, ByteSink sink) {
  switch (format_) {
    case ExportFormat::kCsv:
      return make_text_writer(OutputFormat::kCsv, fields, zone_, std::move(sink));
    case ExportFormat::kJsonLines:
      return make_text_writer(OutputFormat::kJsonLines, fields, zone_, std::move(sink));
    case ExportFormat::kArrow:
      return std::make_unique<ArrowWriter>(fields, std::move(sink));
    default:
      return std::make_unique<ParquetWriter>(fields, parquet_, std::move(sink));
  }
}

}  // namespace stave
