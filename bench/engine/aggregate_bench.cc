// Grouping without reading: the shapes of the questions that matter, over batches made beforehand.
// `items_per_second` is rows for each second of one thread.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>

#include "engine/aggregate/grouping.h"
#include "engine/aggregate/result_vector.h"
#include "storage/schema.h"
#include "storage/snapshot.h"

namespace stave {
namespace {

constexpr std::uint32_t kUsers = 1'000'000;
constexpr std::uint32_t kTracks = 100'000;
constexpr std::uint32_t kArtists = 30'000;
constexpr std::uint32_t kCountries = 50;
constexpr std::uint32_t kBatchRows = 16384;

class NumberDictionary : public Dictionary {
 public:
  explicit NumberDictionary(std::uint32_t size) : size_(size) {}
  DictionaryKind kind() const override { return DictionaryKind::kInt64; }
  std::uint32_t size() const override { return size_; }
  std::string_view string_at(std::uint32_t) const override { return {}; }
  std::int64_t int64_at(std::uint32_t code) const override { return code; }
  std::uint32_t find_string(std::string_view) const override { return 0; }
  std::uint32_t find_int64(std::int64_t) const override { return 0; }

 private:
  std::uint32_t size_;
};

struct Column {
  ColumnShape shape;
  std::uint32_t distinct;
  bool is_coded;
};

Column coded(std::uint32_t size) {
  Column column;
  column.shape.type = kInt64Type;
  column.shape.representation = Representation::kCode;
  column.shape.dictionary = std::make_shared<NumberDictionary>(size);
  column.distinct = size;
  column.is_coded = true;
  return column;
}

Column number(std::uint32_t distinct) {
  Column column;
  column.shape.type = kInt64Type;
  column.distinct = distinct;
  column.is_coded = false;
  return column;
}

// Skewed as plays are: the share of the most popular tenth is more than half.
Vector values_of(const Column& column, std::uint32_t rows, std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform;
  const auto draw = [&] {
    const double share = std::pow(uniform(random), 2.5);
    return static_cast<std::uint32_t>(share * (column.distinct - 1)) * 2654435761ULL %
           column.distinct;
  };
  if (column.is_coded) {
    std::vector<std::uint32_t> codes(rows);
    for (auto& code : codes) code = static_cast<std::uint32_t>(draw()) + 1;
    Vector vector =
        make_vector(kInt64Type, Representation::kCode, std::move(codes), ValidityBits(rows));
    vector.dictionary = column.shape.dictionary;
    return vector;
  }
  std::vector<std::int64_t> values(rows);
  for (auto& value : values) value = static_cast<std::int64_t>(draw()) * 3'600'000'000;
  return make_vector(kInt64Type, Representation::kInt64, std::move(values), ValidityBits(rows));
}

AggregateCall call_of(AggregateFunction function, Type type = kInt64Type) {
  AggregateCall call;
  call.function = function;
  call.type = type;
  call.name = "x";
  if (function != AggregateFunction::kCount) call.arguments.resize(1);
  return call;
}

// Batches go round; a scope ends after every `scope_rows` rows (0: never).
void run(benchmark::State& state, const std::vector<Column>& columns, std::size_t keys,
         const std::vector<AggregateCall>& calls, std::uint64_t rows, std::uint64_t scope_rows) {
  std::mt19937_64 random(1);
  const auto batch_rows = static_cast<std::uint32_t>(
      scope_rows == 0 ? kBatchRows : std::min<std::uint64_t>(scope_rows, kBatchRows));
  std::vector<Batch> batches(256);
  for (Batch& batch : batches) {
    batch.rows = batch_rows;
    for (const Column& column : columns) {
      batch.columns.push_back(values_of(column, batch_rows, random));
    }
  }
  auto files = memory_file_system("bench");
  Schema schema;
  schema.name = "empty";
  if (!create_store(*files, schema, "UTC")) return state.SkipWithError("no store");
  const auto snapshot = *Snapshot::open(files);
  ExecutionOptions options;
  options.threads = 1;
  ExecutionContext context(*snapshot, options);
  GroupingLayout layout;
  layout.calls = &calls;
  layout.row_keys = keys;
  layout.most_slots = std::uint64_t{1} << 24;
  for (const Column& column : columns) layout.shapes.push_back(column.shape);
  for (auto _ : state) {
    auto grouping = *Grouping::make(layout, context);
    std::uint64_t in_scope = 0;
    std::uint32_t scope = 0;
    std::size_t next = 0;
    for (std::uint64_t done = 0; done < rows; done += batch_rows) {
      benchmark::DoNotOptimize(grouping->add(batches[next++ % batches.size()]).has_value());
      in_scope += batch_rows;
      if (scope_rows != 0 && in_scope >= scope_rows) {
        benchmark::DoNotOptimize(grouping->end_scope(scope++).has_value());
        in_scope = 0;
      }
    }
    benchmark::DoNotOptimize(grouping->complete().has_value());
    benchmark::DoNotOptimize(grouping->groups());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
}

constexpr std::uint64_t kRows = 4'000'000;
using enum AggregateFunction;

// Plays, users, listening time and popularity of one day and genre after another.
void daily_genre(benchmark::State& state) {
  run(state, {coded(kUsers), number(300), number(100)}, 0,
      {call_of(kCount), call_of(kDistinct), call_of(kSum), call_of(kAverage, kFloat64Type)}, kRows,
      static_cast<std::uint64_t>(state.range(0)));
}
BENCHMARK(daily_genre)->Arg(500)->Arg(2000)->Arg(16000)->Unit(benchmark::kMillisecond);

// Users and tracks by hour, day by day.
void hourly(benchmark::State& state) {
  run(state, {number(24), coded(kUsers), coded(kTracks)}, 1,
      {call_of(kCount), call_of(kDistinct), call_of(kDistinct)}, kRows, 650'000);
}
BENCHMARK(hourly)->Unit(benchmark::kMillisecond);

void top_artist_by_hour(benchmark::State& state) {
  run(state, {number(24), coded(kArtists)}, 1, {call_of(kTopValue)}, kRows, 650'000);
}
BENCHMARK(top_artist_by_hour)->Unit(benchmark::kMillisecond);

void hour_of_day(benchmark::State& state) {
  run(state, {number(24), coded(kUsers), coded(kTracks)}, 1,
      {call_of(kCount), call_of(kDistinct), call_of(kDistinct)}, kRows, 0);
}
BENCHMARK(hour_of_day)->Unit(benchmark::kMillisecond);

// Plays by month, artist and country: 4.5 million possible groups.
void royalty_plays(benchmark::State& state) {
  run(state, {number(3), coded(kArtists), coded(kCountries)}, 3, {call_of(kCount)}, kRows, 0);
}
BENCHMARK(royalty_plays)->Unit(benchmark::kMillisecond);

// Users by two dates.
void retention(benchmark::State& state) {
  run(state, {number(30), number(30), coded(kUsers)}, 2, {call_of(kDistinct)}, kRows, 0);
}
BENCHMARK(retention)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace stave
