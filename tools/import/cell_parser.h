// Parses the cells of a chunk column by column, a few hundred rows at a time, so that text and
// positions stay in the nearest cache for all columns.
#pragma once

#include <memory>
#include <shared_mutex>
#include <vector>

#include "storage/domain.h"
#include "tools/import/cell_batch.h"
#include "tools/import/code_cache.h"
#include "tools/import/field_reader.h"
#include "tools/import/json/json_text.h"
#include "tools/import/parsed_chunk.h"
#include "tools/import/value_parser.h"

namespace stave::loading {

// The domains of a load's coded columns. Kinds change rarely: look-ups hold `kinds` shared, a
// change of kind alone.
struct LoadDomains {
  std::vector<DomainWriter*> by_column;  // null: not coded
  std::shared_mutex kinds;
};

// What a cell becomes.
enum class CellKind : std::uint8_t {
  kKey,          // of a domain that holds integers or strings
  kCodedString,  // of a domain of strings
  kCodedInt64,
  kInt64,
  kDecimal64,
  kDecimal128,
  kFloat64,
  kBool,
  kDate,
  kTimestamp,
  kText,
  kNewTime,  // of a table that the load makes: the text, and the moment that its day comes from
};

CellKind cell_kind_of(const ColumnSchema& column);

// One for each worker.
class CellParser {
 public:
  explicit CellParser(ValueParser values) : values_(std::move(values)) {}

  // Before the chunk's turn: what needs nothing of the chunks before it, of the block read ahead.
  void convert_ahead(Chunk& chunk);
  // Frames, parses and looks up; what is left to resolve is in `out.keys`.
  void parse(const Chunk& chunk, LoadDomains& domains, ParsedChunk& out);

  // The cells of a coded column once more, as texts.
  void read_texts(std::size_t column, ParsedChunk& out);

  CodeCache& cache(std::size_t column);
  ValueParser& values() { return values_; }

 private:
  struct Task {
    std::uint32_t field = 0;
    std::size_t column = 0;
    CellKind kind = CellKind::kText;
    std::int64_t multiply = 1;
    std::int64_t divide = 1;
    bool required = false;
    bool is_converted() const { return multiply != 1 || divide != 1; }
  };
  struct RowRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  void plan_tasks(const Chunk& chunk);
  void prepare(const Task& task, LoadDomains& domains, ParsedChunk& out);
  void parse_range(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out);
  void parse_integer_keys(const Task& task, RowRange rows, const FieldReader& reader,
                          ParsedChunk& out);
  void parse_coded_strings(const Task& task, RowRange rows, const FieldReader& reader,
                           ParsedChunk& out);
  template <bool kFetch>
  void find_codes(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out);
  void parse_strings(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out);
  template <typename Value, typename Parse>
  void parse_values(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out,
                    std::vector<Value>& values, Parse parse);
  template <typename Value, typename Parse>
  void parse_numbers(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out,
                     std::vector<Value>& values, Parse parse);
  template <typename Value, typename Parse>
  void parse_value(const Task& task, std::uint32_t row, const CellText& cell, ParsedChunk& out,
                   Value& value, Parse& parse);
  template <typename Parse>
  void parse_unread(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out,
                    Parse parse);
  void parse_integers(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out);
  void parse_decimals(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out);
  void parse_dates(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out);
  void parse_times(const Task& task, RowRange rows, const FieldReader& reader, ParsedChunk& out);
  void take_no_value(const Task& task, std::uint32_t row, const CellText& cell, ParseFault fault,
                     ParsedChunk& out);
  void look_up(const Task& task, LoadDomains& domains, ParsedChunk& out);
  void find_rows(const Chunk& chunk, ParsedChunk& out);

  CellBatch batch_;
  ValueParser values_;
  std::shared_ptr<const FilePlan> planned_;
  std::unique_ptr<JsonText> json_;  // once there is JSON
  std::vector<Task> tasks_;
  std::vector<std::unique_ptr<CodeCache>> caches_;  // of coded columns, once they are needed
  std::vector<std::string_view> found_strings_;
  std::vector<std::uint32_t> found_codes_;
};

}  // namespace stave::loading
