// Cells are collected by field first, since objects need not agree in the order of their keys.
#include "tools/import/json/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "tools/import/cell_fault.h"

namespace stave::loading {

namespace {

// Eight bytes at a time, since most texts have nothing that needs quotes.
bool needs_quotes(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::uint64_t found = 0;
  for (std::size_t at = 0; at < text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, std::min(sizeof(word), text.size() - at));
    for (const char byte : {',', '"', '\n', '\r'}) {
      const std::uint64_t same = word ^ (kOnes * static_cast<std::uint8_t>(byte));
      found |= (same - kOnes) & ~same;
    }
  }
  return text.empty() || (found & (kOnes << 7U)) != 0;
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

void JsonText::plan(const Chunk& chunk) {
  if (planned_ == chunk.plan) return;
  planned_ = chunk.plan;
  fields_.clear();
  for (const std::string& key : planned_->json_keys) fields_.add(key);
  cells_.assign(planned_->json_keys.size(), {});
  filled_.assign(planned_->json_keys.size(), 0);
  row_ = 0;
}

JsonFault JsonText::read_row(std::string_view row) {
  const JsonFault fault = object_.read(row);
  if (fault != JsonFault::kNone) return fault;
  ++row_;
  for (const JsonMember& member : object_.members()) {
    const std::size_t field = fields_.find(member.key);
    if (field == JsonFields::kUnknown) continue;
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

void JsonText::write(const Chunk& chunk, ParsedChunk& out) {
  plan(chunk);
  const std::string_view text(chunk.text(), chunk.size);
  out.json.size = 0;
  out.json.rows.clear();
  JsonRows rows(text, planned_->json, chunk.json_ends);
  Span row;
  while (rows.next(row)) {
    const JsonFault fault = read_row(text.substr(row.begin, row.end - row.begin));
    if (fault != JsonFault::kNone) {
      reject(fault, row, out);
      continue;
    }
    out.json.rows.push_back(row);
    write_row(out.json);
  }
  out.json.text.resize(std::max(out.json.text.size(), out.json.size + kTextPadding));
}

}  // namespace stave::loading
