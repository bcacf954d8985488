// Writes a load the way an import does: keys looked up, a segment for each day, dimension columns
// written anew.
#include <algorithm>
#include <charconv>

#include "storage/pack_writer.h"
#include "storage/transaction.h"
#include "tests/campaign/support/tiny_row.h"

namespace stave::campaign {
namespace {

// Stops at the first failure, which `result` then holds.
class LoadWriter {
 public:
  LoadWriter(Transaction& transaction, const Content& before)
      : transaction_(transaction), before_(before) {}

  Result<void> write(const Load& load) {
    if (load.spills) {
      spill();
    }
    std::map<std::int32_t, std::vector<Play>> days;
    for (const Play& play : load.plays) {
      days[play.day].push_back(play);
    }
    const std::uint64_t load_id = transaction_.manifest().next_load_id++;
    for (const auto& [day, plays] : days) {
      write_segment(load_id, day, plays);
    }
    if (!load.tracks.empty()) {
      write_tracks(load.tracks);
    }
    LoadState state;
    state.id = load_id;
    state.table = "plays";
    state.rows = load.plays.size();
    transaction_.manifest().loads.push_back(state);
    // Moved: a copy of an error that finds no memory ends the process.
    return std::move(result_);
  }

 private:
  template <typename T>
  T take(Result<T> value) {
    if (value) {
      return *std::move(value);
    }
    if (result_) {
      result_ = pass(std::move(value));
    }
    return T();
  }
  void note(Result<void> outcome) {
    if (result_ && !outcome) {
      result_ = std::move(outcome);
    }
  }

  void spill() {
    const std::string path = take(transaction_.temporary_path("pieces"));
    if (!result_) {
      return;
    }
    if (const auto file = take(transaction_.files().create(path))) {
      note(file->append(std::as_bytes(std::span("sorted later"))));
    }
  }

  std::uint32_t code_of(DomainWriter& domain, const std::string& value) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool is_number = fault == std::errc() && end == value.data() + value.size();
    if (is_number && domain.kind() != DictionaryKind::kString) {
      return take(domain.add_int64(number));
    }
    note(domain.become_strings());
    return result_ ? take(domain.add_string(value)) : kNullCode;
  }
  std::vector<std::uint32_t> codes_of(const std::string& name,
                                      const std::vector<std::string>& values) {
    std::vector<std::uint32_t> codes;
    DomainWriter* domain = result_ ? take(transaction_.domain(name)) : nullptr;
    for (const std::string& value : values) {
      codes.push_back(domain == nullptr || !result_ ? kNullCode : code_of(*domain, value));
    }
    return codes;
  }

  FileReference write_column(const std::string& folder, const std::string& name,
                             const ColumnValues& values) {
    if (!result_) {
      return {};
    }
    const auto writer = transaction_.column_writer(folder, name, values.physical);
    note(writer->append(values));
    return result_ ? take(writer->finish()) : FileReference();
  }
  // A file of its own, or one in the pack of the segment, as days alternate.
  void write_play_column(SegmentState& segment, std::size_t at, const std::string& name,
                         const ColumnValues& values) {
    if (segment.day % 2 != 0) {
      const std::string folder = "plays/" + std::to_string(segment.day);
      segment.columns[at] = write_column(folder, name, values);
      return;
    }
    if (!result_) {
      return;
    }
    ColumnFileWriter writer(name, values.physical, {});
    note(writer.append(values));
    segment.columns[at] = result_ ? take(writer.finish()) : FileReference();
    packed_.push_back(writer.take_bytes());
    packed_at_.push_back(at);
  }
  void write_pack(SegmentState& segment) {
    if (!result_ || packed_.empty()) {
      return;
    }
    PackWriter pack(transaction_,
                    transaction_.new_pack_path("plays/packs", std::to_string(segment.day)));
    for (std::size_t i = 0; i < packed_.size(); ++i) {
      pack.add(packed_[i], segment.columns[packed_at_[i]]);
    }
    note(pack.finish());
    packed_.clear();
    packed_at_.clear();
  }
  FileReference write_codes(const std::string& folder, const std::string& name,
                            const std::vector<std::uint32_t>& codes) {
    ColumnValues values;
    values.physical = Physical::kCode;
    values.rows = static_cast<std::uint32_t>(codes.size());
    values.codes = codes;
    return write_column(folder, name, values);
  }

  void write_segment(std::uint64_t load_id, std::int32_t day, const std::vector<Play>& plays);
  void write_tracks(const std::vector<Track>& tracks);

  Transaction& transaction_;
  const Content& before_;
  Result<void> result_;
  std::vector<std::string> packed_;  // column files of the segment that is being written
  std::vector<std::size_t> packed_at_;
};

void set_bit(std::vector<std::uint64_t>& bits, std::size_t row) {
  bits.resize(std::max(bits.size(), row / 64 + 1));
  bits[row / 64] |= std::uint64_t{1} << row % 64;
}

void LoadWriter::write_segment(std::uint64_t load_id, std::int32_t day,
                               const std::vector<Play>& plays) {
  std::vector<std::string> users;
  std::vector<std::string> tracks;
  std::vector<std::int64_t> at;
  std::vector<std::int64_t> seconds;
  std::vector<Int128> prices;
  std::vector<double> shares;
  std::vector<std::string> notes;
  std::vector<std::uint64_t> has_seconds(plays.size() / 64 + 1);
  std::vector<std::uint64_t> has_note(plays.size() / 64 + 1);
  for (const Play& play : plays) {
    const PlayCells cells = cells_of(play);
    if (cells.seconds) {
      set_bit(has_seconds, at.size());
    }
    if (!cells.note.empty()) {
      set_bit(has_note, at.size());
    }
    users.push_back(play.user);
    tracks.push_back(play.track);
    at.push_back(cells.at);
    seconds.push_back(cells.seconds.value_or(0));
    prices.push_back(cells.price);
    shares.push_back(cells.share);
    notes.push_back(cells.note);
  }
  const std::vector<std::string_view> note_views(notes.begin(), notes.end());
  const auto values = [&](Physical physical) {
    ColumnValues column;
    column.physical = physical;
    column.rows = static_cast<std::uint32_t>(plays.size());
    return column;
  };
  SegmentState segment;
  segment.loads = {load_id};
  segment.day = day;
  segment.rows = static_cast<std::uint32_t>(plays.size());
  segment.runs = {{kNullCode, 0, segment.rows}};
  segment.columns.resize(kPlayColumns);
  ColumnValues column = values(Physical::kInt64);
  column.int64s = at;
  write_play_column(segment, kAt, "at", column);
  const auto write_keys = [&](std::size_t place, const std::string& name,
                              const std::vector<std::uint32_t>& codes) {
    ColumnValues keys = values(Physical::kCode);
    keys.codes = codes;
    write_play_column(segment, place, name, keys);
  };
  write_keys(kUser, "user", codes_of("users", users));
  write_keys(kTrack, "track", codes_of("tracks", tracks));
  column = values(Physical::kInt64);
  column.int64s = seconds;
  column.validity = has_seconds;
  write_play_column(segment, kSeconds, "seconds", column);
  column = values(Physical::kInt128);
  column.int128s = prices;
  write_play_column(segment, kPrice, "price", column);
  column = values(Physical::kFloat64);
  column.float64s = shares;
  write_play_column(segment, kShare, "share", column);
  column = values(Physical::kString);
  column.strings = note_views;
  column.validity = has_note;
  write_play_column(segment, kNote, "note", column);
  write_pack(segment);

  Manifest& manifest = transaction_.manifest();
  segment.id = manifest.next_segment_id++;
  TableState& table = manifest.tables[0];
  table.rows += segment.rows;
  const auto place = std::ranges::upper_bound(table.segments, day, {}, &SegmentState::day);
  table.segments.insert(place, std::move(segment));
}

void LoadWriter::write_tracks(const std::vector<Track>& tracks) {
  std::map<std::string, std::string> lines = before_.tracks;
  for (const Track& track : tracks) {
    lines[track.key] = line_of(track);
  }
  std::vector<std::string> keys;
  for (const auto& [key, line] : lines) {
    keys.push_back(key);
  }
  const std::vector<std::uint32_t> codes = codes_of("tracks", keys);
  DomainWriter* domain = result_ ? take(transaction_.domain("tracks")) : nullptr;
  if (domain == nullptr || !result_) {
    return;
  }
  std::vector<std::int64_t> present(domain->size());
  std::vector<std::string> titles(domain->size());
  std::vector<std::string> genres(domain->size(), "none");
  std::size_t next = 0;
  for (const auto& [key, line] : lines) {
    const std::uint32_t position = codes[next++] - 1;
    const std::size_t second = line.find('|');
    const std::size_t third = line.find('|', second + 1);
    present[position] = 1;
    titles[position] = line.substr(second + 1, third - second - 1);
    genres[position] = line.substr(third + 1);
  }
  const std::vector<std::string_view> title_views(titles.begin(), titles.end());
  TableState& table = transaction_.manifest().tables[1];
  table.rows = lines.size();
  table.positions = domain->size();
  ColumnValues column;
  column.rows = domain->size();
  column.int64s = present;
  table.present = write_column("tracks", "present", column);
  ColumnValues text;
  text.physical = Physical::kString;
  text.rows = domain->size();
  text.strings = title_views;
  table.columns.resize(kTrackColumns);
  table.columns[kTitle] = write_column("tracks", "title", text);
  table.columns[kGenre] = write_codes("tracks", "genre", codes_of("genres", genres));
}

Result<std::unique_ptr<Transaction>> begin_and_write(const std::shared_ptr<FileSystem>& files,
                                                     const Load& load, const Content& before) {
  auto transaction = Transaction::begin(files);
  if (!transaction) {
    return transaction;
  }
  if (auto written = LoadWriter(**transaction, before).write(load); !written) {
    return pass(written);
  }
  return transaction;
}

}  // namespace

Result<void> commit_load(const std::shared_ptr<FileSystem>& files, const Load& load,
                         const Content& before) {
  const auto transaction = begin_and_write(files, load, before);
  if (!transaction) {
    return pass(transaction);
  }
  const auto committed = (*transaction)->commit();
  return committed ? Result<void>() : pass(committed);
}

Result<void> abandon_load(const std::shared_ptr<FileSystem>& files, const Load& load,
                          const Content& before) {
  const auto transaction = begin_and_write(files, load, before);
  return transaction ? Result<void>() : pass(transaction);
}

}  // namespace stave::campaign
