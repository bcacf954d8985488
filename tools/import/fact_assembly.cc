// Paths and ids are given out before threads start, so that names do not depend on them. Several
// segments are written at once, one thread each; where there are fewer segments than threads, the
// columns of one segment are.
#include "tools/import/fact_assembly.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "storage/code_filter.h"
#include "storage/codec/block_memory.h"
#include "tools/import/clustering.h"
#include "tools/import/parallel.h"
#include "tools/import/predictor_choice.h"
#include "tools/import/segment_order.h"
#include "tools/import/segment_packs.h"
#include "tools/import/segment_task.h"

namespace stave::loading {

namespace {

// A load of more rows saves time at choosing codecs.
constexpr std::uint64_t kMostCarefulRows = 4'000'000;

bool holds_values(const SegmentTask& task, std::size_t column) {
  return std::ranges::any_of(task.pieces,
                             [column](const Piece* piece) { return piece->holds_values(column); });
}

// One worker's room, reused from segment to segment.
class SegmentWriter {
 public:
  SegmentWriter(Load& load, const std::vector<ColumnConversion>& conversions,
                const Clustering& clustering, const std::vector<ColumnPrediction>& predictions,
                const std::vector<EncodeOptions>& options)
      : load_(load),
        conversions_(conversions),
        clustering_(clustering),
        predictions_(predictions),
        options_(options),
        values_(load.values) {}

  // Finds the places of the rows, and the runs.
  Result<std::vector<std::uint32_t>> order(SegmentTask& task) {
    Result<std::span<const std::uint64_t>> times = read_times(task);
    if (!times) return pass(times);
    std::span<std::uint32_t> clusters;
    if (clustering_.column >= 0) {
      // Codes, which leave the times where they are.
      Result<void> loaded =
          load_column(task, static_cast<std::size_t>(clustering_.column), {}, buffer_);
      if (!loaded) return pass(loaded);
      clusters = std::span(buffer_.codes).first(task.state.rows);
      clustering_.look_up(clusters);
    }
    SegmentOrder order =
        order_segment(static_cast<std::uint32_t>(task.state.rows), *times, clusters);
    task.state.runs = std::move(order.runs);
    return std::move(order.places);
  }

  // `memory`: of the column's files before; gets what this one adds where `learns`.
  Result<void> write_column(SegmentTask& task, std::size_t column,
                            std::span<const std::uint32_t> places, BlockMemory& memory,
                            bool learns) {
    if (load_.cancelled()) return cancelled_failure();
    if (!holds_values(task, column)) return {};
    ColumnBuffer& buffer = is_key(column) ? keys_ : buffer_;
    Result<void> loaded = is_key(column) ? load_keys(task, column, places)
                                         : load_column(task, column, places, buffer);
    if (!loaded) return loaded;
    if (!buffer.any_value()) return {};
    const ColumnPrediction& prediction = predictions_[column];
    if (prediction.values != nullptr) {
      if (loaded = load_keys(task, prediction.key, places); !loaded) return loaded;
    }
    ColumnFileWriter writer =
        task.is_packed()
            ? ColumnFileWriter(load_.table.column(column).name, buffer.physical(), options_[column])
            : ColumnFileWriter(load_.transaction.files(), task.paths[column], buffer.physical(),
                               options_[column]);
    writer.begin_like(memory);
    Result<void> written =
        prediction.place == 0
            ? buffer.write(writer)
            : buffer.write(writer, [&](std::size_t begin, const ColumnValues& values) {
                return predict(prediction, task.state, begin, values);
              });
    if (!written) return written;
    Result<FileReference> file = writer.finish();
    if (!file) return pass(file);
    if (learns) memory = writer.memory();
    if (task.is_packed()) task.files[column] = writer.take_bytes();
    task.state.columns[column] = std::move(*file);
    task.state.predictors[column] = prediction.place;
    return {};
  }

 private:
  // Of rows [begin, ...) of the segment.
  Prediction predict(const ColumnPrediction& prediction, const SegmentState& segment,
                     std::size_t begin, const ColumnValues& values) {
    arena_.reset();
    if (prediction.ranks != nullptr) {
      return predict_ranks(*prediction.ranks, segment.runs, static_cast<std::uint32_t>(begin),
                           values.codes, arena_);
    }
    const auto keys = keys_.codes_between(begin, values.rows);
    return predict_values(*prediction.values, values.physical, keys, arena_);
  }

  bool is_key(std::size_t column) const {
    return std::ranges::any_of(predictions_, [column](const ColumnPrediction& prediction) {
      return prediction.values != nullptr && prediction.key == column;
    });
  }

  // Once for the column itself and what is predicted from it, where these follow each other.
  Result<void> load_keys(const SegmentTask& task, std::size_t column,
                         std::span<const std::uint32_t> places) {
    const std::pair wanted{task.state.id, column};
    if (keys_of_ == wanted) return {};
    keys_of_.reset();
    if (Result<void> loaded = load_column(task, column, places, keys_); !loaded) return loaded;
    keys_of_ = wanted;
    return {};
  }

  Result<void> load_column(const SegmentTask& task, std::size_t column,
                           std::span<const std::uint32_t> places, ColumnBuffer& buffer) {
    buffer.start(conversions_[column].physical, task.state.rows, places);
    if (!places.empty()) {
      if (const auto frame = narrow_frame(task, column)) buffer.hold_narrow(*frame);
    }
    for (const Piece* piece : task.pieces) {
      Result<std::string_view> bytes = load_.pieces.column_bytes(*piece, column, room_);
      if (!bytes) return pass(bytes);
      buffer.append(*piece, *bytes, !piece->is_spilled(), conversions_[column], values_);
    }
    return {};
  }

  // How all values of an integer column can be held in few bytes; codes of four bytes are that as
  // they are.
  std::optional<IntegerFrame> narrow_frame(const SegmentTask& task, std::size_t column) {
    const Physical physical = conversions_[column].physical;
    const bool is_code = physical == Physical::kCode;
    if (!conversions_[column].as_is || (!is_code && physical != Physical::kInt64)) return {};
    IntegerFrame frame;
    for (const Piece* piece : task.pieces) {
      if (piece->is_spilled() || !piece->holds_values(column)) return {};
      const Result<std::string_view> bytes = load_.pieces.column_bytes(*piece, column, room_);
      if (!bytes || !frame.include(PieceIntegers(piece->rows, *bytes))) return {};
    }
    constexpr std::uint64_t kMostNarrowCode = 0xFFFF;
    if (is_code && frame.most() > kMostNarrowCode) return {};
    return frame;
  }

  // Times counted from the segment's first, in the widest unit that keeps them exact; none where
  // rows have no time. They take the place of those that were loaded.
  Result<std::span<const std::uint64_t>> read_times(const SegmentTask& task) {
    const TableSchema& schema = load_.table.schema();
    const int column = schema.find_column(schema.time_column);
    if (column < 0 || task.state.day == kNoDay) return std::span<const std::uint64_t>();
    if (Result<void> loaded = load_column(task, static_cast<std::size_t>(column), {}, buffer_);
        !loaded) {
      return pass(loaded);
    }
    const std::span<std::int64_t> loaded = std::span(buffer_.int64s).first(task.state.rows);
    const auto first = static_cast<std::uint64_t>(*std::ranges::min_element(loaded));
    // Unsigned they may lie in the same memory.
    const std::span times(reinterpret_cast<std::uint64_t*>(loaded.data()), loaded.size());
    bool whole_seconds = true;
    for (std::uint64_t& time : times) {
      time -= first;
      whole_seconds = whole_seconds && time % kMicrosPerSecond == 0;
    }
    for (std::uint64_t& time : times) {
      if (whole_seconds) time /= kMicrosPerSecond;
    }
    return times;
  }

  Load& load_;
  const std::vector<ColumnConversion>& conversions_;
  const Clustering& clustering_;
  const std::vector<ColumnPrediction>& predictions_;
  const std::vector<EncodeOptions>& options_;  // by column
  ValueParser values_;
  ColumnBuffer buffer_;
  ColumnBuffer keys_;  // that the column in `buffer_` is predicted from
  std::optional<std::pair<std::uint64_t, std::size_t>> keys_of_;  // segment and column of these
  Arena arena_;
  std::string room_;
};

// How each column of these segments is written, where they have any of it.
Result<std::vector<EncodeOptions>> encode_options(Load& load,
                                                  const std::vector<SegmentTask>& tasks) {
  const TableSchema& schema = load.table.schema();
  const std::uint64_t rows =
      load.transaction.manifest().find_table(schema.name)->rows + rows_of(tasks);
  std::vector<EncodeOptions> options(schema.columns.size());
  for (std::size_t column = 0; column < schema.columns.size(); ++column) {
    const bool is_brought = std::ranges::any_of(
        tasks, [column](const SegmentTask& task) { return holds_values(task, column); });
    if (!schema.columns[column].is_coded() || !is_brought) continue;
    const Result<DomainWriter*> domain = load.transaction.domain(schema.columns[column].domain);
    if (!domain) return pass(domain);
    options[column].code_filter = pays_for_code_filter((*domain)->size(), rows);
  }
  return options;
}

}  // namespace

Result<void> assemble_facts(Load& load, const std::vector<ColumnConversion>& conversions) {
  Result<Clustering> clustering = find_clustering(load);
  if (!clustering) return pass(clustering);
  Result<std::vector<ColumnPrediction>> predictions =
      choose_predictors(load, conversions, *clustering);
  if (!predictions) return pass(predictions);
  std::vector<SegmentTask> tasks = plan_segments(load, conversions.size());
  const auto options = encode_options(load, tasks);
  if (!options) return pass(options);
  SegmentPacks packs(load, conversions.size(), tasks);
  const auto threads = static_cast<std::size_t>(load.threads);
  const bool whole_segments = tasks.size() >= threads;
  std::mutex mutex;
  std::vector<std::unique_ptr<SegmentWriter>> idle;
  const auto with_writer = [&](auto work) -> Result<void> {
    std::unique_ptr<SegmentWriter> writer;
    {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!idle.empty()) {
        writer = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (writer == nullptr) {
      writer =
          std::make_unique<SegmentWriter>(load, conversions, *clustering, *predictions, *options);
    }
    Result<void> done = work(*writer);
    const std::lock_guard<std::mutex> lock(mutex);
    idle.push_back(std::move(writer));
    return done;
  };
  // The first segment chooses codecs for all, so that they do not depend on threads.
  std::vector<BlockMemory> memories(conversions.size());
  if (rows_of(tasks) > kMostCarefulRows) {
    for (BlockMemory& memory : memories) memory.hurry();
  }
  const auto write_segment = [&](SegmentTask& task, int inner_threads) -> Result<void> {
    const bool learns = &task == &tasks.front();
    std::vector<std::uint32_t> places;
    Result<void> ordered = with_writer([&](SegmentWriter& writer) -> Result<void> {
      Result<std::vector<std::uint32_t>> found = writer.order(task);
      if (!found) return pass(found);
      places = *std::move(found);
      return {};
    });
    if (!ordered) return ordered;
    Result<void> written = run_parallel(conversions.size(), inner_threads, [&](std::size_t column) {
      return with_writer([&](SegmentWriter& writer) {
        return writer.write_column(task, column, places, memories[column], learns);
      });
    });
    if (!written) return written;
    for (const Piece* piece : task.pieces) load.pieces.release(*piece);
    return packs.finish(task);
  };
  if (!tasks.empty()) {
    if (Result<void> written = write_segment(tasks.front(), load.threads); !written) {
      return written;
    }
  }
  // Several segments at once, one thread each; where there are fewer than threads, one after
  // another.
  const int inner_threads = whole_segments ? 1 : load.threads;
  Result<void> written = run_parallel(
      tasks.empty() ? 0 : tasks.size() - 1, whole_segments ? load.threads : 1,
      [&](std::size_t index) { return write_segment(tasks[index + 1], inner_threads); });
  if (!written) return written;
  Manifest& manifest = load.transaction.manifest();
  const auto table =
      std::find_if(manifest.tables.begin(), manifest.tables.end(),
                   [&](const TableState& state) { return state.name == load.table.schema().name; });
  for (SegmentTask& task : tasks) {
    table->rows += task.state.rows;
    table->segments.push_back(std::move(task.state));
  }
  std::sort(table->segments.begin(), table->segments.end(),
            [](const SegmentState& left, const SegmentState& right) {
              return std::pair(left.day, left.id) < std::pair(right.day, right.id);
            });
  return {};
}

}  // namespace stave::loading
