// See fields.h.
#include "tools/royalty/fields.h"

#include <algorithm>
#include <charconv>

namespace stave::royalty {

std::string unescaped(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      made.push_back(text[i]);
      continue;
    }
    ++i;
    if (text[i] == 't') made.push_back('\t');
    if (text[i] == 'n') made.push_back('\n');
    if (text[i] == '\\') made.push_back('\\');
  }
  return made;
}

namespace {

bool needs_escapes(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c == '\t' || c == '\n' || c == '\\'; });
}

}  // namespace

void escape_from(std::size_t begin, std::string& out) {
  const std::string_view text = std::string_view(out).substr(begin);
  if (!text.empty() && !needs_escapes(text)) {
    return;
  }
  const std::string plain(text);
  out.resize(begin);
  append_text_field(plain, out);
}

void append_text_field(std::string_view text, std::string& out) {
  if (text.empty()) {
    out += "\\e";
  }
  if (!needs_escapes(text)) {
    out += text;
    return;
  }
  for (const char c : text) {
    if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out.push_back(c);
    }
  }
}

void append_field(const Field& field, std::string& out) {
  if (field) {
    append_text_field(*field, out);
  }
}

void append_line(const std::vector<Field>& fields, std::string& out) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) {
      out.push_back('\t');
    }
    append_field(fields[i], out);
  }
  out.push_back('\n');
}

std::vector<Field> fields_of(std::string_view line) {
  std::vector<Field> fields;
  while (true) {
    const std::size_t tab = line.find('\t');
    const std::string_view text = line.substr(0, tab);
    fields.push_back(text.empty() ? Field() : Field(unescaped(text)));
    if (tab == std::string_view::npos) {
      return fields;
    }
    line.remove_prefix(tab + 1);
  }
}

std::optional<std::uint64_t> number_of(const Field& field) {
  std::uint64_t number = 0;
  if (!field) {
    return std::nullopt;
  }
  const char* const end = field->data() + field->size();
  const auto read = std::from_chars(field->data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

}  // namespace stave::royalty
