// Written through the storage layer alone, as an import would: domains first, then column files.
#include "tests/campaign/support/sample_store.h"

#include <algorithm>
#include <random>

#include "storage/compact_store.h"
#include "storage/predictor.h"
#include "storage/snapshot.h"
#include "storage/transaction.h"
#include "tests/campaign/support/must.h"
#include "tests/campaign/support/sample_schema.h"

namespace stave::campaign {
namespace {

constexpr std::int64_t kDayMicroseconds = 86'400'000'000;
constexpr std::int32_t kFirstDay = 20'209;
constexpr std::uint32_t kListeners = 400;
constexpr std::uint32_t kListedSongs = 40;
// Positions of columns in `plays`.
constexpr std::uint32_t kSong = 0;
constexpr std::uint32_t kListener = 1;
constexpr std::uint32_t kCountry = 8;

std::uint32_t country_of(std::uint32_t listener) {
  return 1 + listener * 7 % 3;
}

ColumnValues values_of(const std::vector<std::uint32_t>& codes) {
  ColumnValues values;
  values.physical = Physical::kCode;
  values.rows = static_cast<std::uint32_t>(codes.size());
  values.codes = codes;
  return values;
}
ColumnValues values_of(const std::vector<std::int64_t>& integers) {
  ColumnValues values;
  values.rows = static_cast<std::uint32_t>(integers.size());
  values.int64s = integers;
  return values;
}
ColumnValues values_of(const std::vector<Int128>& integers) {
  ColumnValues values;
  values.physical = Physical::kInt128;
  values.rows = static_cast<std::uint32_t>(integers.size());
  values.int128s = integers;
  return values;
}
ColumnValues values_of(const std::vector<double>& numbers) {
  ColumnValues values;
  values.physical = Physical::kFloat64;
  values.rows = static_cast<std::uint32_t>(numbers.size());
  values.float64s = numbers;
  return values;
}
ColumnValues values_of(const std::vector<std::string_view>& texts) {
  ColumnValues values;
  values.physical = Physical::kString;
  values.rows = static_cast<std::uint32_t>(texts.size());
  values.strings = texts;
  return values;
}

class SampleWriter {
 public:
  explicit SampleWriter(std::shared_ptr<FileSystem> files) : files_(std::move(files)) {}

  void begin() { transaction_ = must(Transaction::begin(files_)); }
  void commit(const std::string& table, std::uint64_t rows) {
    Manifest& manifest = transaction_->manifest();
    LoadState load;
    load.id = manifest.next_load_id++;
    load.table = table;
    load.snapshot = manifest.snapshot + 1;
    load.at = 1'746'000'000'000'000;
    load.rows = rows;
    load.rejected = 1;
    load.files = {{table + ".csv", rows * 40, rows * 0x9E3779B97F4A7C15U}};
    manifest.loads.push_back(load);
    must(transaction_->commit());
    transaction_.reset();
  }

  void write_songs(std::uint32_t count) {
    DomainWriter& songs = *must(transaction_->domain("songs"));
    DomainWriter& genres = *must(transaction_->domain("genres"));
    std::vector<std::uint32_t> keys;
    std::vector<std::string> titles;
    std::vector<std::uint32_t> genre_codes;
    std::vector<std::int64_t> released;
    for (std::uint32_t i = 0; i < count; ++i) {
      keys.push_back(must(songs.add_string("song-" + std::to_string(i * 7919 % 10'007))));
      titles.push_back("The title of song " + std::to_string(i * i));
      genre_codes.push_back(must(genres.add_string("genre " + std::to_string(draw(9)))));
      released.push_back(12'000 + static_cast<std::int64_t>(draw(6000)));
    }
    TableState& table = table_named("songs");
    table.rows = table.positions = count;
    table.present = write("songs", "present", std::vector<std::int64_t>(count, 1));
    table.columns = {
        write("songs", "song", keys),
        write("songs", "title", std::vector<std::string_view>(titles.begin(), titles.end())),
        write("songs", "genre", genre_codes), write("songs", "rating", ratings(count)),
        write("songs", "released", released, 0.1)};
  }

  // A later load of one column: the file before belongs to older snapshots only.
  void rewrite_ratings() {
    TableState& table = table_named("songs");
    table.columns[3] = write("songs", "rating", ratings(table.positions));
  }

  void write_rates() {
    DomainWriter& countries = *must(transaction_->domain("countries"));
    std::vector<std::uint32_t> codes;
    std::vector<std::int64_t> months;
    std::vector<std::int64_t> rates;
    for (std::uint32_t i = 0; i < 60; ++i) {
      codes.push_back(must(countries.add_string(std::string{'C', char('A' + i % 12)})));
      months.push_back(20'000 + 31 * (i / 12));
      rates.push_back(4'000 + draw(1000));
    }
    TableState& table = table_named("rates");
    table.rows = table.positions = codes.size();
    table.columns = {write("rates", "country", codes), write("rates", "month", months),
                     write("rates", "rate", rates)};
  }

  // What segments of plays share: a listener's country, and songs by genre, frequent ones first.
  void write_predictors() {
    std::vector<std::uint32_t> guesses;
    for (std::uint32_t listener = 1; listener <= kListeners; ++listener) {
      guesses.push_back(country_of(listener));
    }
    std::vector<std::uint32_t> listed;
    for (std::uint32_t song = 1; song <= 2 * kListedSongs; ++song) {
      listed.push_back(song);
    }
    const std::vector<ClusterRun> lists = {{3, 0, kListedSongs}, {5, kListedSongs, kListedSongs}};
    std::vector<std::int64_t> by_key(guesses.begin(), guesses.end());
    by_key.insert(by_key.begin(), 0);  // of the null
    guesses_ = Predictor::of_values(by_key);
    ranks_ = std::make_unique<RankIndex>(Predictor::of_lists(listed, lists));
    TableState& table = table_named("plays");
    table.predictors = {
        {PredictorKind::kValue, kCountry, kListener, {}, write("plays", "country_of", guesses)},
        {PredictorKind::kRank, kSong, kSong, lists, write("plays", "songs_by_genre", listed)}};
  }

  void write_plays(std::int32_t day, std::uint32_t rows) {
    DomainWriter& songs = *must(transaction_->domain("songs"));
    DomainWriter& listeners = *must(transaction_->domain("listeners"));
    DomainWriter& countries = *must(transaction_->domain("countries"));
    Manifest& manifest = transaction_->manifest();
    TableState& table = table_named("plays");
    SegmentState segment;
    segment.id = manifest.next_segment_id++;
    segment.loads = {manifest.next_load_id};
    segment.day = day;
    segment.rows = rows;
    segment.cluster_version = table.cluster_version;
    segment.runs = {{3, 0, rows / 2}, {5, rows / 2, rows / 4}};
    segment.runs.push_back({kNullCode, rows / 2 + rows / 4, rows - rows / 2 - rows / 4});
    std::vector<std::uint32_t> song, listener, country;
    std::vector<std::int64_t> at, seconds, share, finished;
    std::vector<Int128> price;
    std::vector<double> score;
    std::vector<std::string> notes;
    for (std::uint32_t i = 0; i < rows; ++i) {
      song.push_back(draw(20) == 0 ? must(songs.add_string("new-" + std::to_string(draw(500))))
                                   : 1 + draw(90));
      listener.push_back(must(listeners.add_int64(std::int64_t{draw(kListeners)} * 1'000'003)));
      country.push_back(draw(12) == 0 ? must(countries.add_string(std::string{'C', 'A'}))
                                      : country_of(listener.back()));
      if (day != kNoDay) {
        at.push_back(day * kDayMicroseconds + std::int64_t{i} * 120'000'000 + draw(60) * 1'000'000);
      }
      seconds.push_back(30 + draw(200));
      share.push_back(draw(4) == 0 ? draw(10'000) : 10'000);
      finished.push_back(draw(2));
      price.push_back(static_cast<Int128>(random_()) * 4099 + draw(1000));
      score.push_back(draw(2) == 0 ? draw(1000) / 100.0 : static_cast<double>(random_()) / 3.0);
      notes.push_back(draw(3) == 0 ? "" : "note " + std::to_string(random_() % 100'000'000));
    }
    const std::string folder =
        day == kNoDay ? "plays/no-day" : "plays/day" + std::to_string(day - kFirstDay + 1);
    segment.columns = {
        write_ranked(folder, song, segment.runs),
        write(folder, "listener", listener),
        day == kNoDay ? FileReference() : write(folder, "played_at", at),
        write(folder, "seconds", seconds, 0.05),
        write(folder, "share", share),
        write(folder, "price", price),
        write(folder, "score", score, 0.02),
        write(folder, "note", std::vector<std::string_view>(notes.begin(), notes.end())),
        write_guessed(folder, country, listener),
        write(folder, "finished", finished)};
    segment.predictors = {2, 0, 0, 0, 0, 0, 0, 0, 1};
    table.rows += rows;
    const auto place = std::ranges::upper_bound(table.segments, day, {}, &SegmentState::day);
    table.segments.insert(place, std::move(segment));
  }

  // The genre of some songs changed: segments from before are stale.
  void change_genres() {
    TableState& table = table_named("plays");
    std::vector<std::uint32_t> changed;
    for (std::uint32_t code = 3; code < 90; code += 1 + draw(9)) {
      changed.push_back(code);
    }
    ++table.cluster_version;
    table.cluster_changes.push_back(
        {table.cluster_version, changed.size(), write("plays", "changed", changed)});
  }

  // More than one block of rows that take few bytes.
  void write_visits() {
    constexpr std::uint32_t kRows = kBlockRows + 500;
    DomainWriter& devices = *must(transaction_->domain("devices"));
    for (std::int64_t device = 50; device < 120; ++device) {
      must(devices.add_int64(device));
    }
    std::vector<std::uint32_t> codes(kRows);
    std::vector<std::int64_t> pages(kRows);
    for (std::uint32_t i = 0; i < kRows; ++i) {
      codes[i] = 1 + i / 400;
      pages[i] = i % 1000 == 0 ? draw(50) : 1;
    }
    Manifest& manifest = transaction_->manifest();
    TableState& table = table_named("visits");
    SegmentState segment;
    segment.id = manifest.next_segment_id++;
    segment.loads = {manifest.next_load_id};
    segment.rows = kRows;
    segment.runs = {{kNullCode, 0, kRows}};
    segment.columns = {write("visits", "device", codes), write("visits", "pages", pages)};
    table.rows = kRows;
    table.segments.push_back(std::move(segment));
  }

 private:
  std::uint32_t draw(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

  TableState& table_named(std::string_view name) {
    return *std::ranges::find(transaction_->manifest().tables, name, &TableState::name);
  }

  std::vector<double> ratings(std::uint64_t count) {
    std::vector<double> all(count);
    std::ranges::generate(all, [&] { return draw(500) / 100.0; });
    return all;
  }

  template <typename T>
  FileReference write(const std::string& folder, const std::string& column,
                      const std::vector<T>& all, double nulls = 0) {
    ColumnValues values = values_of(all);
    std::vector<std::uint64_t> validity((values.rows + 63) / 64, ~std::uint64_t{0});
    for (std::uint32_t row = 0; nulls > 0 && row < values.rows; ++row) {
      const bool is_null = draw(1000) < static_cast<std::uint32_t>(nulls * 1000);
      validity[row / 64] &= ~(std::uint64_t{is_null} << row % 64);
    }
    if (nulls > 0) {
      values.validity = validity;
    }
    auto writer = transaction_->column_writer(folder, column, values.physical);
    must(writer->append(values));
    return must(writer->finish());
  }
  FileReference write_predicted(const std::string& folder, const std::string& column,
                                const std::vector<std::uint32_t>& codes, const Prediction& known) {
    auto writer = transaction_->column_writer(folder, column, Physical::kCode);
    must(writer->append_block(values_of(codes), known));
    return must(writer->finish());
  }
  FileReference write_guessed(const std::string& folder, const std::vector<std::uint32_t>& codes,
                              const std::vector<std::uint32_t>& keys) {
    std::vector<std::uint32_t> guesses(codes.size());
    guesses_->guess(keys, guesses);
    Prediction known;
    known.codes = guesses;
    return write_predicted(folder, "country", codes, known);
  }
  FileReference write_ranked(const std::string& folder, const std::vector<std::uint32_t>& codes,
                             const std::vector<ClusterRun>& runs) {
    Arena arena;
    std::vector<std::uint32_t> ranks(codes.size());
    for (const ClusterRun& run : runs) {
      ranks_->rank(run.code, std::span(codes).subspan(run.first_row, run.rows),
                   std::span(ranks).subspan(run.first_row, run.rows));
    }
    Prediction known;
    known.runs = *ranked_runs(ranks_->predictor(),
                              {runs, 0, static_cast<std::uint32_t>(codes.size())}, arena);
    known.ranks = ranks;
    return write_predicted(folder, "song", codes, known);
  }

  std::shared_ptr<FileSystem> files_;
  std::unique_ptr<Transaction> transaction_;
  std::mt19937_64 random_{64};
  std::shared_ptr<const Predictor> guesses_;
  std::unique_ptr<RankIndex> ranks_;
};

}  // namespace

StoreImage sample_store() {
  const auto files = memory_file_system("sample.stave");
  must(create_store(*files, must(schema_from_toml(kSampleSchema, "campaign.toml")), "UTC"));
  SampleWriter writer(files);
  writer.begin();
  writer.write_songs(150);
  writer.write_rates();
  writer.commit("songs", 150);
  writer.begin();
  writer.write_predictors();
  writer.write_plays(kFirstDay, 450);
  writer.write_plays(kFirstDay + 1, 340);
  writer.commit("plays", 790);
  writer.begin();
  writer.change_genres();
  writer.write_plays(kFirstDay + 1, 270);
  writer.write_plays(kNoDay, 30);
  writer.commit("plays", 300);
  writer.begin();
  writer.rewrite_ratings();
  writer.write_visits();
  writer.commit("visits", 16'884);
  // Two column files in a pack; earlier snapshots have them as files of their own.
  must(compact_store(files, {"visits", false}));
  StoreImage image = StoreImage::copy_of(*files);
  // Nobody holds it, and nobody reads it but the next writer, for messages.
  image.contents().erase("LOCK");
  return image;
}

}  // namespace stave::campaign
