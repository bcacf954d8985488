// Column by column, so that memory is bounded by one column of a day.
#include "storage/segment_rewriter.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "storage/code_filter.h"
#include "storage/pack_writer.h"
#include "storage/type_text.h"

namespace stave {

Result<void> SegmentRewriter::append(const SegmentState& segment,
                                     const Result<std::unique_ptr<ColumnFileReader>>& reader,
                                     ColumnRows& rows) const {
  if (!reader &&
      (unreadable_ == Unreadable::kFails || reader.error().code != ErrorCode::kDamaged)) {
    return pass(reader);
  }
  if (!reader) {
    rows.append_nulls(segment.rows);
    return {};
  }
  if (unreadable_ == Unreadable::kFails) {
    return rows.append(**reader, segment.rows);
  }
  DecodedBlock block;
  const std::uint32_t end = rows.rows() + segment.rows;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
    const auto read = (*reader)->read_block(i, block);
    if (read) {
      rows.append(block);
    } else if (read.error().code == ErrorCode::kDamaged) {
      rows.append_nulls((*reader)->blocks()[i].rows);
    } else {
      return pass(read);
    }
  }
  rows.append_nulls(end - std::min(end, rows.rows()));
  return {};
}

Result<ColumnRows> SegmentRewriter::read(std::span<const SegmentState* const> segments,
                                         std::size_t column) const {
  ColumnRows rows(physical_of(schema_.columns[column]));
  for (const SegmentState* segment : segments) {
    if (column >= segment->columns.size() || !segment->columns[column].exists()) {
      rows.append_nulls(segment->rows);
      continue;
    }
    const auto reader = snapshot_.open_column(table_, *segment, column);
    if (auto appended = append(*segment, reader, rows); !appended) {
      return pass(appended);
    }
  }
  return rows;
}

Result<FileReference> SegmentRewriter::write_column(const ColumnRows& rows,
                                                    std::span<const std::uint32_t> order,
                                                    std::int32_t day, const std::string& name,
                                                    Physical physical,
                                                    const ColumnRows::Predict& predict,
                                                    EncodeOptions options) const {
  const std::string folder = schema_.name + "/" + (day == kNoDay ? "no-day" : date_text(day));
  const auto writer = transaction_.column_writer(folder, name, physical, options);
  if (auto written = rows.write(order, *writer, predict); !written) {
    return pass(written);
  }
  return writer->finish();
}

EncodeOptions SegmentRewriter::options_of(std::size_t column) const {
  const ColumnSchema& schema = schema_.columns[column];
  const DomainState* domain =
      schema.is_coded() ? snapshot_.manifest().find_domain(schema.domain) : nullptr;
  EncodeOptions options;
  options.code_filter = domain != nullptr && pays_for_code_filter(domain->size, table_.rows);
  return options;
}

Result<void> SegmentRewriter::write_to(SegmentState& to, std::size_t column, const ColumnRows& rows,
                                       std::span<const std::uint32_t> order,
                                       const ColumnRows::Predict& predict) {
  const bool is_loads = column == to.columns.size();
  const std::string name = is_loads ? "load" : schema_.columns[column].name;
  const Physical physical = is_loads ? Physical::kCode : physical_of(schema_.columns[column]);
  const EncodeOptions options = is_loads ? EncodeOptions() : options_of(column);
  FileReference& written = is_loads ? to.load_of_row : to.columns[column];
  if (!is_packing_) {
    auto file = write_column(rows, order, to.day, name, physical, predict, options);
    if (!file) {
      return pass(file);
    }
    written = *std::move(file);
    return {};
  }
  ColumnFileWriter writer(name, physical, options);
  if (auto done = rows.write(order, writer, predict); !done) {
    return done;
  }
  auto file = writer.finish();
  if (!file) {
    return pass(file);
  }
  written = *std::move(file);
  files_[column] = writer.take_bytes();
  return {};
}

Result<void> SegmentRewriter::write_loads(std::span<const SegmentState* const> segments,
                                          std::span<const std::uint32_t> order, SegmentState& to) {
  // The load of each row; then only those that still have rows are listed.
  std::vector<std::uint64_t> load_of_row;
  for (const SegmentState* segment : segments) {
    if (segment->loads.size() == 1) {
      load_of_row.insert(load_of_row.end(), segment->rows, segment->loads.front());
      continue;
    }
    const auto codes = read_loads(*segment);
    if (!codes) {
      return pass(codes);
    }
    for (const std::uint32_t code : *codes) {
      const bool is_known = code >= 1 && code <= segment->loads.size();
      load_of_row.push_back(is_known ? segment->loads[code - 1] : kUnknownLoad);
    }
  }
  std::map<std::uint64_t, std::uint32_t> numbers;
  for (const std::uint32_t row : order) {
    numbers.emplace(load_of_row[row], 0);
  }
  for (auto& [load, number] : numbers) {
    to.loads.push_back(load);
    number = static_cast<std::uint32_t>(to.loads.size());
  }
  if (numbers.size() == 1) {
    return {};
  }
  DecodedBlock block;
  block.physical = Physical::kCode;
  block.rows = static_cast<std::uint32_t>(order.size());
  for (const std::uint32_t row : order) {
    block.codes.push_back(numbers[load_of_row[row]]);
  }
  ColumnRows rows(Physical::kCode);
  rows.append(block);
  std::vector<std::uint32_t> as_is(order.size());
  std::iota(as_is.begin(), as_is.end(), 0U);
  return write_to(to, to.columns.size(), rows, as_is);
}

Result<std::vector<std::uint32_t>> SegmentRewriter::read_loads(const SegmentState& segment) const {
  ColumnRows rows(Physical::kCode);
  const auto reader = snapshot_.open_column(segment.load_of_row, Physical::kCode);
  if (auto appended = append(segment, reader, rows); !appended) {
    return pass(appended);
  }
  return rows.codes();
}

Result<void> SegmentRewriter::write_predicted(std::span<const SegmentState* const> segments,
                                              std::span<const std::uint32_t> order,
                                              std::size_t column, std::uint32_t place,
                                              const ColumnRows& rows, SegmentState& to) {
  const ColumnSchema& schema = schema_.columns[column];
  const PredictorState& state = table_.predictors[place - 1];
  auto predictor = predictors_.load(snapshot_.files(), state, physical_of(schema));
  if (!predictor) {
    return pass(predictor);
  }
  const bool is_ranked = state.kind == PredictorKind::kRank;
  auto keys =
      is_ranked ? Result<ColumnRows>(ColumnRows(Physical::kCode)) : read(segments, state.key);
  if (!keys) {
    return pass(keys);
  }
  if (is_ranked && !ranks_.contains(place)) {
    // All lists are read here, so that none of them can fail later.
    const auto count = static_cast<std::uint32_t>((*predictor)->codes());
    if (const auto codes = (*predictor)->codes_of({0, 0, count}); !codes) {
      return pass(codes);
    }
    ranks_.emplace(place, std::make_unique<const RankIndex>(*predictor));
  }
  Arena arena;
  const auto predict = [&](std::uint32_t first_row, const ColumnValues& values) {
    arena.reset();
    if (is_ranked) {
      return predict_ranks(*ranks_.at(place), to.runs, first_row, values.codes, arena);
    }
    const std::span<std::uint32_t> key_of = arena.take<std::uint32_t>(values.rows);
    for (std::uint32_t i = 0; i < values.rows; ++i) {
      key_of[i] = keys->codes()[order[first_row + i]];
    }
    return predict_values(**predictor, values.physical, key_of, arena);
  };
  to.predictors[column] = place;
  return write_to(to, column, rows, order, predict);
}

Result<void> SegmentRewriter::write_rows(std::span<const SegmentState* const> segments,
                                         std::span<const std::uint32_t> order, std::size_t column,
                                         SegmentState& to) {
  const auto rows = read(segments, column);
  if (!rows) {
    return pass(rows);
  }
  if (!rows->has_values()) {
    return {};
  }
  std::uint32_t place = 0;
  for (const SegmentState* segment : segments) {
    const bool is_predicted =
        column < segment->predictors.size() && segment->predictors[column] != 0;
    place = is_predicted ? segment->predictors[column] : place;
  }
  // Where damage is worked around, the predictor may be what is damaged.
  if (place != 0 && unreadable_ == Unreadable::kFails) {
    return write_predicted(segments, order, column, place, *rows, to);
  }
  return write_to(to, column, *rows, order);
}

Result<SegmentState> SegmentRewriter::write(std::span<const SegmentState* const> segments,
                                            std::span<const std::uint32_t> order,
                                            std::vector<ClusterRun> runs) {
  SegmentState to;
  to.id = segments.front()->id;
  to.day = segments.front()->day;
  to.rows = static_cast<std::uint32_t>(order.size());
  to.runs = std::move(runs);
  std::size_t columns = 0;
  std::uint64_t bytes = 0;
  for (const SegmentState* segment : segments) {
    columns = std::max(columns, segment->columns.size());
    bytes += bytes_of(*segment);
  }
  is_packing_ = packer_ != nullptr && bytes <= kPackedSegmentBytes;
  files_.assign(is_packing_ ? columns + 1 : 0, "");
  to.columns.resize(columns);
  to.predictors.resize(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    if (auto written = write_rows(segments, order, i, to); !written) {
      return pass(written);
    }
  }
  if (auto written = write_loads(segments, order, to); !written) {
    return pass(written);
  }
  if (is_packing_) {
    if (auto taken = packer_->add(to, std::move(files_)); !taken) {
      return pass(taken);
    }
  }
  return to;
}

std::vector<ClusterRun> runs_of_kept(const SegmentState& segment,
                                     std::span<const std::uint32_t> kept) {
  std::vector<ClusterRun> runs;
  std::uint32_t first = 0;
  for (const ClusterRun& run : segment.runs) {
    const auto end = std::ranges::lower_bound(kept, run.first_row + run.rows) - kept.begin();
    const auto rows = static_cast<std::uint32_t>(end) - first;
    if (rows > 0) {
      runs.push_back({run.code, first, rows});
    }
    first += rows;
  }
  return runs;
}

}  // namespace stave
