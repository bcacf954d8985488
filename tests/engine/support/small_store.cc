// A store in memory: see small_store.h.
#include "tests/engine/support/small_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine/make_expression.h"
#include "engine/runtime/value_text.h"
#include "storage/transaction.h"

namespace stave {

namespace {

template <typename T>
T checked(Result<T> result) {
  if (!result) ADD_FAILURE() << result.error().message;
  return std::move(*result);
}
void checked(const Result<void>& result) {
  if (!result) ADD_FAILURE() << result.error().message;
}

ColumnSchema column_schema(const std::string& name, Type type, const std::string& domain = "") {
  ColumnSchema column;
  column.name = name;
  column.type = type;
  column.domain = domain;
  return column;
}

Schema small_schema() {
  TableSchema plays;
  plays.name = "plays";
  plays.columns = {
      column_schema("user_id", kInt64Type, "user"), column_schema("track_id", kStringType, "track"),
      column_schema("listen_time", kTimestampType), column_schema("duration_sec", kInt64Type)};
  plays.time_column = "listen_time";
  plays.cluster_relation = "track";
  plays.cluster_column = "genre";
  plays.relations = {{"track", "track_id", "tracks"}};
  TableSchema tracks;
  tracks.name = "tracks";
  tracks.kind = TableKind::kDimension;
  tracks.key = {"track_id"};
  tracks.columns = {column_schema("track_id", kStringType, "track"),
                    column_schema("genre", kStringType, "genre"),
                    column_schema("duration_ms", kInt64Type)};
  Schema schema;
  schema.name = "small";
  schema.tables = {plays, tracks};
  return schema;
}

FileReference written(Transaction& transaction, const std::string& folder, const std::string& name,
                      const ColumnValues& values, bool code_filter = false) {
  EncodeOptions options;
  options.code_filter = code_filter;
  auto writer = transaction.column_writer(folder, name, values.physical, options);
  checked(writer->append(values));
  return checked(writer->finish());
}

FileReference code_file(Transaction& transaction, const std::string& folder,
                        const std::string& name, const std::vector<std::uint32_t>& codes,
                        bool code_filter = false) {
  ColumnValues values;
  values.physical = Physical::kCode;
  values.rows = static_cast<std::uint32_t>(codes.size());
  values.codes = codes;
  return written(transaction, folder, name, values, code_filter);
}

FileReference number_file(Transaction& transaction, const std::string& folder,
                          const std::string& name,
                          const std::vector<std::optional<std::int64_t>>& numbers) {
  std::vector<std::int64_t> plain;
  std::vector<std::uint64_t> validity((numbers.size() + 63) / 64, 0);
  bool any_null = false;
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    plain.push_back(numbers[row].value_or(0));
    any_null |= !numbers[row];
    if (numbers[row]) validity[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  ColumnValues values;
  values.physical = Physical::kInt64;
  values.rows = static_cast<std::uint32_t>(numbers.size());
  values.int64s = plain;
  if (any_null) values.validity = validity;
  return written(transaction, folder, name, values);
}

std::uint32_t code_in(Transaction& transaction, const std::string& domain,
                      const std::optional<std::string>& value) {
  if (!value) return kNullCode;
  return checked(checked(transaction.domain(domain))->add_string(*value));
}

TableState& table_of(Manifest& manifest, const std::string& name) {
  return *std::find_if(manifest.tables.begin(), manifest.tables.end(),
                       [&](const TableState& table) { return table.name == name; });
}

}  // namespace

SmallStore::SmallStore(const std::string& timezone) : files_(memory_file_system("small")) {
  checked(create_store(*files_, small_schema(), timezone));
}

void SmallStore::add_tracks(const std::vector<SmallTrack>& tracks,
                            const std::vector<std::string>& changed) {
  auto transaction = checked(Transaction::begin(files_));
  for (const SmallTrack& track : tracks) {
    const std::uint32_t code = code_in(*transaction, "track", track.id);
    if (tracks_.size() < code) tracks_.resize(code);
    tracks_[code - 1] = track;
  }
  std::vector<std::uint32_t> keys;
  std::vector<std::uint32_t> genres;
  std::vector<std::optional<std::int64_t>> durations;
  std::vector<std::optional<std::int64_t>> present;
  TableState& state = table_of(transaction->manifest(), "tracks");
  state.rows = 0;
  for (const SmallTrack& track : tracks_) {
    const bool there = !track.id.empty();
    keys.push_back(there ? static_cast<std::uint32_t>(keys.size() + 1) : kNullCode);
    genres.push_back(code_in(*transaction, "genre", track.genre));
    durations.push_back(track.duration_ms);
    present.emplace_back(there ? 1 : 0);
    state.rows += there ? 1 : 0;
  }
  state.positions = tracks_.size();
  state.present = number_file(*transaction, "tracks", "present", present);
  state.columns = {code_file(*transaction, "tracks", "track_id", keys),
                   code_file(*transaction, "tracks", "genre", genres),
                   number_file(*transaction, "tracks", "duration_ms", durations)};
  if (!changed.empty()) {
    std::vector<std::uint32_t> codes;
    for (const std::string& id : changed) codes.push_back(code_in(*transaction, "track", id));
    std::sort(codes.begin(), codes.end());
    TableState& plays = table_of(transaction->manifest(), "plays");
    ++plays.cluster_version;
    plays.cluster_changes.push_back(
        {plays.cluster_version, codes.size(), code_file(*transaction, "plays", "changes", codes)});
  }
  checked(transaction->commit());
}

void SmallStore::add_plays(std::int32_t day, std::vector<SmallPlay> plays) {
  auto transaction = checked(Transaction::begin(files_));
  Manifest& manifest = transaction->manifest();
  TableState& state = table_of(manifest, "plays");
  struct Row {
    std::uint32_t genre;
    std::uint32_t track;
    SmallPlay play;
  };
  std::vector<Row> rows;
  for (SmallPlay& play : plays) {
    const std::uint32_t track = code_in(*transaction, "track", play.track);
    std::optional<std::string> genre;
    if (track != kNullCode && track <= tracks_.size()) genre = tracks_[track - 1].genre;
    rows.push_back({code_in(*transaction, "genre", genre), track, std::move(play)});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.genre - 1 < b.genre - 1; });
  SegmentState segment;
  segment.id = manifest.next_segment_id++;
  segment.loads = {manifest.next_load_id++};
  segment.day = day;
  segment.rows = static_cast<std::uint32_t>(rows.size());
  segment.cluster_version = state.cluster_version;
  std::vector<std::uint32_t> users;
  std::vector<std::uint32_t> tracks;
  std::vector<std::optional<std::int64_t>> times;
  std::vector<std::optional<std::int64_t>> seconds;
  for (const Row& row : rows) {
    if (segment.runs.empty() || segment.runs.back().code != row.genre) {
      segment.runs.push_back({row.genre, static_cast<std::uint32_t>(users.size()), 0});
    }
    ++segment.runs.back().rows;
    users.push_back(checked(checked(transaction->domain("user"))->add_int64(row.play.user)));
    tracks.push_back(row.track);
    times.emplace_back(day == kNoDay ? std::nullopt : std::optional(row.play.time));
    seconds.push_back(row.play.seconds);
  }
  const std::string folder = "plays/" + std::to_string(segment.id);
  segment.columns = {code_file(*transaction, folder, "user_id", users, filters_users_),
                     code_file(*transaction, folder, "track_id", tracks),
                     number_file(*transaction, folder, "listen_time", times),
                     number_file(*transaction, folder, "duration_sec", seconds)};
  state.rows += rows.size();
  state.segments.push_back(std::move(segment));
  std::stable_sort(state.segments.begin(), state.segments.end(),
                   [](const SegmentState& a, const SegmentState& b) { return a.day < b.day; });
  checked(transaction->commit());
}

void SmallStore::filter_users() {
  filters_users_ = true;
}

std::shared_ptr<const Snapshot> SmallStore::open() const {
  return checked(Snapshot::open(files_));
}

PlanPointer scan_of(const std::string& table, const std::vector<int>& columns,
                    std::vector<Field> fields) {
  ScanNode scan;
  scan.table = table;
  scan.columns = columns;
  return std::make_shared<Plan>(Plan{scan, std::move(fields)});
}

PlanPointer scan_plays() {
  return scan_of("plays", {kUserColumn, kTrackColumn, kTimeColumn, kSecondsColumn, kDayColumn},
                 {{"user_id", kInt64Type},
                  {"track_id", kStringType},
                  {"listen_time", kTimestampType},
                  {"duration_sec", kInt64Type},
                  {"day", kDateType}});
}

PlanPointer filtered_plan(PlanPointer input, Expression predicate) {
  std::vector<Field> fields = input->fields;
  return std::make_shared<Plan>(
      Plan{FilterNode{std::move(input), std::move(predicate)}, std::move(fields)});
}

PlanPointer projected_plan(PlanPointer input, std::vector<NamedExpression> columns) {
  std::vector<Field> fields;
  for (const NamedExpression& column : columns) {
    fields.push_back({column.name, column.expression.type});
  }
  return std::make_shared<Plan>(
      Plan{ProjectNode{std::move(input), std::move(columns)}, std::move(fields)});
}

Expression field(int column, Type type) {
  return column_expression(static_cast<std::size_t>(column), type);
}

Expression null_value(Type type) {
  Expression expression;
  expression.type = type;
  expression.literal.type = type;
  return expression;
}

Expression value_of(std::int64_t value, Type type) {
  Expression expression = null_value(type);
  if (type.kind == TypeKind::kDecimal) {
    expression.literal.data = Int128{value};
  } else if (type.kind == TypeKind::kBool) {
    expression.literal.data = value != 0;
  } else {
    expression.literal.data = value;
  }
  return expression;
}

Expression text_value(const std::string& value) {
  Expression expression = null_value(kStringType);
  expression.literal.data = value;
  return expression;
}

Expression call(Function function, Type type, std::vector<Expression> arguments) {
  return call_expression(function, type, std::move(arguments));
}

namespace {
Expression looked_up(Expression track, const std::string& name, Type type) {
  Expression expression;
  expression.kind = ExpressionKind::kLookup;
  expression.type = type;
  expression.table = "tracks";
  expression.table_column = name;
  expression.arguments = {std::move(track)};
  return expression;
}
}  // namespace

Expression genre_of(Expression track) {
  return looked_up(std::move(track), "genre", kStringType);
}
Expression duration_of(Expression track) {
  return looked_up(std::move(track), "duration_ms", kInt64Type);
}

std::vector<std::string> text_rows(const Relation& relation) {
  std::vector<std::string> rows;
  for (const Batch& batch : relation.batches) {
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      std::string text;
      for (std::size_t column = 0; column < batch.columns.size(); ++column) {
        if (column > 0) text += ',';
        append_cell(batch.columns[column], row, text);
      }
      rows.push_back(std::move(text));
    }
  }
  return rows;
}

std::vector<std::string> run_rows(const PlanPointer& plan, const Snapshot& snapshot,
                                  const ExecutionOptions& options) {
  auto relation = execute(plan, snapshot, options);
  if (!relation) return {"error: " + relation.error().message};
  return text_rows(*relation);
}

}  // namespace stave
