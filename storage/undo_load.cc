// Facts are told by the loads that segments list. Dimensions have no such trace, since a load
// writes over rows: they are put back as the snapshot before had them, where nothing came after.
#include "storage/undo_load.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/cluster_change.h"
#include "storage/guarded.h"
#include "storage/segment_rewriter.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "storage/transaction.h"

namespace stave {
namespace {

bool is_same(const TableState& left, const TableState& right) {
  const auto file_at = [](const TableState& table, std::size_t column) {
    return column < table.columns.size() ? table.columns[column] : FileReference();
  };
  bool same =
      left.rows == right.rows && left.positions == right.positions && left.present == right.present;
  for (std::size_t i = 0; i < std::max(left.columns.size(), right.columns.size()); ++i) {
    same = same && file_at(left, i) == file_at(right, i);
  }
  return same;
}

Result<LoadState> find_load(const Manifest& manifest, std::uint64_t load) {
  const auto found = std::ranges::find(manifest.loads, load, &LoadState::id);
  if (found != manifest.loads.end()) {
    return *found;
  }
  std::vector<std::uint64_t> last;
  for (auto known = manifest.loads.rbegin(); known != manifest.loads.rend() && last.size() < 10;
       ++known) {
    last.insert(last.begin(), known->id);
  }
  return fail(ErrorCode::kNotFound,
              fmt::format("There is no load {} in the ledger: it has {}, the last of which are "
                          "[{}]. `stave imports` lists them all.",
                          load, manifest.loads.size(), fmt::join(last, ", ")));
}

class Undo {
 public:
  Undo(Transaction& transaction, const Snapshot& snapshot, LoadState load)
      : transaction_(transaction), snapshot_(snapshot), load_(std::move(load)) {}

  Result<UndoReport> run() {
    report_.load = load_.id;
    report_.table = load_.table;
    Manifest& manifest = transaction_.manifest();
    for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
      if (auto taken = take_from_facts(manifest.schema.tables[i], manifest.tables[i]); !taken) {
        return pass(taken);
      }
    }
    const TableSchema* schema = manifest.schema.find_table(load_.table);
    if (schema != nullptr && schema->kind == TableKind::kDimension) {
      if (auto restored = restore_dimensions(); !restored) {
        return pass(restored);
      }
    }
    std::erase_if(manifest.loads, [&](const LoadState& other) { return other.id == load_.id; });
    manifest.operation = fmt::format("undo of load {} into {}", load_.id, load_.table);
    auto committed = transaction_.commit();
    if (!committed) {
      return pass(committed);
    }
    report_.snapshot = *committed;
    return report_;
  }

 private:
  Result<void> take_from_facts(const TableSchema& schema, TableState& table) {
    std::vector<SegmentState> left;
    std::uint64_t rows = 0;
    SegmentPacker packer(transaction_, schema.name);
    for (SegmentState& segment : table.segments) {
      const bool has_load = std::ranges::binary_search(segment.loads, load_.id);
      if (has_load && segment.loads.size() == 1) {
        ++report_.segments_dropped;
        continue;
      }
      if (has_load) {
        if (auto rewritten = take_from_segment(schema, packer, segment); !rewritten) {
          return rewritten;
        }
      }
      rows += segment.rows;
      left.push_back(std::move(segment));
    }
    if (auto packed = packer.finish(); !packed) {
      return packed;
    }
    packer.place(left);
    report_.rows += table.segments.empty() ? 0 : table.rows - rows;
    if (!table.segments.empty()) {
      table.rows = rows;
      table.segments = std::move(left);
    }
    return {};
  }

  Result<void> take_from_segment(const TableSchema& schema, SegmentPacker& packer,
                                 SegmentState& segment) {
    SegmentRewriter rewriter(transaction_, snapshot_, schema, Unreadable::kFails, &packer);
    const auto loads = rewriter.read_loads(segment);
    if (!loads) {
      return pass(loads);
    }
    const auto place = std::ranges::find(segment.loads, load_.id) - segment.loads.begin();
    std::vector<std::uint32_t> kept;
    for (std::uint32_t row = 0; row < loads->size(); ++row) {
      if ((*loads)[row] != static_cast<std::uint32_t>(place + 1)) {
        kept.push_back(row);
      }
    }
    if (kept.empty()) {
      return fail(ErrorCode::kDamaged,
                  fmt::format("Segment {} of {} lists several loads and has rows of one alone: {}. "
                              "Run `stave verify`.",
                              segment.id, schema.name, segment.load_of_row.path));
    }
    const SegmentState* const from[] = {&segment};
    auto rewritten = rewriter.write(from, kept, runs_of_kept(segment, kept));
    if (!rewritten) {
      return pass(rewritten);
    }
    rewritten->cluster_version = segment.cluster_version;
    segment = *std::move(rewritten);
    ++report_.segments_rewritten;
    return {};
  }

  Result<void> restore_dimensions() {
    const auto before = read_history(load_.snapshot - 1);
    if (!before) {
      return pass(before);
    }
    const auto after = read_history(load_.snapshot);
    if (!after) {
      return pass(after);
    }
    Manifest& manifest = transaction_.manifest();
    for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
      const TableState* old_state = before->find_table(manifest.tables[i].name);
      const TableState* new_state = after->find_table(manifest.tables[i].name);
      const bool is_changed = manifest.schema.tables[i].kind == TableKind::kDimension &&
                              old_state != nullptr && new_state != nullptr &&
                              !is_same(*old_state, *new_state);
      if (!is_changed) {
        continue;
      }
      if (!is_same(manifest.tables[i], *new_state)) {
        return changed_since(manifest.tables[i].name);
      }
      if (auto restored = restore(i, *old_state); !restored) {
        return restored;
      }
    }
    return {};
  }

  Result<Manifest> read_history(std::uint64_t snapshot) const {
    auto manifest = read_manifest(snapshot_.files(), snapshot);
    if (!manifest && manifest.error().code == ErrorCode::kNotFound) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("Load {} into {} cannot be undone: that needs the store as it was "
                              "before, and snapshot {} is no longer there. Import the right rows "
                              "over the wrong ones instead.",
                              load_.id, load_.table, snapshot));
    }
    return manifest;
  }

  Failure changed_since(const std::string& table) const {
    std::vector<std::string> later;
    for (const LoadState& other : snapshot_.manifest().loads) {
      if (other.snapshot > load_.snapshot && other.table == load_.table) {
        later.push_back(fmt::format("load {}", other.id));
      }
    }
    const std::string what =
        later.empty() ? "a later commit" : fmt::format("{}", fmt::join(later, ", "));
    return fail(ErrorCode::kUnsupported,
                fmt::format("Load {} into {} cannot be undone: table {} was changed since by {}. "
                            "Undo what came later first, the latest first.",
                            load_.id, load_.table, table, what));
  }

  Result<void> restore(std::size_t position, const TableState& old_state) {
    TableState& table = transaction_.manifest().tables[position];
    const TableSchema schema = transaction_.manifest().schema.tables[position];
    const TableState now = table;
    table = old_state;
    report_.rows += now.rows - std::min(now.rows, old_state.rows);
    report_.restored.push_back(table.name);
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
      const std::string& column = schema.columns[i].name;
      if (!is_clustered_through(transaction_.manifest().schema, table.name, column)) {
        continue;
      }
      const auto codes_now = codes_of(now, i);
      const auto codes_then = codes_of(old_state, i);
      if (!codes_now || !codes_then) {
        return codes_now ? pass(codes_then) : pass(codes_now);
      }
      const auto codes = static_cast<std::uint32_t>(now.positions);
      if (auto recorded = record_cluster_change(transaction_, table.name, column, codes, *codes_now,
                                                *codes_then);
          !recorded) {
        return recorded;
      }
    }
    return {};
  }

  // As many as the table has positions now.
  Result<std::vector<std::uint32_t>> codes_of(const TableState& state, std::size_t column) const {
    const std::uint64_t positions =
        std::max(state.positions, snapshot_.manifest().find_table(state.name)->positions);
    ColumnRows rows(Physical::kCode);
    if (column < state.columns.size() && state.columns[column].exists()) {
      const auto reader = snapshot_.open_column(state.columns[column], Physical::kCode);
      if (!reader) {
        return pass(reader);
      }
      if (auto read = rows.append(**reader, 0); !read) {
        return pass(read);
      }
    }
    rows.append_nulls(static_cast<std::uint32_t>(positions) - rows.rows());
    return rows.codes();
  }

  Transaction& transaction_;
  const Snapshot& snapshot_;
  LoadState load_;
  UndoReport report_;
};

}  // namespace

Result<UndoReport> undo_load(const std::shared_ptr<FileSystem>& files, std::uint64_t load) {
  return guarded("a load was undone", [&]() -> Result<UndoReport> {
    const auto transaction = Transaction::begin(files);
    if (!transaction) {
      return pass(transaction);
    }
    const auto snapshot = Snapshot::open(files);
    if (!snapshot) {
      return pass(snapshot);
    }
    auto entry = find_load((*transaction)->manifest(), load);
    if (!entry) {
      return pass(entry);
    }
    return Undo(**transaction, **snapshot, *std::move(entry)).run();
  });
}

Result<UndoReport> undo_load(const std::string& store, std::uint64_t load) {
  auto files = open_store_root(store);
  if (!files) {
    return pass(files);
  }
  return undo_load(*files, load);
}

}  // namespace stave
