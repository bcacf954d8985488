// The whole file is under one checksum, which the index states too.
#include "query/kept/kept_result.h"

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/file_header.h"

namespace stave {
namespace {

void write_columns(ByteWriter& out, const std::vector<ResultColumn>& columns) {
  out.write_varint(columns.size());
  for (const ResultColumn& column : columns) {
    out.write_text(column.name);
    out.write_u8(static_cast<std::uint8_t>(column.type.kind));
    out.write_u8(column.type.precision);
    out.write_u8(column.type.scale);
  }
}

void read_columns(ByteReader& in, std::vector<ResultColumn>& columns) {
  for (std::uint64_t left = in.read_varint(); left > 0 && in.ok(); --left) {
    ResultColumn column;
    column.name = in.read_text();
    const std::uint8_t kind = in.read_u8();
    if (kind > static_cast<std::uint8_t>(TypeKind::kList)) in.fail();
    column.type = {static_cast<TypeKind>(kind), in.read_u8(), in.read_u8()};
    columns.push_back(std::move(column));
  }
}

void read_paths(ByteReader& in, std::vector<KeptPaths>& all) {
  for (std::uint64_t left = in.read_varint(); left > 0 && in.ok(); --left) {
    KeptPaths paths;
    paths.table = in.read_text();
    paths.files = in.read_u64();
    const std::uint64_t codes = in.read_varint();
    if (codes > in.remaining() / sizeof(std::uint64_t)) in.fail();
    for (std::uint64_t i = 0; i < codes && in.ok(); ++i) paths.rows.push_back(in.read_u64());
    all.push_back(std::move(paths));
  }
}

void read_parts(ByteReader& in, std::vector<KeptPart>& parts) {
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t left = in.read_varint(); left > 0 && in.ok(); --left) {
    KeptPart part;
    part.period = in.read_i32();
    part.fingerprint = in.read_u64();
    part.rows = in.read_varint();
    sizes.push_back(in.read_varint());
    parts.push_back(std::move(part));
  }
  for (std::size_t i = 0; i < parts.size() && in.ok(); ++i) {
    const auto bytes = in.read_bytes(sizes[i]);
    parts[i].bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
}

}  // namespace

std::string_view name_of(KeptUnit unit) {
  switch (unit) {
    case KeptUnit::kDay:
      return "day";
    case KeptUnit::kWeek:
      return "week";
    case KeptUnit::kMonth:
      return "month";
    case KeptUnit::kWhole:
      break;
  }
  return "";
}

std::string encode_kept(const KeptResult& result) {
  std::string bytes = new_file_header(kKeptResultMagic);
  ByteWriter out(bytes);
  out.write_u64(result.program);
  out.write_u8(static_cast<std::uint8_t>(result.unit));
  out.write_u8(result.descending ? 1 : 0);
  out.write_varint(result.snapshot);
  out.write_signed_varint(result.computed_at);
  write_columns(out, result.columns);
  out.write_varint(result.sources.size());
  for (const KeptSource& source : result.sources) {
    out.write_text(source.name);
    out.write_u64(source.fingerprint);
  }
  out.write_varint(result.paths.size());
  for (const KeptPaths& paths : result.paths) {
    out.write_text(paths.table);
    out.write_u64(paths.files);
    out.write_varint(paths.rows.size());
    for (const std::uint64_t fingerprint : paths.rows) out.write_u64(fingerprint);
  }
  out.write_varint(result.parts.size());
  for (const KeptPart& part : result.parts) {
    out.write_i32(part.period);
    out.write_u64(part.fingerprint);
    out.write_varint(part.rows);
    out.write_varint(part.bytes.size());
  }
  for (const KeptPart& part : result.parts) out.write_bytes(part.bytes);
  seal_file_header(bytes, checksum_of(std::string_view(bytes).substr(kChecksummedFrom)));
  return bytes;
}

Result<KeptResult> read_kept_result(const FileSystem& files, const KeptEntry& entry) {
  const auto bytes = read_kept_file(files, entry);
  if (!bytes) return pass(bytes);
  const std::string path = kept_path(entry.number);
  const auto stated = stated_checksum(*bytes, kKeptResultMagic, "kept result", path);
  if (!stated) return pass(stated);
  if (*stated != checksum_of(std::string_view(*bytes).substr(kChecksummedFrom))) {
    return damaged_kept(files.root() + "/" + path, "A kept result is not what was written");
  }
  if (auto checked = check_file_version(*bytes, "kept result", path); !checked) {
    return pass(checked);
  }
  ByteReader in(std::string_view(*bytes).substr(kFileHeaderBytes));
  KeptResult result;
  result.program = in.read_u64();
  const std::uint8_t unit = in.read_u8();
  if (unit > static_cast<std::uint8_t>(KeptUnit::kMonth)) in.fail();
  result.unit = static_cast<KeptUnit>(unit);
  result.descending = in.read_u8() != 0;
  result.snapshot = in.read_varint();
  result.computed_at = in.read_signed_varint();
  read_columns(in, result.columns);
  for (std::uint64_t left = in.read_varint(); left > 0 && in.ok(); --left) {
    std::string name(in.read_text());
    result.sources.push_back({std::move(name), in.read_u64()});
  }
  read_paths(in, result.paths);
  read_parts(in, result.parts);
  if (!in.finished()) {
    return damaged_kept(files.root() + "/" + path, "A kept result does not end as it must");
  }
  return result;
}

}  // namespace stave
