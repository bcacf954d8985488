// A block of rows is the rows' count, then each column: a byte a row that says whether it has a
// value, then the values there are. Compressed as one, since results are small.
#include "query/kept/kept_rows.h"

#include <cstring>
#include <optional>

#include "engine/evaluator.h"
#include "engine/operators/vector_writer.h"
#include "query/running/result_view.h"
#include "storage/bytes.h"
#include "storage/codec/arena.h"
#include "storage/codec/compression.h"

namespace stave {
namespace {

constexpr std::uint32_t kRowsOfBlock = 16'384;
constexpr std::uint64_t kLargestBytes = std::uint64_t{1} << 36;

void write_value(const ResultBatch& batch, std::uint32_t row, std::size_t column, Type type,
                 std::string& bytes) {
  ByteWriter out(bytes);
  switch (type.kind) {
    case TypeKind::kBool:
      out.write_u8(batch.bool_at(row, column) ? 1 : 0);
      return;
    case TypeKind::kInt64:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
      out.write_signed_varint(batch.int64_at(row, column));
      return;
    case TypeKind::kDecimal: {
      const auto [high, low] = batch.decimal_at(row, column);
      if (representation_of(type) == Representation::kInt64) {
        out.write_signed_varint(static_cast<std::int64_t>(low));
      } else {
        out.write_u64(low);
        out.write_i64(high);
      }
      return;
    }
    case TypeKind::kFloat64:
      out.write_fixed(batch.float64_at(row, column));
      return;
    case TypeKind::kString:
    case TypeKind::kList:
      out.write_text(batch.string_at(row, column));
      return;
    case TypeKind::kNull:
      return;
  }
}

// The values of one column of a block; nothing where the bytes end before them.
std::optional<Vector> read_column(ByteReader& in, Type type, std::uint32_t rows) {
  const auto has_value = in.read_bytes(rows);
  const Representation representation = representation_of(type);
  VectorWriter writer({type, representation, nullptr, true, {}, nullptr}, rows);
  for (std::uint32_t row = 0; row < rows && in.ok(); ++row) {
    if (has_value[row] == std::byte{0} || type.kind == TypeKind::kNull) {
      writer.set_null(row);
      continue;
    }
    switch (representation) {
      case Representation::kBool:
        writer.values<std::uint8_t>()[row] = in.read_u8() == 0 ? 0 : 1;
        break;
      case Representation::kInt64:
        writer.values<std::int64_t>()[row] = in.read_signed_varint();
        break;
      case Representation::kInt128: {
        const std::uint64_t low = in.read_u64();
        const auto high = static_cast<std::uint64_t>(in.read_i64());
        writer.values<Int128>()[row] =
            static_cast<Int128>((static_cast<UInt128>(high) << 64) | low);
        break;
      }
      case Representation::kFloat64:
        writer.values<double>()[row] = in.read_fixed<double>();
        break;
      case Representation::kString:
        writer.values<std::string_view>()[row] = in.read_text();
        break;
      case Representation::kCode:
        in.fail();
        break;
    }
  }
  if (!in.ok()) return std::nullopt;
  return writer.finish();
}

}  // namespace

KeptRowsWriter::KeptRowsWriter(const std::vector<ResultColumn>& columns)
    : nulls_(columns.size()), values_(columns.size()) {
  for (const ResultColumn& column : columns) types_.push_back(column.type);
}

void KeptRowsWriter::add(const ResultBatch& batch, std::uint32_t row) {
  for (std::size_t column = 0; column < types_.size(); ++column) {
    const bool is_null = batch.is_null(row, column);
    nulls_[column] += is_null ? '\0' : '\1';
    if (!is_null) write_value(batch, row, column, types_[column], values_[column]);
  }
  ++rows_;
  if (++open_ == kRowsOfBlock) end_block();
}

void KeptRowsWriter::end_block() {
  ByteWriter out(blocks_);
  out.write_varint(open_);
  for (std::size_t column = 0; column < types_.size(); ++column) {
    out.write_bytes(nulls_[column]);
    out.write_bytes(values_[column]);
    nulls_[column].clear();
    values_[column].clear();
  }
  open_ = 0;
}

std::string KeptRowsWriter::finish() {
  if (open_ > 0) end_block();
  std::string bytes;
  ByteWriter out(bytes);
  const auto smaller = compress(Compression::kZstandard, blocks_);
  out.write_u8(static_cast<std::uint8_t>(smaller ? Compression::kZstandard : Compression::kNone));
  out.write_varint(blocks_.size());
  out.write_bytes(smaller ? *smaller : blocks_);
  return bytes;
}

Result<bool> read_kept_rows(std::string_view bytes, std::uint64_t rows,
                            const std::vector<ResultColumn>& columns, const ProgramZone& zone,
                            ResultSink& sink) {
  ByteReader head(bytes);
  const std::uint8_t compression = head.read_u8();
  const std::uint64_t size = head.read_varint();
  if (!head.ok() || size > kLargestBytes) return false;
  std::span<const std::byte> plain = head.read_bytes(head.remaining());
  Arena arena;
  if (compression == static_cast<std::uint8_t>(Compression::kZstandard)) {
    const auto decompressed = decompress(Compression::kZstandard, plain, size, arena);
    if (!decompressed) return false;
    plain = *decompressed;
  } else if (compression != 0 || plain.size() != size) {
    return false;
  }
  ByteReader in(plain);
  while (!in.finished()) {
    Batch batch;
    batch.rows = in.read_varint32();
    if (!in.ok() || batch.rows == 0 || batch.rows > kRowsOfBlock || batch.rows > rows) return false;
    rows -= batch.rows;
    for (const ResultColumn& column : columns) {
      auto vector = read_column(in, column.type, batch.rows);
      if (!vector) return false;
      batch.columns.push_back(*std::move(vector));
    }
    if (auto given = sink.batch(BatchView(batch, zone)); !given) return pass(given);
  }
  return rows == 0;
}

}  // namespace stave
