// A hash table that one thread replaces by larger ones while others read: readers announce
// themselves, and a replaced table is freed once a moment without readers was seen.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace stave {

template <typename Table>
class PublishedTable {
 public:
  // Keeps every table alive that was current since; null where none was published.
  class Reader {
   public:
    explicit Reader(const PublishedTable& owner) : owner_(owner) {
      owner_.readers_.fetch_add(1, std::memory_order_seq_cst);
      table_ = owner_.current_.load(std::memory_order_seq_cst);
    }
    ~Reader() { owner_.readers_.fetch_sub(1, std::memory_order_release); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    const Table* get() const { return table_; }

   private:
    const PublishedTable& owner_;
    const Table* table_;
  };

  // The rest by the one thread that adds.
  Table* current() const { return owned_.get(); }

  void publish(std::unique_ptr<Table> table) {
    current_.store(table.get(), std::memory_order_seq_cst);
    if (owned_) {
      retired_.push_back(std::move(owned_));
    }
    owned_ = std::move(table);
    free_retired();
  }

  // Who begins to read after this sees no reader gets the current table: sequential consistency
  // orders its announcement after our test, hence its load after our store.
  void free_retired() {
    if (!retired_.empty() && readers_.load(std::memory_order_seq_cst) == 0) {
      retired_.clear();
    }
  }

 private:
  std::atomic<const Table*> current_ = nullptr;
  mutable std::atomic<std::uint64_t> readers_ = 0;
  std::unique_ptr<Table> owned_;
  std::vector<std::unique_ptr<Table>> retired_;
};

}  // namespace stave
