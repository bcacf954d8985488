// Each worker carries one chunk at a time through all stages. Two of them are serial, by turns in
// chunk order: cutting and resolving; everything long lies before and between them.
#include "tools/import/load_pipeline.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include "storage/guarded.h"
#include "storage/transaction.h"
#include "tools/import/deal_rows.h"
#include "tools/import/key_resolver.h"
#include "tools/import/parallel.h"
#include "tools/import/row_count_line.h"
#include "tools/import/turns.h"

namespace stave::loading {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kProgressInterval = std::chrono::milliseconds(200);
// With a fixed tolerance, this far beyond it more rejects would tell nothing new.
constexpr std::uint64_t kRejectsBeyondTolerance = 10'000;

class Pipeline {
 public:
  Pipeline(Load& load, ChunkReader& reader) : load_(load), reader_(reader) {}

  Result<void> run() {
    Result<void> ran = run_parallel(static_cast<std::size_t>(load_.threads), load_.threads,
                                    [this](std::size_t) { return work(); });
    if (error_) return Failure(*error_);
    if (!ran) return ran;
    report_progress(reader_.bytes_read(), true);
    return load_.pieces.sort();
  }

 private:
  // Keeps the error that came first and wakes everybody who waits for a turn.
  void stop(Error error) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!error_) error_ = std::move(error);
    }
    cutting_.stop();
    resolving_.stop();
  }

  Result<void> work() {
    Result<void> done = guarded("rows were imported", [&] { return carry_chunks(); });
    if (!done) stop(std::move(done.error()));
    return {};
  }

  Result<void> carry_chunks() {
    CellParser parser(load_.values);
    RowDealer dealer;
    Chunk chunk;
    ParsedChunk parsed;
    while (true) {
      if (load_.cancelled()) return cancelled_failure();
      reader_.claim(chunk);
      reader_.read_ahead(chunk);
      parser.convert_ahead(chunk);
      if (!cutting_.wait_for(chunk.number)) break;
      Result<bool> got = reader_.next(chunk);
      if (!got) return pass(got);
      if (*got) {
        if (Result<void> opened = open_domains(*chunk.plan); !opened) return opened;
      }
      cutting_.pass();
      if (!*got) break;
      parser.parse(chunk, load_.domains, parsed);
      if (!resolving_.wait_for(chunk.number)) break;
      if (Result<void> done = resolve(chunk, parser, parsed); !done) return done;
      resolving_.pass();
      if (Result<void> dealt = dealer.deal(chunk, parser.values(), parsed, load_); !dealt) {
        return dealt;
      }
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    dealer.merge_guesses(load_);
    return {};
  }

  // Of the coded columns that a file brings: those of others are none of the load's business. In
  // the turn of cutting, so that whoever parses a later chunk of the file finds them.
  Result<void> open_domains(const FilePlan& plan) {
    for (std::size_t i = 0; i < plan.schema_columns; ++i) {
      DomainWriter*& domain = load_.domains.by_column[i];
      if (domain != nullptr || !plan.has_column[i] || !plan.columns[i].is_coded()) continue;
      Result<DomainWriter*> opened = load_.transaction.domain(plan.columns[i].domain);
      if (!opened) return pass(opened);
      domain = *opened;
    }
    return {};
  }

  // What must happen in chunk order; only one worker is here at a time.
  Result<void> resolve(const Chunk& chunk, CellParser& parser, ParsedChunk& parsed) {
    if (Result<void> keys = resolve_keys(*chunk.plan, parser, load_.domains, parsed); !keys) {
      return keys;
    }
    load_.new_columns.resize(std::max(load_.new_columns.size(), chunk.plan->columns.size()));
    for (std::size_t i = chunk.plan->schema_columns; i < chunk.plan->columns.size(); ++i) {
      if (load_.new_columns[i] == nullptr) load_.new_columns[i] = std::make_unique<NewColumn>();
      if (!chunk.plan->has_column[i]) continue;
      NewColumn& column = *load_.new_columns[i];
      // First: a list of texts may be longer than one of numbers.
      if (load_.options.values.as_text && !load_.table.is_new_time(i)) {
        column.declare(kStringType);
      } else if (const auto type = chunk.plan->declared_type(i)) {
        column.declare(*type);
      }
      column.list_values(i, parser.values(), parsed);
    }
    if (chunk.starts_file) {
      lines_ = chunk.lines_before;
      rows_of_result_ = 0;
      counted_empty_rows_ = 0;
    }
    note_passed_over(chunk, parsed);
    if (Result<void> added = load_.rejects.add(chunk, parsed.rejects, lines_); !added) return added;
    if (Result<void> kept = load_.corrections.add(chunk, parsed.rejects); !kept) return kept;
    lines_ += parsed.line_ends;
    for (const std::uint8_t rejected : parsed.rejected) load_.rows += rejected == 0 ? 1 : 0;
    if (!load_.options.max_rejects_percent &&
        load_.rejects.count() > load_.options.max_rejects + kRejectsBeyondTolerance) {
      return fail(ErrorCode::kTooManyRejects, "");
    }
    report_progress(chunk.input_bytes, false);
    return {};
  }

  // Takes lines that count the rows before them out of the rejects, where they count right: since
  // the beginning of the file, or the last such line.
  void note_passed_over(const Chunk& chunk, ParsedChunk& parsed) {
    const std::size_t file = chunk.plan->file;
    load_.passed_over.resize(std::max(load_.passed_over.size(), file + 1));
    PassedOver& passed = load_.passed_over[file];
    passed.header_echoes += parsed.frame.header_echoes();
    const std::uint64_t empty_rows_of_file = passed.empty_rows;  // before the chunk
    passed.empty_rows += parsed.frame.empty_rows();
    if (chunk.plan->json != JsonLayout::kNone) return;
    std::uint64_t taken = 0;  // rows of the chunk that belong to results before
    std::uint64_t bad = 0;
    std::erase_if(parsed.rejects, [&](const Reject& reject) {
      if (reject.framed) return false;
      const std::uint64_t before = rows_of_result_ + reject.row + bad - taken;
      const Span bytes = reject.bytes;
      const auto said = row_count_in({chunk.text() + bytes.begin, bytes.end - bytes.begin});
      // Rows of nulls alone were rows to the program.
      const std::uint64_t empty_rows = empty_rows_of_file + reject.empty_rows_before;
      if (said != before && said != before + empty_rows - counted_empty_rows_) {
        ++bad;
        return false;
      }
      taken = reject.row + bad;
      rows_of_result_ = 0;
      counted_empty_rows_ = empty_rows;
      ++passed.row_counts;
      return true;
    });
    rows_of_result_ += parsed.frame.rows() + bad - taken;
  }

  void report_progress(std::uint64_t bytes, bool at_end) {
    if (!load_.options.on_progress) return;
    const Clock::time_point now = Clock::now();
    if (!at_end && now - last_progress_ < kProgressInterval) return;
    last_progress_ = now;
    load_.options.on_progress({bytes, reader_.bytes_total(), load_.rows, load_.rejects.count()});
  }

  Load& load_;
  ChunkReader& reader_;
  Turns cutting_;
  Turns resolving_;
  std::mutex mutex_;
  std::optional<Error> error_;
  std::uint64_t lines_ = 0;
  std::uint64_t rows_of_result_ = 0;      // of the file, behind the last line that counts rows
  std::uint64_t counted_empty_rows_ = 0;  // of the file, before that line
  Clock::time_point last_progress_ = Clock::now();
};

}  // namespace

Result<void> run_pipeline(Load& load, ChunkReader& reader) {
  return Pipeline(load, reader).run();
}

}  // namespace stave::loading
