// The objects of a chunk as rows of CSV in the usual dialect, so that everything behind reads one
// kind of text. Null and absent are an empty cell, "" is a quoted one.
#pragma once

#include <string>
#include <vector>

#include "tools/import/json/json_keys.h"
#include "tools/import/parsed_chunk.h"

namespace stave::loading {

class JsonText {
 public:
  // Fills `out.json` and rejects what is no object. The chunk's plan has the keys as its fields.
  void write(const Chunk& chunk, ParsedChunk& out);

 private:
  void plan(const Chunk& chunk);
  JsonFault read_row(std::string_view row);
  void write_row(ConvertedText& out) const;
  void reject(JsonFault fault, Span row, ParsedChunk& out) const;

  std::shared_ptr<const FilePlan> planned_;
  JsonFields fields_;
  JsonObject object_;
  std::vector<JsonMember> cells_;      // by field
  std::vector<std::uint64_t> filled_;  // by field: the row that filled it last
  std::uint64_t row_ = 0;
  std::string_view repeated_;  // the key of a row that has it twice
};

}  // namespace stave::loading
