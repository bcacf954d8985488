// Expand: each row once for each part of its list. Rows whose list is null or empty vanish.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "engine/operators/list_parts.h"
#include "engine/operators/morsel_reader.h"
#include "engine/operators/operators.h"
#include "engine/operators/part_column.h"
#include "engine/operators/row_gather.h"
#include "engine/operators/vector_writer.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

// The parts of all lists of a batch, one after another: as codes of the thread or as texts.
struct Parts {
  std::vector<RowNumber> rows;  // the row whose list has the part
  std::vector<std::uint32_t> codes;
  std::vector<std::size_t> ends;  // in `text`
  std::string text;

  // Parts first .. first + count - 1.
  BatchParts from(std::size_t first, std::size_t count, std::size_t thread) const {
    BatchParts parts;
    parts.thread = thread;
    if (ends.empty()) {
      const auto begin = codes.begin() + static_cast<std::ptrdiff_t>(first);
      parts.codes.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    } else {
      parts.texts = texts_from(first, static_cast<std::uint32_t>(count));
    }
    return parts;
  }

 private:
  Vector texts_from(std::size_t first, std::uint32_t count) const {
    ColumnShape shape;
    shape.type = kStringType;
    shape.representation = Representation::kString;
    VectorWriter writer(shape, count);
    std::size_t begin = first == 0 ? 0 : ends[first - 1];
    char* to = writer.text(ends[first + count - 1] - begin);
    for (std::uint32_t row = 0; row < count; ++row) {
      const std::size_t size = ends[first + row] - begin;
      std::memcpy(to, text.data() + begin, size);
      writer.values<std::string_view>()[row] = {to, size};
      to += size;
      begin += size;
    }
    return writer.finish();
  }
};

Result<void> add_texts(std::uint32_t row, std::string_view list, Parts& parts) {
  ListParts rest(list);
  for (;;) {
    const auto part = rest.next();
    if (!part) return pass(part);
    if (!*part) return {};
    parts.rows.push_back(row);
    parts.text += **part;
    parts.ends.push_back(parts.text.size());
  }
}

Result<void> add_codes(std::uint32_t row, std::string_view list, KnownLists& known, Parts& parts) {
  const auto codes = known.parts_of(list);
  if (!codes) return pass(codes);
  parts.rows.insert(parts.rows.end(), codes->size(), row);
  parts.codes.insert(parts.codes.end(), codes->begin(), codes->end());
  return {};
}

Result<Parts> parts_of(const Vector& lists, KnownLists& known) {
  Parts parts;
  const bool as_texts = known.is_over();
  for (std::uint32_t row = 0; row < lists.size; ++row) {
    if (is_null_at(lists, row)) continue;
    const std::string_view list = lists.values<std::string_view>()[row];
    auto added = as_texts ? add_texts(row, list, parts) : add_codes(row, list, known, parts);
    if (!added) return pass(added);
  }
  return parts;
}

struct Expanded {
  Batch batch;  // without the parts
  BatchParts parts;
};

}  // namespace

Result<Relation> run_expand(const ExpandNode& node, const std::vector<Field>& fields,
                            const Pipeline& input, ExecutionContext& context) {
  auto reader = MorselReader::open(input, {node.list.expression}, context);
  if (!reader) {
    return pass(std::move(reader));
  }
  std::vector<std::vector<Expanded>> made(reader->size());
  std::vector<KnownLists> threads(static_cast<std::size_t>(context.threads()));
  const std::size_t step = output_batch_rows(context);
  const auto body = [&](std::size_t item, int worker) -> Result<void> {
    auto read = reader->read(item, worker);
    if (!read) {
      return pass(std::move(read));
    }
    Batch& batch = *read;
    const auto thread = static_cast<std::size_t>(worker);
    auto parts = parts_of(batch.columns.back(), threads[thread]);
    if (!parts) {
      return pass(parts);
    }
    std::vector<ColumnShape> shapes = reader->shapes();
    shapes.pop_back();
    batch.columns.pop_back();
    const RowGatherer gatherer(std::span(&batch, 1), std::move(shapes));
    for (std::size_t first = 0; first < parts->rows.size(); first += step) {
      const std::size_t count = std::min(step, parts->rows.size() - first);
      Expanded& rows = made[item].emplace_back();
      rows.batch = gatherer.gather(std::span(parts->rows).subspan(first, count));
      rows.parts = parts->from(first, count, thread);
    }
    return {};
  };
  const auto expanded = context.parallel_for(reader->size(), body);
  if (!expanded) {
    return pass(expanded);
  }
  const bool as_texts = std::any_of(threads.begin(), threads.end(),
                                    [](const KnownLists& thread) { return thread.is_over(); });
  const PartColumn column(threads, as_texts);
  const auto add_column = [&](std::size_t item, int) -> Result<void> {
    for (Expanded& rows : made[item]) {
      rows.batch.columns.push_back(column.of(rows.parts));
    }
    return {};
  };
  const auto finished = context.parallel_for(made.size(), add_column);
  if (!finished) {
    return pass(finished);
  }
  Relation output;
  output.fields = fields;
  for (std::vector<Expanded>& all : made) {
    for (Expanded& rows : all) {
      output.rows += rows.batch.rows;
      output.batches.push_back(std::move(rows.batch));
    }
  }
  return output;
}

}  // namespace stave
