// CSV and TSV. The rows of a large batch are written as text by all threads, a part each time; the
// texts go to the sink in order, those of one batch while the next batch's are made.
#include "tools/output/delimited_output.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/runtime/thread_pool.h"
#include "storage/guarded.h"
#include "tools/output/delimited_column.h"
#include "tools/output/growing_text.h"

namespace stave {
namespace {

class DelimitedOutput : public Output {
 public:
  DelimitedOutput(const OutputOptions& options, char separator, TextSink write)
      : separator_(separator),
        has_header_(options.header),
        threads_(options.threads > 0
                     ? options.threads
                     : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
        write_(std::move(write)),
        pool_(threads_) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    GrowingText& out = made_.last();
    if (results_++ > 0) out.append('\n');
    types_.clear();
    for (const ResultColumn& column : columns) {
      if (has_header_ && !types_.empty()) out.append(separator_);
      if (has_header_) append_delimited(column.name, separator_, out);
      types_.push_back(column.type);
    }
    if (has_header_) out.append('\n');
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    auto written = guarded(kDoing, [&]() -> Result<void> {
      if (threads_ > 1 && batch.rows() >= 2 * kRowsOfPart) return by_all_threads(batch);
      std::vector<DelimitedColumn> columns = columns_of(batch);
      append_rows(columns, 0, batch.rows(), made_.last());
      return made_.last().text().size() < kPieceBytes ? Result<void>{} : hand_on(made_);
    });
    if (!written) made_.used = 0;  // some of its parts may be missing
    return written;
  }

  Result<void> end() override { return hand_on(made_); }
  // What came before a fault is handed on too.
  Result<void> finish() override { return hand_on(made_); }

 private:
  static constexpr std::uint32_t kRowsOfPart = 2048;
  static constexpr std::size_t kPieceBytes = std::size_t{1} << 18;
  static constexpr const char* kDoing = "rows were written";

  // Texts in the order of their rows; their memory is kept for the next ones.
  struct Texts {
    std::vector<GrowingText> parts;
    std::size_t used = 0;

    GrowingText& last() {
      if (used == 0) resize(1);
      return parts[used - 1];
    }
    void resize(std::size_t size) {
      if (parts.size() < size) parts.resize(size);
      for (std::size_t part = used; part < size; ++part) parts[part].clear();
      used = size;
    }
  };

  Result<void> by_all_threads(const ResultBatch& batch) {
    std::swap(made_, handing_on_);
    const std::uint32_t parts = (batch.rows() + kRowsOfPart - 1) / kRowsOfPart;
    made_.used = 0;
    made_.resize(parts);
    std::atomic<std::uint32_t> next = 0;
    std::vector<Result<void>> done(static_cast<std::size_t>(threads_));
    const std::function<void(int)> work = [&](int worker) {
      done[static_cast<std::size_t>(worker)] = guarded(kDoing, [&]() -> Result<void> {
        if (worker == 0) {
          if (auto handed = hand_on(handing_on_); !handed) return handed;
        }
        std::vector<DelimitedColumn> columns = columns_of(batch);
        for (std::uint32_t part = next++; part < parts; part = next++) {
          const std::uint32_t first = part * kRowsOfPart;
          append_rows(columns, first, std::min(first + kRowsOfPart, batch.rows()),
                      made_.parts[part]);
        }
        return {};
      });
    };
    try {
      pool_.run(threads_, work);
    } catch (const std::system_error&) {
      work(0);  // no thread to be had
    }
    for (const Result<void>& result : done) {
      if (!result) return result;
    }
    return {};
  }

  std::vector<DelimitedColumn> columns_of(const ResultBatch& batch) const {
    std::vector<DelimitedColumn> columns;
    columns.reserve(types_.size());
    for (std::size_t column = 0; column < types_.size(); ++column) {
      columns.emplace_back(batch, column, types_[column], separator_);
    }
    return columns;
  }

  void append_rows(std::vector<DelimitedColumn>& columns, std::uint32_t first, std::uint32_t end,
                   GrowingText& out) const {
    for (std::uint32_t taken = first; taken < end; taken += DelimitedColumn::kMostRows) {
      const std::uint32_t taken_end = std::min(taken + DelimitedColumn::kMostRows, end);
      for (DelimitedColumn& column : columns) column.take(taken, taken_end - taken);
      for (std::uint32_t row = taken; row < taken_end; ++row) {
        for (std::size_t column = 0; column < columns.size(); ++column) {
          if (column > 0) out.append(separator_);
          columns[column].append(row, out);
        }
        out.append('\n');
      }
    }
  }

  Result<void> hand_on(Texts& texts) {
    const std::size_t used = std::exchange(texts.used, 0);
    for (std::size_t part = 0; part < used; ++part) {
      const std::string_view text = texts.parts[part].text();
      if (text.empty()) continue;
      if (auto written = write_(text); !written) return written;
    }
    return {};
  }

  char separator_;
  bool has_header_;
  int threads_;
  TextSink write_;
  ThreadPool pool_;
  std::vector<Type> types_;
  Texts made_;
  Texts handing_on_;  // of the batch before; empty but while a batch's texts are made
  int results_ = 0;
};

}  // namespace

std::unique_ptr<Output> make_delimited_output(const OutputOptions& options, char separator,
                                              TextSink write) {
  return std::make_unique<DelimitedOutput>(options, separator, std::move(write));
}

}  // namespace stave
