// Columns of code-addressed dimensions as arrays by code: the one index operation behind a path.
#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/kernels/bitmap.h"
#include "engine/runtime/context_state.h"
#include "engine/runtime/narrow_lookup.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/scan/block_vector.h"

namespace stave {

namespace {

// Read in the time that waking a thread takes, or more.
constexpr std::size_t kBlocksPerItem = 8;

// Copies the values of blocks to their slots; position p is code p + 1. Thread-safe for different
// blocks.
class ArrayBuilder {
 public:
  // The column has so many rows; what has no row is null. With `narrow` integers are in that range.
  ArrayBuilder(Type type, Representation representation, std::uint32_t slots, std::uint64_t rows,
               const std::optional<NarrowLookup::Range>& narrow)
      : slots_(slots), buffer_(std::make_shared<VectorBuffer>()) {
    array_->values.type = type;
    array_->values.representation = representation;
    array_->values.size = slots;
    const std::size_t end = std::min<std::uint64_t>(rows + 1, slots);
    if (narrow) {
      narrow_ = std::make_shared<NarrowLookup>(*narrow, slots);
      narrow_->fill(0, 1);
      narrow_->fill(end, slots - end);
    } else {
      const std::size_t width = width_of(representation);
      const std::size_t bytes = slots * width;
      data_ = reinterpret_cast<char*>(buffer_->room<std::byte>(bytes));
      const std::size_t filled = end * width;
      std::memset(data_, 0, std::min(width, bytes));
      std::memset(data_ + filled, 0, bytes - filled);
    }
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
    if (narrow_) {
      narrow_->write(first, {block.values<std::int64_t>(), rows});
    } else if (block.representation == Representation::kString) {
      auto* texts = reinterpret_cast<std::string_view*>(data_) + first;
      const std::lock_guard lock(mutex_);
      for (std::uint32_t row = 0; row < rows; ++row) {
        const bool is_text = is_valid(block.validity, row);
        texts[row] =
            is_text ? buffer_->text.add(block.values<std::string_view>()[row]) : std::string_view();
      }
    } else {
      std::memcpy(data_ + first * width, block.data, rows * width);
    }
    if (validity_ == nullptr) return;
    const std::lock_guard lock(mutex_);  // blocks meet within a word
    kernels::set_bits_at(validity_, first, block.validity, rows);
  }

  std::shared_ptr<LookupArray> finish(std::shared_ptr<const Dictionary> dictionary) {
    array_->values.dictionary = std::move(dictionary);
    array_->values.owner = buffer_;
    array_->narrow = std::move(narrow_);
    return array_;
  }

 private:
  std::uint32_t slots_;
  std::mutex mutex_;
  std::shared_ptr<VectorBuffer> buffer_;
  std::shared_ptr<LookupArray> array_ = std::make_shared<LookupArray>();
  std::shared_ptr<NarrowLookup> narrow_;  // else `data_`
  char* data_ = nullptr;
  std::uint64_t* validity_ = nullptr;
};

// Of all values, where each block with a value tells its own.
std::optional<NarrowLookup::Range> range_of(const std::vector<BlockSummary>& blocks) {
  std::optional<NarrowLookup::Range> range;
  for (const BlockSummary& block : blocks) {
    if (block.nulls == block.rows) continue;
    if (!block.has_range) return std::nullopt;
    if (!range) range = std::pair(block.min, block.max);
    range = std::pair(std::min(range->first, block.min), std::max(range->second, block.max));
  }
  return range;
}

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
                                                                    const std::string& column,
                                                                    LookupWidth width) {
  const auto name = std::pair(table, column);
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->lookups.find(name);
    if (found != state_->lookups.end() &&
        (width == LookupWidth::kNarrow || found->second->narrow == nullptr)) {
      return found->second;
    }
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
  const auto file = static_cast<std::size_t>(position);
  std::unique_ptr<ColumnFileReader> reader;
  if (file < state->columns.size() && state->columns[file].exists()) {
    auto opened = snapshot_.open_column(state->columns[file], physical_of(wanted));
    if (!opened) return pass(opened);
    reader = std::move(*opened);
  }
  const std::size_t blocks = reader == nullptr ? 0 : reader->blocks().size();
  std::optional<NarrowLookup::Range> range;
  if (representation == Representation::kInt64 && reader != nullptr) {
    range = range_of(reader->blocks());
  }
  const std::uint32_t slots = (*keys)->size() + 1;
  const bool is_narrow = width == LookupWidth::kNarrow && range && slots >= kLongTable &&
                         NarrowLookup::bytes_for(*range) < sizeof(std::int64_t);
  ArrayBuilder builder(wanted.type, representation, slots, reader == nullptr ? 0 : reader->rows(),
                       is_narrow ? range : std::nullopt);
  std::vector<BlockDecoder> decoders(static_cast<std::size_t>(threads()));
  const std::size_t items = (blocks + kBlocksPerItem - 1) / kBlocksPerItem;
  const auto read = parallel_for(items, [&](std::size_t item, int worker) -> Result<void> {
    const std::size_t end = std::min(blocks, (item + 1) * kBlocksPerItem);
    for (std::size_t block = item * kBlocksPerItem; block < end; ++block) {
      auto values = decoders[static_cast<std::size_t>(worker)].read(
          *reader, static_cast<std::uint32_t>(block), wanted.type, dictionary, nullptr);
      if (!values) return pass(values);
      builder.add(*values, std::uint64_t{block} * kBlockRows);
    }
    return {};
  });
  if (!read) return pass(read);
  std::shared_ptr<LookupArray> array = builder.finish(std::move(dictionary));
  array->keys = *keys;
  array->range = range;
  const std::lock_guard lock(state_->mutex);
  return state_->lookups.insert_or_assign(name, std::move(array)).first->second;
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
