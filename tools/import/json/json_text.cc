// Cells are collected by field first, since objects need not agree in the order of their keys.
#include "tools/import/json/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/import/cell_fault.h"

namespace stave::loading {

namespace {

constexpr std::array<bool, 256> kNeedsQuotes = [] {
  std::array<bool, 256> needs{};
  for (const char byte : {',', '"', '\n', '\r'}) needs[static_cast<unsigned char>(byte)] = true;
  return needs;
}();

bool needs_quotes(std::string_view text) {
  return text.empty() || std::any_of(text.begin(), text.end(), [](char byte) {
           return kNeedsQuotes[static_cast<unsigned char>(byte)];
         });
}

void append(std::vector<char>& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void append_quoted(std::vector<char>& out, std::string_view text) {
  out.push_back('"');
  for (const char byte : text) {
    if (byte == '"') out.push_back('"');
    out.push_back(byte);
  }
  out.push_back('"');
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

void JsonText::write_row(std::vector<char>& text) const {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (i > 0) text.push_back(',');
    const JsonMember& cell = cells_[i];
    if (filled_[i] != row_ || cell.kind == JsonKind::kNull) continue;
    if (cell.kind != JsonKind::kWord && needs_quotes(cell.text)) {
      append_quoted(text, cell.text);
    } else {
      append(text, cell.text);
    }
  }
  text.push_back('\n');
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
  out.json.text.clear();
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
    write_row(out.json.text);
  }
  out.json.size = out.json.text.size();
  out.json.text.resize(out.json.size + kTextPadding);
}

}  // namespace stave::loading
