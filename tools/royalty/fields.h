// Lines of fields with tabs between, as the files of a run have them (format-spec/ledger.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stave::royalty {

using Field = std::optional<std::string>;  // null: nothing

void append_field(const Field& field, std::string& out);
void append_text_field(std::string_view text, std::string& out);
// Makes a field of the text that was appended from there on.
void escape_from(std::size_t begin, std::string& out);
std::string unescaped(std::string_view text);
// Ends the line.
void append_line(const std::vector<Field>& fields, std::string& out);
std::vector<Field> fields_of(std::string_view line);
std::optional<std::uint64_t> number_of(const Field& field);

}  // namespace stave::royalty
