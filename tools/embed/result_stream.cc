// See result_stream.h.
#include "tools/embed/result_stream.h"

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "query/running/result_view.h"
#include "storage/guarded.h"
#include "tools/embed/arrow_array.h"
#include "tools/embed/arrow_schema.h"
#include "tools/output/result_rows.h"

namespace stave::embed {
namespace {

constexpr std::size_t kWaitingBatches = 4;

int errno_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kCancelled:
      return ECANCELED;
    case ErrorCode::kOutOfMemory:
      return ENOMEM;
    case ErrorCode::kNoSpace:
      return ENOSPC;
    case ErrorCode::kUnsupported:
      return ENOSYS;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kInvalidProgram:
    case ErrorCode::kOverflow:
    case ErrorCode::kEvaluation:
      return EINVAL;
    default:
      return EIO;
  }
}

class RunningStream : public ResultSink {
 public:
  explicit RunningStream(StopFlag stop) : stop_(std::move(stop)) {}
  ~RunningStream() override {
    *stop_ = true;
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  RunningStream(const RunningStream&) = delete;
  RunningStream& operator=(const RunningStream&) = delete;

  Result<void> start(Run run, RunNotes& notes) {
    thread_ = std::jthread([this, run = std::move(run)] { finish(run_guarded(run)); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return has_begun_ || outcome_; });
    if (has_begun_) return {};
    notes = notes_;
    return *outcome_ ? fail(ErrorCode::kInvalidProgram, "The program has no result.") : *outcome_;
  }

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    std::vector<Field> fields;
    fields.reserve(columns.size());
    for (const ResultColumn& column : columns) fields.push_back({column.name, column.type});
    {
      const std::lock_guard lock(mutex_);
      if (has_begun_) {
        return fail(ErrorCode::kUnsupported,
                    "A stream holds one result, and this program has several. Run its pipelines "
                    "one by one.");
      }
      fields_ = std::move(fields);
      rows_.emplace(columns);
      has_begun_ = true;
    }
    changed_.notify_all();
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    if (batch.rows() == 0) return {};
    const auto* view = dynamic_cast<const BatchView*>(&batch);
    auto array = make_array(view ? view->batch() : rows_->of(batch), fields_);
    if (!array) return pass(std::move(array));
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_closed_ || waiting_.size() < kWaitingBatches; });
    if (is_closed_) {
      return fail(ErrorCode::kCancelled, "The stream was released before its end.");
    }
    waiting_.push_back(*std::move(array));
    lock.unlock();
    changed_.notify_all();
    return {};
  }

  Result<void> end() override { return {}; }

  // Of the reader.
  int get_schema(ArrowSchema& out) {
    return noted(guarded("a schema was made", [&]() -> Result<void> {
      out = make_schema(fields_).take();
      return {};
    }));
  }

  int get_next(ArrowArray& out) {
    out = ArrowArray{};
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return outcome_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      lock.unlock();
      return noted(*outcome_);
    }
    out = waiting_.front().take();
    waiting_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return 0;
  }

  const std::optional<Error>& last_error() const { return last_error_; }
  std::string warnings() {
    const std::lock_guard lock(mutex_);
    std::string text;
    if (!outcome_) return text;
    for (const std::string& warning : notes_.warnings) text += warning + "\n";
    return text;
  }
  const char* keep(std::string text) {
    kept_ = std::move(text);
    return kept_.c_str();
  }

 private:
  Result<void> run_guarded(const Run& run) {
    return guarded("a program ran", [&] { return run(*this, notes_); });
  }
  void finish(Result<void> outcome) {
    {
      const std::lock_guard lock(mutex_);
      outcome_ = std::move(outcome);
    }
    changed_.notify_all();
  }
  int noted(const Result<void>& outcome) {
    if (outcome) return 0;
    last_error_ = outcome.error();
    return errno_of(outcome.error().code);
  }

  const StopFlag stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_begun_ = false;
  bool is_closed_ = false;
  std::optional<Result<void>> outcome_;  // once the run is over
  std::deque<OwnedArray> waiting_;
  std::vector<Field> fields_;        // do not change once the run has begun
  std::optional<ResultRows> rows_;   // of the run's thread
  RunNotes notes_;                   // of the run's thread until it is over
  std::optional<Error> last_error_;  // of the reader's, like the next
  std::string kept_;
  std::jthread thread_;
};

RunningStream& own(const ArrowArrayStream& stream) {
  return *static_cast<RunningStream*>(stream.private_data);
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return own(*stream).get_schema(*out);
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  try {
    return own(*stream).get_next(*out);
  } catch (...) {  // there was no memory for the error
    return ENOMEM;
  }
}

const char* get_last_error(ArrowArrayStream* stream) {
  const auto& error = own(*stream).last_error();
  return error ? error->message.c_str() : nullptr;
}

void release_stream(ArrowArrayStream* stream) {
  const std::unique_ptr<RunningStream> running(&own(*stream));
  stream->release = nullptr;
  stream->private_data = nullptr;
}

}  // namespace

Result<void> start_stream(Run run, StopFlag stop, ArrowArrayStream& out, RunNotes& notes) {
  auto running = std::make_unique<RunningStream>(std::move(stop));
  if (auto started = running->start(std::move(run), notes); !started) return started;
  out.get_schema = get_schema;
  out.get_next = get_next;
  out.get_last_error = get_last_error;
  out.release = release_stream;
  out.private_data = running.release();
  return {};
}

bool is_own_stream(const ArrowArrayStream* stream) {
  return stream != nullptr && stream->release == release_stream;
}

const Error* last_error(const ArrowArrayStream& stream) {
  const auto& error = own(stream).last_error();
  return error ? &*error : nullptr;
}

std::string warnings_text(const ArrowArrayStream& stream) {
  return own(stream).warnings();
}

const char* keep_text(ArrowArrayStream& stream, std::string text) {
  return own(stream).keep(std::move(text));
}

}  // namespace stave::embed
