// Columns of code-addressed dimensions as arrays by code: the one index operation behind a path.
#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/runtime/context_state.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/scan/block_vector.h"

namespace stave {

namespace {

// Copies the values of one block to their slots; position p is code p + 1.
class ArrayBuilder {
 public:
  ArrayBuilder(Type type, Representation representation, std::uint32_t slots)
      : slots_(slots), buffer_(std::make_shared<VectorBuffer>()) {
    array_->values.type = type;
    array_->values.representation = representation;
    array_->values.size = slots;
    const std::size_t bytes = std::size_t{slots} * width_of(representation);
    data_ = reinterpret_cast<char*>(buffer_->room<std::byte>(bytes));
    std::memset(data_, 0, bytes);
    if (representation != Representation::kCode) validity_ = buffer_->validity(slots, false);
    array_->values.data = data_;
    array_->values.validity = validity_;
  }

  void add(const Vector& block, std::uint64_t first_position) {
    const std::uint64_t first = first_position + 1;
    if (first >= slots_) return;
    const auto rows =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(block.size, slots_ - first));
    const std::size_t width = width_of(block.representation);
    if (block.representation == Representation::kString) {
      auto* texts = reinterpret_cast<std::string_view*>(data_) + first;
      for (std::uint32_t row = 0; row < rows; ++row) {
        if (!is_valid(block.validity, row)) continue;
        texts[row] = buffer_->text.add(block.values<std::string_view>()[row]);
      }
    } else {
      std::memcpy(data_ + first * width, block.data, rows * width);
    }
    if (validity_ == nullptr) return;
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (is_valid(block.validity, row)) set_bit(validity_, first + row);
    }
  }

  std::shared_ptr<LookupArray> finish(std::shared_ptr<const Dictionary> dictionary) {
    array_->values.dictionary = std::move(dictionary);
    array_->values.owner = buffer_;
    return array_;
  }

 private:
  std::uint32_t slots_;
  std::shared_ptr<VectorBuffer> buffer_;
  std::shared_ptr<LookupArray> array_ = std::make_shared<LookupArray>();
  char* data_ = nullptr;
  std::uint64_t* validity_ = nullptr;
};

}  // namespace

Result<std::shared_ptr<const Dictionary>> ExecutionContext::domain(const std::string& name) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->domains.find(name);
  if (found != state_->domains.end()) return found->second;
  auto opened = snapshot_.domain(name);
  if (!opened) return pass(opened);
  state_->domains.emplace(name, *opened);
  return *opened;
}

Result<void> ExecutionContext::check_domains() const {
  const std::lock_guard lock(state_->mutex);
  for (const auto& [name, domain] : state_->domains) {
    if (Result<void> damage = domain->damage(); !damage) return damage;
  }
  return {};
}

Result<std::shared_ptr<const LookupArray>> ExecutionContext::lookup(const std::string& table,
                                                                    const std::string& column) {
  const auto name = std::pair(table, column);
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->lookups.find(name);
    if (found != state_->lookups.end()) return found->second;
  }
  const Manifest& manifest = snapshot_.manifest();
  const TableSchema* schema = manifest.schema.find_table(table);
  const TableState* state = manifest.find_table(table);
  const int position = schema == nullptr ? -1 : schema->find_column(column);
  if (position < 0 || state == nullptr || !schema->is_code_addressed()) {
    return fail(ErrorCode::kInternal, "A path leads nowhere: " + table + "." + column + ".");
  }
  const ColumnSchema& key =
      schema->columns[static_cast<std::size_t>(schema->find_column(schema->key[0]))];
  const ColumnSchema& wanted = schema->columns[static_cast<std::size_t>(position)];
  auto keys = domain(key.domain);
  if (!keys) return pass(keys);
  std::shared_ptr<const Dictionary> dictionary;
  if (wanted.is_coded()) {
    auto values = domain(wanted.domain);
    if (!values) return pass(values);
    dictionary = *values;
  }
  const Representation representation =
      wanted.is_coded() ? Representation::kCode : representation_of(wanted.type);
  ArrayBuilder builder(wanted.type, representation, (*keys)->size() + 1);
  const auto file = static_cast<std::size_t>(position);
  std::shared_ptr<LookupArray> array;
  std::optional<std::pair<std::int64_t, std::int64_t>> range;
  bool has_range = representation == Representation::kInt64;
  if (file < state->columns.size() && state->columns[file].exists()) {
    auto reader = snapshot_.open_column(state->columns[file], physical_of(wanted));
    if (!reader) return pass(reader);
    BlockDecoder decoder;
    for (std::uint32_t block = 0; block < (*reader)->blocks().size(); ++block) {
      auto values = decoder.read(**reader, block, wanted.type, dictionary, nullptr);
      if (!values) return pass(values);
      builder.add(*values, std::uint64_t{block} * kBlockRows);
      const BlockSummary& summary = (*reader)->blocks()[block];
      if (summary.nulls == summary.rows) continue;
      has_range = has_range && summary.has_range;
      if (!range) range = std::pair(summary.min, summary.max);
      range = std::pair(std::min(range->first, summary.min), std::max(range->second, summary.max));
    }
  }
  array = builder.finish(std::move(dictionary));
  array->keys = *keys;
  if (has_range) array->range = range;
  const std::lock_guard lock(state_->mutex);
  return state_->lookups.emplace(name, std::move(array)).first->second;
}

std::string ExecutionContext::add_lookup(std::shared_ptr<const LookupArray> array) {
  const std::lock_guard lock(state_->mutex);
  std::string column = std::to_string(state_->lookups.size());
  state_->lookups.emplace(std::pair(std::string(), column), std::move(array));
  return column;
}

std::string ExecutionContext::add_row_test(std::shared_ptr<const RowTest> test) {
  const std::lock_guard lock(state_->mutex);
  std::string name = std::to_string(state_->row_tests.size());
  state_->row_tests.emplace(name, std::move(test));
  return name;
}

Result<std::shared_ptr<const RowTest>> ExecutionContext::row_test(const std::string& name) {
  const std::lock_guard lock(state_->mutex);
  const auto known = state_->row_tests.find(name);
  if (known != state_->row_tests.end()) return known->second;
  return fail(ErrorCode::kInternal, "A test of rows is not there: " + name + ".");
}

Result<std::shared_ptr<const std::int64_t[]>> ExecutionContext::integers_of(
    const std::shared_ptr<const Dictionary>& dictionary) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->integers.find(dictionary.get());
  if (found != state_->integers.end()) return found->second;
  const std::uint32_t size = dictionary->size();
  auto values = std::make_unique<std::int64_t[]>(std::size_t{size} + 1);
  for (std::uint32_t code = 1; code <= size && code != 0; ++code) {
    values[code] = dictionary->int64_at(code);
  }
  std::shared_ptr<const std::int64_t[]> shared(std::move(values));
  state_->integers.emplace(dictionary.get(), shared);
  return shared;
}

}  // namespace stave
