// See row_collector.h.
#include "engine/spill/row_collector.h"

#include <string_view>
#include <utility>

#include "engine/runtime/vector_buffer.h"

namespace stave {

std::uint64_t whole_bytes_of(const Batch& batch) {
  std::uint64_t bytes = bytes_of(batch);
  for (const Vector& vector : batch.columns) {
    if (vector.representation != Representation::kString) {
      continue;
    }
    for (std::uint32_t row = 0; row < vector.size; ++row) {
      if (!is_null_at(vector, row)) {
        bytes += vector.values<std::string_view>()[row].size();
      }
    }
  }
  return bytes;
}

RowCollector::RowCollector(std::vector<Field> fields, ExecutionContext& context)
    : context_(context), held_(std::make_shared<HeldRows>(context.spill())) {
  rows_.fields = std::move(fields);
}

Result<void> RowCollector::add(Batch batch) {
  if (batch.rows == 0) {
    return {};
  }
  rows_.rows += batch.rows;
  if (!goes_to_disk_) {
    const bool has_room = held_->add(batch.rows, whole_bytes_of(batch));
    rows_.batches.push_back(std::move(batch));
    return has_room ? Result<void>() : go_to_disk();
  }
  if (!spilled_) {
    auto file = context_.spill().file();
    if (!file) {
      return pass(file);
    }
    Relation first;
    first.fields = rows_.fields;
    first.batches.push_back(batch);
    spilled_ = std::make_shared<SpilledRows>(*std::move(file), shapes_of(first));
  }
  return spilled_->append(batch);
}

Result<void> RowCollector::go_to_disk() {
  goes_to_disk_ = true;
  std::vector<Batch> batches = std::exchange(rows_.batches, {});
  rows_.rows = 0;
  for (Batch& batch : batches) {
    if (auto running = context_.check_cancelled(); !running) {
      return running;
    }
    if (auto done = add(std::exchange(batch, {})); !done) {
      return done;
    }
  }
  held_.reset();
  return {};
}

Result<Relation> RowCollector::finish() {
  rows_.spilled = std::move(spilled_);
  rows_.held = std::move(held_);
  return std::move(rows_);
}

namespace {

Result<Relation> collected(Relation relation, bool to_disk, ExecutionContext& context) {
  RowCollector collector(std::move(relation.fields), context);
  if (to_disk) {
    if (auto done = collector.go_to_disk(); !done) {
      return pass(done);
    }
  }
  for (Batch& batch : relation.batches) {
    if (auto running = context.check_cancelled(); !running) {
      return pass(running);
    }
    if (auto done = collector.add(std::exchange(batch, {})); !done) {
      return pass(done);
    }
  }
  return collector.finish();
}

}  // namespace

Result<Relation> kept(Relation relation, ExecutionContext& context) {
  if (relation.spilled || relation.held || relation.rows == 0) {
    return relation;
  }
  return collected(std::move(relation), false, context);
}

Result<Relation> on_disk(Relation relation, ExecutionContext& context) {
  if (relation.spilled || relation.rows == 0) {
    return relation;
  }
  return collected(std::move(relation), true, context);
}

Result<Relation> in_memory(Relation relation, ExecutionContext& context) {
  if (!relation.spilled) {
    return relation;
  }
  for (std::size_t batch = 0; batch < relation.spilled->pieces(); ++batch) {
    if (auto running = context.check_cancelled(); !running) {
      return pass(running);
    }
    auto rows = relation.spilled->read(batch);
    if (!rows) {
      return pass(std::move(rows));
    }
    relation.batches.push_back(*std::move(rows));
  }
  relation.spilled.reset();
  return relation;
}

std::size_t batches_of(const Relation& relation) {
  return relation.spilled ? relation.spilled->pieces() : relation.batches.size();
}

Result<Batch> batch_of(const Relation& relation, std::size_t batch) {
  return relation.spilled ? relation.spilled->read(batch) : relation.batches[batch];
}

std::uint64_t row_bytes_of(const Relation& relation) {
  if (relation.rows == 0) {
    return 0;
  }
  std::uint64_t bytes = relation.spilled ? relation.spilled->bytes() : 0;
  for (const Batch& batch : relation.batches) {
    bytes += whole_bytes_of(batch);
  }
  return bytes / relation.rows + 1;
}

}  // namespace stave
