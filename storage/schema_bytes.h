// A schema as part of a manifest. Bytes: format-spec/manifest.md.
#pragma once

#include "storage/bytes.h"
#include "storage/schema.h"

namespace stave {

void write_schema(const Schema& schema, ByteWriter& out);
// On bytes that are no schema the reader fails; what is returned then is of no use. `check_schema`
// is left to the caller.
Schema read_schema(ByteReader& in);

// A count of things that take at least one byte each, so that no count makes a reader allocate more
// than its input can fill.
std::uint32_t read_count(ByteReader& in);
std::vector<std::string> read_texts(ByteReader& in);
void write_texts(const std::vector<std::string>& texts, ByteWriter& out);

}  // namespace stave
