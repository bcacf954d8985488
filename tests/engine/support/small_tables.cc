// See small_tables.h.
#include "tests/engine/support/small_tables.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "engine/make_expression.h"
#include "engine/operators/vector_writer.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/spill/row_collector.h"
#include "storage/file_system.h"
#include "storage/schema.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"

namespace stave {

namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

ColumnShape shape_of_kind(const std::string& kind) {
  ColumnShape shape;
  if (kind == "i64") {
    shape.type = kInt64Type;
  } else if (kind == "date") {
    shape.type = kDateType;
  } else if (kind == "f64") {
    shape.type = kFloat64Type;
    shape.representation = Representation::kFloat64;
  } else if (kind == "bool") {
    shape.type = kBoolType;
    shape.representation = Representation::kBool;
  } else if (kind == "d2") {
    shape.type = decimal_type(18, 2);
  } else if (kind == "D2") {
    shape.type = decimal_type(38, 2);
    shape.representation = Representation::kInt128;
  } else if (kind == "list") {
    shape.type = kListType;
    shape.representation = Representation::kString;
  } else {
    shape.type = kind.starts_with("int") ? kInt64Type : kStringType;
    shape.representation = kind == "str" ? Representation::kString : Representation::kCode;
  }
  return shape;
}

Int128 parse_integer(const std::string& text) {
  const bool is_negative = text.starts_with('-');
  Int128 value = 0;
  for (const char digit : text.substr(is_negative ? 1 : 0)) {
    value = value * 10 + (digit - '0');
  }
  return is_negative ? -value : value;
}

std::string integer_text(Int128 value) {
  std::string digits;
  const bool is_negative = value < 0;
  do {
    const auto digit = static_cast<int>(value % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  if (is_negative) {
    digits.push_back('-');
  }
  return {digits.rbegin(), digits.rend()};
}

std::string text_at(const Vector& vector, std::uint32_t row) {
  if (is_null_at(vector, row)) {
    return "-";
  }
  const auto shown = [](std::string_view text) {
    return text.empty() ? std::string("_") : std::string(text);
  };
  switch (vector.representation) {
    case Representation::kCode: {
      const std::uint32_t code = vector.values<std::uint32_t>()[row];
      return vector.dictionary->kind() == DictionaryKind::kInt64
                 ? fmt::format("{}", vector.dictionary->int64_at(code))
                 : shown(vector.dictionary->string_at(code));
    }
    case Representation::kInt64:
      return fmt::format("{}", vector.values<std::int64_t>()[row]);
    case Representation::kInt128:
      return integer_text(vector.values<Int128>()[row]);
    case Representation::kFloat64:
      return fmt::format("{}", vector.values<double>()[row]);
    case Representation::kBool:
      return vector.values<std::uint8_t>()[row] != 0 ? "true" : "false";
    case Representation::kString:
      return shown(vector.values<std::string_view>()[row]);
  }
  return "?";
}

std::shared_ptr<const Snapshot> empty_store() {
  static const std::shared_ptr<const Snapshot> kStore = [] {
    const auto files = memory_file_system("small tables");
    Schema schema;
    schema.name = "empty";
    const auto created = create_store(*files, schema, "UTC");
    return created ? Snapshot::open(files).value_or(nullptr) : nullptr;
  }();
  return kStore;
}

ExecutionOptions options_of(int threads, std::uint32_t batch_rows, std::uint64_t spill_rows) {
  ExecutionOptions options;
  options.threads = threads;
  options.batch_rows = batch_rows;
  options.spill_rows = spill_rows;
  return options;
}

}  // namespace

Vector SmallTables::make_vector(const std::string& kind, const std::vector<std::string>& cells) {
  ColumnShape shape = shape_of_kind(kind);
  std::shared_ptr<LocalDictionary> dictionary;
  if (shape.representation == Representation::kCode) {
    auto& known = dictionaries_[kind];
    if (!known) {
      known = std::make_shared<LocalDictionary>(shape.type == kInt64Type ? DictionaryKind::kInt64
                                                                         : DictionaryKind::kString);
    }
    dictionary = known;
    shape.dictionary = known;
  }
  VectorWriter writer(shape, static_cast<std::uint32_t>(cells.size()));
  std::size_t bytes = 0;
  for (const std::string& cell : cells) {
    bytes += cell.size();
  }
  char* text = writer.text(bytes);
  for (std::uint32_t row = 0; row < cells.size(); ++row) {
    const std::string value = cells[row] == "_" ? "" : cells[row];
    if (value == "-") {
      writer.set_null(row);
      continue;
    }
    switch (shape.representation) {
      case Representation::kCode:
        writer.values<std::uint32_t>()[row] = shape.type == kInt64Type
                                                  ? dictionary->add_int64(std::stoll(value))
                                                  : dictionary->add_string(value);
        break;
      case Representation::kInt64:
        writer.values<std::int64_t>()[row] = std::stoll(value);
        break;
      case Representation::kInt128:
        writer.values<Int128>()[row] = parse_integer(value);
        break;
      case Representation::kFloat64:
        writer.values<double>()[row] = std::stod(value);
        break;
      case Representation::kBool:
        writer.values<std::uint8_t>()[row] = value == "true" ? 1 : 0;
        break;
      case Representation::kString:
        text = std::copy(value.begin(), value.end(), text);
        writer.values<std::string_view>()[row] = {text - value.size(), value.size()};
        break;
    }
  }
  return writer.finish();
}

Relation SmallTables::make(const std::string& columns, const std::vector<std::string>& rows,
                           std::uint32_t batch_rows) {
  Relation relation;
  std::vector<std::string> kinds;
  for (const std::string& word : words_of(columns)) {
    const std::size_t colon = word.find(':');
    kinds.push_back(word.substr(colon + 1));
    relation.fields.push_back({word.substr(0, colon), shape_of_kind(kinds.back()).type});
  }
  relation.rows = rows.size();
  for (std::size_t first = 0; first < rows.size(); first += batch_rows) {
    const std::size_t count = std::min<std::size_t>(batch_rows, rows.size() - first);
    std::vector<std::vector<std::string>> cells(kinds.size());
    for (std::size_t row = first; row < first + count; ++row) {
      const std::vector<std::string> words = words_of(rows[row]);
      for (std::size_t index = 0; index < kinds.size(); ++index) {
        cells[index].push_back(words.at(index));
      }
    }
    Batch batch;
    batch.rows = static_cast<std::uint32_t>(count);
    for (std::size_t index = 0; index < kinds.size(); ++index) {
      batch.columns.push_back(make_vector(kinds[index], cells[index]));
    }
    relation.batches.push_back(std::move(batch));
  }
  return relation;
}

std::vector<std::string> rows_of(const Relation& relation) {
  std::vector<std::string> rows;
  for (std::size_t item = 0; item < batches_of(relation); ++item) {
    const Batch batch = batch_of(relation, item).value_or(Batch());
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      std::string text;
      for (const Vector& vector : batch.columns) {
        text += (text.empty() ? "" : " ") + text_at(vector, row);
      }
      rows.push_back(std::move(text));
    }
  }
  return rows;
}

TestContext::TestContext(int threads, std::uint32_t batch_rows, std::uint64_t spill_rows)
    : snapshot(empty_store()), context(*snapshot, options_of(threads, batch_rows, spill_rows)) {}

Expression column(const Relation& relation, const std::string& name, std::size_t offset) {
  const auto found = std::find_if(relation.fields.begin(), relation.fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  const auto position = static_cast<std::size_t>(found - relation.fields.begin());
  return column_expression(position + offset, found->type);
}

Relation rows_in(const Pipeline& pipeline, ExecutionContext& context) {
  Relation output;
  output.fields = pipeline.fields();
  const auto reader = pipeline.read_all(context);
  EXPECT_TRUE(reader);
  const auto worker = (*reader)->make_worker();
  for (const Morsel& morsel : pipeline.morsels(MorselCut::kBlocks)) {
    Batch batch;
    EXPECT_TRUE((*reader)->read(morsel, *worker, batch));
    output.rows += batch.rows;
    output.batches.push_back(std::move(batch));
  }
  return output;
}

Expression literal(Type type, std::int64_t value) {
  Expression expression;
  expression.kind = ExpressionKind::kLiteral;
  expression.type = type;
  expression.literal.type = type;
  expression.literal.data = value;
  return expression;
}

std::vector<Field> with_fields(std::vector<Field> fields, const std::vector<Field>& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

std::shared_ptr<const Relation> shared(Relation relation) {
  return std::make_shared<const Relation>(std::move(relation));
}

}  // namespace stave
