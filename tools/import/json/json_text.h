// The objects of a chunk as rows of CSV in the usual dialect, so that everything behind reads one
// kind of text. Null and absent are an empty cell, "" is a quoted one.
#pragma once

#include <string>
#include <vector>

#include "tools/import/json/json_keys.h"
#include "tools/import/json/json_pattern.h"
#include "tools/import/parsed_chunk.h"

namespace stave::loading {

class JsonText {
 public:
  // Before its turn, of a chunk with a block of lines: converts those that lie in it whole, up to
  // one that is no object, or has a key that is not known yet.
  void write_ahead(Chunk& chunk);
  // Fills `out.json` and rejects what is no object. The chunk's plan has the keys as its fields.
  void write(const Chunk& chunk, ParsedChunk& out);

 private:
  void plan(const std::shared_ptr<const FilePlan>& wanted);
  // Of the chunk's text [begin, end).
  void write_part(const Chunk& chunk, std::size_t begin, std::size_t end, ParsedChunk& out);
  bool write_alike(std::string_view row, ConvertedText& out);
  JsonFault read_row(std::string_view row);
  void learn(std::string_view row);
  void write_row(ConvertedText& out) const;
  void reject(JsonFault fault, Span row, ParsedChunk& out) const;

  std::shared_ptr<const FilePlan> planned_;
  JsonFields fields_;
  JsonObject object_;
  std::vector<JsonMember> cells_;      // by field
  std::vector<std::uint64_t> filled_;  // by field: the row that filled it last
  std::uint64_t row_ = 0;
  bool all_known_ = false;                  // every key of the row
  std::vector<std::size_t> member_fields_;  // of the row
  JsonPattern pattern_;
  std::string_view repeated_;  // the key of a row that has it twice
};

}  // namespace stave::loading
