// What changed since a result was kept. Facts and whole tables are compared by fingerprint. Where a
// dimension at the end of a path was written anew, its rows are compared one by one, and only
// periods that hold a key whose row changed are computed again: a catalogue that grows costs
// nothing.
#include <fmt/format.h>

#include <algorithm>

#include "query/kept/kept_program.h"
#include "storage/segment_column.h"

namespace stave {
namespace {

using Codes = std::vector<bool>;  // by code: whether what it leads to changed

bool same_columns(const std::vector<ResultColumn>& one, const std::vector<ResultColumn>& other) {
  return std::ranges::equal(one, other, [](const ResultColumn& a, const ResultColumn& b) {
    return a.name == b.name && a.type == b.type;
  });
}

Staleness everything(std::string because) {
  Staleness stale;
  stale.everything = true;
  stale.because = std::move(because);
  return stale;
}

const KeptPaths* kept_paths_of(const KeptResult& kept, const std::string& table) {
  const auto found = std::ranges::find(kept.paths, table, &KeptPaths::table);
  return found == kept.paths.end() ? nullptr : &*found;
}

// Codes of the table whose row changed; codes that came later are in no period that is kept.
Result<Codes> changed_codes(const KeptPaths& kept, const std::set<Path>& paths,
                            const Snapshot& snapshot) {
  Codes changed;
  if (kept.files == fingerprint_of_files(paths, snapshot.manifest())) return changed;
  const auto now = fingerprints_by_code(paths, snapshot);
  if (!now) return pass(now);
  const std::size_t shared = std::min(now->size(), kept.rows.size());
  changed.resize(shared);
  bool any = false;
  for (std::size_t code = 0; code < shared; ++code) {
    changed[code] = (*now)[code] != kept.rows[code];
    any |= changed[code];
  }
  if (!any) changed.clear();
  return changed;
}

// Whether a column of a segment holds one of the codes.
Result<bool> holds_any(const Snapshot& snapshot, const TableState& table,
                       const SegmentState& segment, std::size_t column, const Codes& codes,
                       DecodedBlock& room) {
  if (column >= segment.columns.size() || !segment.columns[column].exists()) {
    return codes[kNullCode];
  }
  const auto reader = snapshot.open_column(table, segment, column);
  if (!reader) return pass(reader);
  for (std::uint32_t block = 0; block < (*reader)->blocks().size(); ++block) {
    if (auto read = (*reader)->read_block(block, room); !read) return pass(read);
    for (std::uint32_t row = 0; row < room.rows; ++row) {
      const std::uint32_t code = room.codes[row];
      if (code < codes.size() && codes[code]) return true;
    }
  }
  return false;
}

// Adds the periods whose facts hold a code that changed.
Result<void> add_periods_with(const KeptProgram& program, const std::string& dimension,
                              const Codes& codes, const Snapshot& snapshot,
                              std::set<std::int32_t>& stale) {
  const Manifest& manifest = snapshot.manifest();
  const TableSchema& schema = *manifest.schema.find_table(dimension);
  const std::string& keys =
      schema.columns[static_cast<std::size_t>(schema.find_column(schema.key[0]))].domain;
  DecodedBlock room;
  for (const auto& [name, columns] : program.sources.facts) {
    const TableSchema& facts = *manifest.schema.find_table(name);
    const TableState& table = *manifest.find_table(name);
    for (const SegmentState& segment : table.segments) {
      const std::int32_t period = period_of(segment.day, program.partitioned.unit);
      for (const int column : columns) {
        if (column < 0 || stale.contains(period)) continue;
        const auto at = static_cast<std::size_t>(column);
        if (facts.columns[at].domain != keys) continue;
        const auto held = holds_any(snapshot, table, segment, at, codes, room);
        if (!held) return pass(held);
        if (*held) stale.insert(period);
      }
    }
  }
  return {};
}

Result<Staleness> by_period(const KeptProgram& program, const KeptResult& kept,
                            const Snapshot& snapshot) {
  Staleness found;
  std::set<std::int32_t> stale;
  std::string because;
  const auto now =
      fingerprints_by_period(program.sources, snapshot.manifest(), program.partitioned.unit);
  std::map<std::int32_t, std::uint64_t> before;
  for (const KeptPart& part : kept.parts) before.emplace(part.period, part.fingerprint);
  for (const auto& [period, fingerprint] : now) {
    const auto known = before.find(period);
    if (known == before.end() || known->second != fingerprint) stale.insert(period);
  }
  for (const auto& [period, fingerprint] : before) {
    if (!now.contains(period)) found.gone.push_back(period);
  }
  const std::size_t of_facts = stale.size() + found.gone.size();
  if (of_facts > 0) {
    because = fmt::format("the facts of {} {}{} changed", of_facts,
                          name_of(program.partitioned.unit), of_facts == 1 ? "" : "s");
  }
  for (const auto& [table, paths] : program.sources.paths) {
    const KeptPaths* known = kept_paths_of(kept, table);
    if (known == nullptr) return everything("`" + table + "` was not looked at before");
    const auto codes = changed_codes(*known, paths, snapshot);
    if (!codes) return pass(codes);
    if (codes->empty()) continue;
    const std::size_t had = stale.size();
    if (auto added = add_periods_with(program, table, *codes, snapshot, stale); !added) {
      return pass(added);
    }
    if (stale.size() > had) {
      because += (because.empty() ? "`" : ", `") + table + "` changed";
    }
  }
  found.periods.assign(stale.begin(), stale.end());
  found.because = std::move(because);
  return found;
}

}  // namespace

Result<Staleness> staleness_of(const KeptProgram& program, const KeptResult* kept,
                               const Snapshot& snapshot) {
  if (kept == nullptr) return everything("there is no result yet");
  const bool is_whole = program.partitioned.unit == KeptUnit::kWhole;
  if (kept->program != program.fingerprint || kept->unit != program.partitioned.unit ||
      kept->descending != program.partitioned.descending ||
      !same_columns(kept->columns, program.columns)) {
    return everything("the report, the tables or Stave itself changed");
  }
  const std::vector<KeptSource> sources =
      is_whole ? all_sources(program.sources, snapshot.manifest()) : program.sources.others;
  for (const KeptSource& source : sources) {
    const auto known = std::ranges::find(kept->sources, source.name, &KeptSource::name);
    if (known == kept->sources.end() || known->fingerprint != source.fingerprint) {
      return everything("`" + source.name + "` changed");
    }
  }
  if (kept->sources.size() != sources.size()) return everything("it reads other tables");
  return is_whole ? Staleness() : by_period(program, *kept, snapshot);
}

}  // namespace stave
