// Works on whole columns after the upsert: catalogues are small beside plays. New keys are added in
// the order of the tracks' codes, then of the credits, which no thread changes.
#include "tools/import/artist_credits.h"

#include <algorithm>

#include "storage/snapshot.h"
#include "tools/import/table_column.h"

namespace stave::loading {

namespace {

constexpr const char* kTracks = "tracks";
constexpr const char* kArtists = "artists";
constexpr const char* kTrackArtists = "track_artists";

std::vector<std::string_view> split_credits(std::string_view text) {
  std::vector<std::string_view> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    std::string_view name = text.substr(0, end);
    while (!name.empty() && (name.front() == ' ' || name.front() == '\t')) name.remove_prefix(1);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    if (!name.empty()) names.push_back(name);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

// A table of the manifest with its schema, for whole-column work.
class WholeTable {
 public:
  WholeTable(Transaction& transaction, const std::string& name)
      : transaction_(transaction), schema_(*transaction.manifest().schema.find_table(name)) {
    std::vector<TableState>& tables = transaction.manifest().tables;
    state_ = &*std::find_if(tables.begin(), tables.end(),
                            [&](const TableState& state) { return state.name == name; });
    state_->columns.resize(std::max(state_->columns.size(), schema_.columns.size()));
  }

  TableState& state() { return *state_; }
  const TableSchema& schema() const { return schema_; }
  std::size_t column(const std::string& name) const {
    return static_cast<std::size_t>(schema_.find_column(name));
  }
  Result<void> read(std::size_t column, TableColumn& out) const {
    return read_table_column(transaction_, state_->columns[column],
                             physical_of(schema_.columns[column]), state_->positions, out);
  }
  Result<void> write(std::size_t column, const TableColumn& values) {
    Result<FileReference> file = write_table_column(
        transaction_, transaction_.new_path(schema_.name, schema_.columns[column].name), values);
    if (!file) return pass(file);
    state_->columns[column] = std::move(*file);
    return {};
  }
  Result<void> write_present(const TableColumn& values) {
    Result<FileReference> file =
        write_table_column(transaction_, transaction_.new_path(schema_.name, "present"), values);
    if (!file) return pass(file);
    state_->present = std::move(*file);
    return {};
  }

 private:
  Transaction& transaction_;
  const TableSchema& schema_;
  TableState* state_;
};

struct Credit {
  std::uint32_t track = 0;  // code
  std::int64_t position = 1;
  std::uint32_t artist = 0;  // code
};

void set_int64(TableColumn& column, std::uint64_t row, std::int64_t value) {
  column.int64s[row] = value;
  column.valid.set(row, true);
}

// Artists who are not in their table yet get a row with their name.
Result<void> insert_artists(Transaction& transaction, const DomainWriter& domain,
                            const std::vector<Credit>& credits) {
  WholeTable table(transaction, kArtists);
  const std::size_t key = table.column("artist_id");
  const std::size_t name = table.column("artist_name");
  TableColumn present;
  TableColumn keys;
  TableColumn names;
  Result<void> read = read_table_column(transaction, table.state().present, Physical::kInt64,
                                        table.state().positions, present);
  if (read) read = table.read(key, keys);
  if (read) read = table.read(name, names);
  if (!read) return read;
  std::uint64_t positions = table.state().positions;
  for (const Credit& credit : credits)
    positions = std::max<std::uint64_t>(positions, credit.artist);
  present.resize(positions);
  present.valid.set_all(0, positions);
  keys.resize(positions);
  names.resize(positions);
  std::uint64_t inserted = 0;
  for (const Credit& credit : credits) {
    const std::uint64_t row = credit.artist - std::uint64_t{1};
    if (present.int64s[row] != 0) continue;
    present.int64s[row] = 1;
    keys.codes[row] = credit.artist;
    names.strings[row] = names.texts.copy(domain.string_at(credit.artist));
    names.valid.set(row, true);
    ++inserted;
  }
  if (inserted == 0) return {};
  table.state().positions = positions;
  table.state().rows += inserted;
  Result<void> written = table.write(key, keys);
  if (written) written = table.write(name, names);
  if (written) written = table.write_present(present);
  return written;
}

// The rows of `track_artists` of tracks that were not touched, then the new credits.
Result<void> replace_credits(Transaction& transaction, const std::vector<bool>& touched,
                             const std::vector<Credit>& credits) {
  WholeTable table(transaction, kTrackArtists);
  const std::size_t track = table.column("track_id");
  const std::size_t position = table.column("position");
  const std::size_t artist = table.column("artist_id");
  TableColumn tracks;
  if (Result<void> read = table.read(track, tracks); !read) return read;
  std::vector<std::uint64_t> kept;
  for (std::uint64_t row = 0; row < tracks.size; ++row) {
    const std::uint32_t code = tracks.codes[row];
    if (code == 0 || code > touched.size() || !touched[code - 1]) kept.push_back(row);
  }
  const std::uint64_t rows = kept.size() + credits.size();
  for (std::size_t i = 0; i < table.schema().columns.size(); ++i) {
    TableColumn column;
    if (Result<void> read = table.read(i, column); !read) return read;
    for (std::uint64_t to = 0; to < kept.size(); ++to) {
      const std::uint64_t from = kept[to];
      switch (column.physical) {
        case Physical::kCode:
          column.codes[to] = column.codes[from];
          continue;
        case Physical::kInt64:
          column.int64s[to] = column.int64s[from];
          break;
        case Physical::kInt128:
          column.int128s[to] = column.int128s[from];
          break;
        case Physical::kFloat64:
          column.float64s[to] = column.float64s[from];
          break;
        case Physical::kString:
          column.strings[to] = column.strings[from];
          break;
      }
      column.valid.set(to, column.valid[from]);
    }
    column.resize(kept.size());
    column.resize(rows);
    for (std::uint64_t at = 0; at < credits.size(); ++at) {
      const std::uint64_t to = kept.size() + at;
      if (i == track) column.codes[to] = credits[at].track;
      if (i == artist) column.codes[to] = credits[at].artist;
      if (i == position) set_int64(column, to, credits[at].position);
    }
    if (Result<void> written = table.write(i, column); !written) return written;
  }
  table.state().rows = rows;
  table.state().positions = rows;
  return {};
}

}  // namespace

bool needs_artist_credits(const Schema& schema, const LoadTable& table, bool files_have_artists,
                          bool files_have_artist_id) {
  if (table.schema().name != kTracks || !files_have_artists || files_have_artist_id) return false;
  const auto has = [&](const char* name, const char* column) {
    const TableSchema* found = schema.find_table(name);
    return found != nullptr && found->find_column(column) >= 0;
  };
  return has(kTracks, "artist_id") && has(kArtists, "artist_id") && has(kArtists, "artist_name") &&
         has(kTrackArtists, "track_id") && has(kTrackArtists, "position") &&
         has(kTrackArtists, "artist_id");
}

Result<void> derive_artist_credits(Load& load, const RowTargets& targets) {
  Transaction& transaction = load.transaction;
  WholeTable tracks(transaction, kTracks);
  const std::size_t text_column = tracks.column("artists");
  const std::size_t artist_column = tracks.column("artist_id");
  const ColumnSchema& text_schema = tracks.schema().columns[text_column];
  Result<DomainWriter*> artists = transaction.domain(tracks.schema().columns[artist_column].domain);
  if (!artists) return pass(artists);
  DomainWriter* texts = nullptr;
  if (text_schema.is_coded()) {
    Result<DomainWriter*> domain = transaction.domain(text_schema.domain);
    if (!domain) return pass(domain);
    texts = *domain;
  }
  TableColumn text;
  TableColumn artist;
  Result<void> read = tracks.read(text_column, text);
  if (read) read = tracks.read(artist_column, artist);
  if (!read) return read;
  if ((*artists)->kind() == DictionaryKind::kInt64) {
    if ((*artists)->committed_size() > 0) {
      return fail(
          ErrorCode::kInvalidData,
          "The catalogue has no column `artist_id`, so that its artists' names would be their "
          "keys, but the store's artist keys are integers. Add the column `artist_id`.");
    }
    if (Result<void> turned = (*artists)->become_strings(); !turned) return turned;
  }
  std::vector<bool> touched(text.size, false);
  for (const std::uint32_t position : targets.positions) {
    if (position != kNoTarget) touched[position] = true;
  }
  std::vector<Credit> credits;
  for (std::uint64_t row = 0; row < text.size; ++row) {
    if (!touched[row]) continue;
    artist.codes[row] = kNullCode;
    if (text.is_null(row)) continue;
    const std::string_view line =
        texts != nullptr ? texts->string_at(text.codes[row]) : text.strings[row];
    std::int64_t position = 0;
    for (const std::string_view name : split_credits(line)) {
      Result<std::uint32_t> code = (*artists)->add_string(name);
      if (!code) return pass(code);
      if (position == 0) artist.codes[row] = *code;
      credits.push_back({static_cast<std::uint32_t>(row + 1), ++position, *code});
    }
  }
  Result<void> done = tracks.write(artist_column, artist);
  if (done) done = insert_artists(transaction, **artists, credits);
  if (done) done = replace_credits(transaction, touched, credits);
  return done;
}

}  // namespace stave::loading
