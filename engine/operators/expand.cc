// Expand: each row once for each part of its list. Rows whose list is null or empty vanish.
#include <cstring>
#include <string>
#include <vector>

#include "engine/operators/list_parts.h"
#include "engine/operators/morsel_reader.h"
#include "engine/operators/operators.h"
#include "engine/operators/row_gather.h"
#include "engine/operators/vector_writer.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

// The parts of all lists of a batch, one after another.
struct Parts {
  std::vector<RowNumber> rows;    // the row whose list has the part
  std::vector<std::size_t> ends;  // in `text`
  std::string text;
};

Result<Parts> parts_of(const Vector& lists) {
  Parts parts;
  for (std::uint32_t row = 0; row < lists.size; ++row) {
    if (is_null_at(lists, row)) {
      continue;
    }
    ListParts list(lists.values<std::string_view>()[row]);
    for (;;) {
      const auto part = list.next();
      if (!part) {
        return pass(part);
      }
      if (!*part) {
        break;
      }
      parts.rows.push_back(row);
      parts.text += **part;
      parts.ends.push_back(parts.text.size());
    }
  }
  return parts;
}

// Parts first .. first + count - 1 as a vector.
Vector vector_of(const Parts& parts, Type type, std::size_t first, std::uint32_t count) {
  ColumnShape shape;
  shape.type = type;
  shape.representation = Representation::kString;
  VectorWriter writer(shape, count);
  std::size_t begin = first == 0 ? 0 : parts.ends[first - 1];
  char* text = writer.text(parts.ends[first + count - 1] - begin);
  for (std::uint32_t row = 0; row < count; ++row) {
    const std::size_t size = parts.ends[first + row] - begin;
    std::memcpy(text, parts.text.data() + begin, size);
    writer.values<std::string_view>()[row] = {text, size};
    text += size;
    begin += size;
  }
  return writer.finish();
}

}  // namespace

Result<Relation> run_expand(const ExpandNode& node, const std::vector<Field>& fields,
                            const Pipeline& input, ExecutionContext& context) {
  auto reader = MorselReader::open(input, {node.list.expression}, context);
  if (!reader) {
    return pass(std::move(reader));
  }
  std::vector<std::vector<Batch>> made(reader->size());
  const std::size_t step = output_batch_rows(context);
  const auto body = [&](std::size_t item, int worker) -> Result<void> {
    auto read = reader->read(item, worker);
    if (!read) {
      return pass(std::move(read));
    }
    Batch& batch = *read;
    const auto parts = parts_of(batch.columns.back());
    if (!parts) {
      return pass(parts);
    }
    std::vector<ColumnShape> shapes = reader->shapes();
    shapes.pop_back();
    batch.columns.pop_back();
    const RowGatherer gatherer(std::span(&batch, 1), std::move(shapes));
    for (std::size_t first = 0; first < parts->rows.size(); first += step) {
      const std::size_t count = std::min(step, parts->rows.size() - first);
      Batch out = gatherer.gather(std::span(parts->rows).subspan(first, count));
      out.columns.push_back(
          vector_of(*parts, fields.back().type, first, static_cast<std::uint32_t>(count)));
      made[item].push_back(std::move(out));
    }
    return {};
  };
  const auto expanded = context.parallel_for(reader->size(), body);
  if (!expanded) {
    return pass(expanded);
  }
  Relation output;
  output.fields = fields;
  for (std::vector<Batch>& batches : made) {
    for (Batch& batch : batches) {
      output.rows += batch.rows;
      output.batches.push_back(std::move(batch));
    }
  }
  return output;
}

}  // namespace stave
