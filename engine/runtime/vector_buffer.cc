// Memory behind computed vectors: see vector_buffer.h.
#include "engine/runtime/vector_buffer.h"

#include <algorithm>
#include <cstring>

namespace stave {

namespace {
constexpr std::size_t kFirstChunk = std::size_t{4} << 10;
constexpr std::size_t kLargestChunk = std::size_t{1} << 20;
}  // namespace

char* VectorText::room(std::size_t size) {
  if (chunks_.empty() || chunks_.back().size - used_ < size) {
    const std::size_t grown =
        chunks_.empty() ? kFirstChunk : std::min(chunks_.back().size * 2, kLargestChunk);
    const std::size_t capacity = std::max(size, grown);
    chunks_.push_back({std::unique_ptr<char[]>(new char[capacity]), capacity});
    used_ = 0;
  }
  char* at = chunks_.back().bytes.get() + used_;
  used_ += size;
  return at;
}

std::string_view VectorText::add(std::string_view text) {
  if (text.empty()) return "";
  char* at = room(text.size());
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

void VectorText::clear() {
  // The largest chunk is the last one: it alone is kept.
  if (chunks_.size() > 1) chunks_.erase(chunks_.begin(), chunks_.end() - 1);
  used_ = 0;
}

std::uint64_t VectorText::bytes() const {
  std::uint64_t sum = 0;
  for (const Chunk& chunk : chunks_) sum += chunk.size;
  return sum;
}

void* VectorBuffer::bytes(std::size_t size) {
  if (size > capacity_) {
    data_.reset();
    capacity_ = 0;
    data_.reset(::operator new (size, std::align_val_t{64}));
    capacity_ = size;
  }
  return data_.get();
}

std::uint64_t* VectorBuffer::validity(std::size_t rows, bool set) {
  validity_.assign(words_for(rows) + 1, set ? ~std::uint64_t{0} : 0);
  return validity_.data();
}

void VectorBuffer::clear() {
  text.clear();
  parents.clear();
}

std::shared_ptr<VectorBuffer> take_clear(BufferRecycler& recycler) {
  std::shared_ptr<VectorBuffer> buffer = recycler.take();
  buffer->clear();
  return buffer;
}

}  // namespace stave
