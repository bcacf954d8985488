// Cells are collected by field first, since objects need not agree in the order of their keys.
#include "tools/import/json/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "tools/import/cell_fault.h"
#include "tools/import/json/byte_search.h"

namespace stave::loading {

namespace {

// Eight bytes at a time, since most texts have nothing that needs quotes.
bool needs_quotes(std::string_view text) {
  std::uint64_t found = 0;
  for (std::size_t at = 0; at < text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, std::min(sizeof(word), text.size() - at));
    for (const char byte : {',', '"', '\n', '\r'}) found |= bytes_like(word, byte);
  }
  return text.empty() || found != 0;
}

char* put(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* put_quoted(char* out, std::string_view text) {
  *out++ = '"';
  for (const char byte : text) {
    if (byte == '"') *out++ = '"';
    *out++ = byte;
  }
  *out++ = '"';
  return out;
}

}  // namespace

void JsonText::plan(const std::shared_ptr<const FilePlan>& wanted) {
  if (planned_ == wanted) return;
  planned_ = wanted;
  fields_.clear();
  for (const std::string& key : planned_->json_keys) fields_.add(key);
  cells_.assign(planned_->json_keys.size(), {});
  filled_.assign(planned_->json_keys.size(), 0);
  row_ = 0;
  pattern_.forget();
}

// False where the row is of another pattern.
bool JsonText::write_alike(std::string_view row, ConvertedText& out) {
  const std::size_t room = pattern_.room_for(row);
  if (out.text.size() - out.size < room) out.text.resize(2 * (out.size + room));
  const char* const end = pattern_.write(row, out.text.data() + out.size);
  if (end == nullptr) return false;
  out.size = static_cast<std::size_t>(end - out.text.data());
  return true;
}

void JsonText::learn(std::string_view row) {
  if (!object_.is_flat() || !pattern_.wants_another()) return;
  pattern_.learn(row, object_.members(), member_fields_, cells_.size());
}

JsonFault JsonText::read_row(std::string_view row) {
  const JsonFault fault = object_.read(row);
  if (fault != JsonFault::kNone) return fault;
  ++row_;
  all_known_ = true;
  member_fields_.clear();
  for (const JsonMember& member : object_.members()) {
    const std::size_t field = fields_.find(member.key);
    member_fields_.push_back(field);
    if (field == JsonFields::kUnknown) {
      all_known_ = false;
      continue;
    }
    if (filled_[field] == row_) {
      repeated_ = member.key;
      return JsonFault::kDuplicateKey;
    }
    filled_[field] = row_;
    cells_[field] = member;
  }
  return JsonFault::kNone;
}

void JsonText::write_row(ConvertedText& out) const {
  std::size_t most = cells_.size() + 1;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (filled_[i] == row_) most += 2 * cells_[i].text.size() + 2;
  }
  if (out.text.size() - out.size < most) out.text.resize(2 * (out.size + most));
  char* at = out.text.data() + out.size;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (i > 0) *at++ = ',';
    const JsonMember& cell = cells_[i];
    if (filled_[i] != row_ || cell.kind == JsonKind::kNull) continue;
    const bool quoted = cell.kind != JsonKind::kWord && needs_quotes(cell.text);
    at = quoted ? put_quoted(at, cell.text) : put(at, cell.text);
  }
  *at++ = '\n';
  out.size = static_cast<std::size_t>(at - out.text.data());
}

void JsonText::reject(JsonFault fault, Span row, ParsedChunk& out) const {
  Reject reject;
  reject.row = static_cast<std::uint32_t>(out.json.rows.size());
  reject.framed = false;
  reject.bytes = row;
  switch (fault) {
    case JsonFault::kNotObject:
      reject.code = "not_an_object";
      reject.reason = "Not a JSON object.";
      break;
    case JsonFault::kNotUtf8:
      reject.code = "not_utf8";
      reject.reason = "Not UTF-8.";
      break;
    case JsonFault::kDuplicateKey:
      reject.code = "duplicate_key";
      reject.reason = fmt::format("The object has a key twice: {}.", shown_cell(repeated_));
      break;
    default:
      reject.code = "not_json";
      reject.reason = fmt::format("Not valid JSON ({}).", object_.detail());
      break;
  }
  out.rejects.push_back(std::move(reject));
}

void JsonText::write_ahead(Chunk& chunk) {
  ConvertedBlock& ahead = chunk.converted;
  ahead.begin = 0;
  ahead.end = 0;
  ahead.json.size = 0;
  ahead.json.rows.clear();
  const std::string_view block(chunk.bytes.data() + chunk.block.begin, chunk.block.size);
  const std::size_t first = block.find('\n');
  if (first == std::string_view::npos) return;
  plan(chunk.block.json_plan);
  ahead.begin = first + 1;
  ahead.end = block.rfind('\n') + 1;
  const std::string_view lines = block.substr(ahead.begin, ahead.end - ahead.begin);
  JsonRows rows(lines, JsonLayout::kLines, chunk.json_ends);
  Span row;
  while (rows.next(row)) {
    const std::string_view object = lines.substr(row.begin, row.end - row.begin);
    const auto begin = static_cast<std::uint32_t>(ahead.begin);
    if (!write_alike(object, ahead.json)) {
      if (read_row(object) != JsonFault::kNone || !all_known_) {
        ahead.end = begin + row.begin;
        break;
      }
      write_row(ahead.json);
      learn(object);
    }
    ahead.json.rows.push_back({begin + row.begin, begin + row.end});
  }
}

void JsonText::write_part(const Chunk& chunk, std::size_t begin, std::size_t end,
                          ParsedChunk& out) {
  const std::string_view text(chunk.text() + begin, end - begin);
  JsonRows rows(text, planned_->json, chunk.json_ends);
  Span row;
  while (rows.next(row)) {
    const std::string_view object = text.substr(row.begin, row.end - row.begin);
    const auto first = static_cast<std::uint32_t>(begin);
    const Span bytes{first + row.begin, first + row.end};
    if (!write_alike(object, out.json)) {
      const JsonFault fault = read_row(object);
      if (fault != JsonFault::kNone) {
        reject(fault, bytes, out);
        continue;
      }
      write_row(out.json);
      learn(object);
    }
    out.json.rows.push_back(bytes);
  }
}

void JsonText::write(const Chunk& chunk, ParsedChunk& out) {
  plan(chunk.plan);
  ConvertedText& json = out.json;
  json.size = 0;
  json.rows.clear();
  const bool is_ahead = chunk.has_converted() && chunk.block.json_plan == chunk.plan;
  if (is_ahead) {
    const ConvertedText& ahead = chunk.converted.json;
    write_part(chunk, 0, chunk.converted_begin(), out);
    json.text.resize(std::max(json.text.size(), json.size + ahead.size));
    std::copy_n(ahead.text.begin(), ahead.size,
                json.text.begin() + static_cast<std::ptrdiff_t>(json.size));
    json.size += ahead.size;
    const auto block = static_cast<std::uint32_t>(chunk.block.begin - chunk.begin);
    for (const Span& row : ahead.rows) json.rows.push_back({block + row.begin, block + row.end});
  }
  write_part(chunk, is_ahead ? chunk.converted_end() : 0, chunk.size, out);
  json.text.resize(std::max(json.text.size(), json.size + kTextPadding));
}

}  // namespace stave::loading
