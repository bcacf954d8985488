// Day by day, and of a day column by column, so that memory is bounded by one column of one
// segment. Segments are merged in the order of their ids, which is that of loads; where cluster and
// time are equal, rows stay in that order, as if they had come with one load.
#include "storage/compact_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "storage/guarded.h"
#include "storage/pack_plan.h"
#include "storage/pack_writer.h"
#include "storage/segment_rewriter.h"
#include "storage/store_root.h"

namespace stave {
namespace {

// As much as an import puts into one segment.
constexpr std::uint64_t kMostSegmentRows = 4'000'000;

using Segments = std::vector<const SegmentState*>;

// By key code - 1: the code that facts are clustered by. Empty where a table is not clustered.
struct Clustering {
  int column = -1;
  std::vector<std::uint32_t> codes;

  std::uint32_t of(std::uint32_t key) const {
    return key == kNullCode || key > codes.size() ? kNullCode : codes[key - 1];
  }
};

Result<Clustering> read_clustering(const Snapshot& snapshot, const TableSchema& schema) {
  Clustering clustering;
  const Manifest& manifest = snapshot.manifest();
  const RelationSchema* relation = schema.find_relation(schema.cluster_relation);
  const TableSchema* target =
      relation == nullptr ? nullptr : manifest.schema.find_table(relation->table);
  const int column = target == nullptr ? -1 : target->find_column(schema.cluster_column);
  if (column < 0 || !target->columns[static_cast<std::size_t>(column)].is_coded()) {
    return clustering;
  }
  clustering.column = schema.find_column(relation->column);
  const TableState& state = *manifest.find_table(target->name);
  if (static_cast<std::size_t>(column) >= state.columns.size() ||
      !state.columns[static_cast<std::size_t>(column)].exists()) {
    return clustering;
  }
  const auto reader =
      snapshot.open_column(state.columns[static_cast<std::size_t>(column)], Physical::kCode);
  if (!reader) {
    return pass(reader);
  }
  ColumnRows rows(Physical::kCode);
  if (auto read = rows.append(**reader, 0); !read) {
    return pass(read);
  }
  clustering.codes = rows.codes();
  return clustering;
}

class TableCompaction {
 public:
  TableCompaction(Transaction& transaction, const Snapshot& snapshot, const TableSchema& schema,
                  bool is_dry)
      : snapshot_(snapshot),
        schema_(schema),
        is_dry_(is_dry),
        packer_(transaction, schema.name),
        rewriter_(transaction, snapshot, schema, Unreadable::kFails, &packer_) {}

  Result<CompactedTable> run(const Manifest& manifest, TableState& table) {
    CompactedTable done;
    done.table = schema_.name;
    for (const ClusterChange& change : table.cluster_changes) {
      latest_change_ = std::max(latest_change_, change.version);
    }
    cluster_version_ = table.cluster_version;
    std::vector<SegmentState> after;
    std::int32_t last_day_done = 0;
    const std::vector<Segments> groups = groups_of(table);
    const std::set<std::uint64_t> gathered = plan_gathering(manifest, groups);
    done.gathered = gathered.size();
    for (const Segments& group : groups) {
      if (is_kept(group)) {
        after.push_back(*group.front());
        if (!is_dry_ && gathered.contains(group.front()->id)) {
          const auto moved = packer_.add_as_is(snapshot_.files(), open_packs_, *group.front());
          if (!moved) {
            return pass(moved);
          }
        }
        continue;
      }
      const auto stale = static_cast<std::uint64_t>(std::ranges::count_if(
          group, [&](const SegmentState* segment) { return is_stale(*segment); }));
      done.days += done.days == 0 || last_day_done != group.front()->day ? 1 : 0;
      last_day_done = group.front()->day;
      done.segments_before += group.size();
      done.segments_after += 1;
      done.stale_before += stale;
      for (const SegmentState* segment : group) {
        done.rows += segment->rows;
      }
      if (!is_dry_) {
        auto merged = merge(group);
        if (!merged) {
          return pass(merged);
        }
        after.push_back(*std::move(merged));
      }
    }
    if (is_dry_ || (done.segments_before == 0 && gathered.empty())) {
      return done;
    }
    if (auto packed = packer_.finish(); !packed) {
      return pass(packed);
    }
    packer_.place(after);
    table.segments = std::move(after);
    drop_changes(table);
    return done;
  }

 private:
  bool is_stale(const SegmentState& segment) const {
    return segment.cluster_version < latest_change_;
  }

  bool is_kept(const Segments& group) const {
    return group.size() == 1 && !is_stale(*group.front());
  }

  // Which of the segments that are kept go into packs with others.
  std::set<std::uint64_t> plan_gathering(const Manifest& manifest,
                                         const std::vector<Segments>& groups) const {
    Segments kept;
    bool adds_small = false;
    for (const Segments& group : groups) {
      if (is_kept(group)) {
        kept.push_back(group.front());
        continue;
      }
      std::uint64_t bytes = 0;
      for (const SegmentState* segment : group) {
        bytes += bytes_of(*segment);
      }
      adds_small = adds_small || bytes <= kPackedSegmentBytes;
    }
    return segments_to_gather(manifest, kept, adds_small);
  }

  // Neighbours of one day, no more rows together than a segment has.
  static std::vector<Segments> groups_of(const TableState& table) {
    std::vector<Segments> groups;
    std::uint64_t rows = 0;
    for (const SegmentState& segment : table.segments) {
      const bool joins = !groups.empty() && groups.back().front()->day == segment.day &&
                         rows + segment.rows <= kMostSegmentRows;
      if (!joins) {
        groups.emplace_back();
        rows = 0;
      }
      groups.back().push_back(&segment);
      rows += segment.rows;
    }
    return groups;
  }

  Result<SegmentState> merge(const Segments& group) {
    auto clusters = clusters_of(group);
    if (!clusters) {
      return pass(clusters);
    }
    auto order = order_of(group, *clusters);
    if (!order) {
      return pass(order);
    }
    std::vector<ClusterRun> runs;
    for (std::uint32_t row = 0; row < order->size(); ++row) {
      const std::uint32_t code = clusters->empty() ? kNullCode : (*clusters)[(*order)[row]];
      if (runs.empty() || runs.back().code != code) {
        runs.push_back({code, row, 0});
      }
      ++runs.back().rows;
    }
    auto merged = rewriter_.write(group, *order, std::move(runs));
    if (merged) {
      merged->cluster_version = cluster_version_;
    }
    return merged;
  }

  // The cluster code of each row; empty where the table is not clustered.
  Result<std::vector<std::uint32_t>> clusters_of(const Segments& group) {
    if (!clustering_is_read_) {
      auto clustering = read_clustering(snapshot_, schema_);
      if (!clustering) {
        return pass(clustering);
      }
      clustering_ = *std::move(clustering);
      clustering_is_read_ = true;
    }
    if (clustering_.column < 0) {
      return std::vector<std::uint32_t>();
    }
    const auto keys = rewriter_.read(group, static_cast<std::size_t>(clustering_.column));
    if (!keys) {
      return pass(keys);
    }
    std::vector<std::uint32_t> clusters;
    clusters.reserve(keys->rows());
    for (const std::uint32_t key : keys->codes()) {
      clusters.push_back(clustering_.of(key));
    }
    return clusters;
  }

  // By cluster, the unknown last, then time, then as they come.
  Result<std::vector<std::uint32_t>> order_of(const Segments& group,
                                              const std::vector<std::uint32_t>& clusters) {
    const int column = schema_.find_column(schema_.time_column);
    auto times = column < 0 ? Result<ColumnRows>(ColumnRows(Physical::kInt64))
                            : rewriter_.read(group, static_cast<std::size_t>(column));
    if (!times) {
      return pass(times);
    }
    const std::vector<std::int64_t>& time_of = times->int64s();
    std::uint32_t rows = 0;
    for (const SegmentState* segment : group) {
      rows += segment->rows;
    }
    std::vector<std::uint32_t> order(rows);
    std::iota(order.begin(), order.end(), 0U);
    const auto key = [&](std::uint32_t row) {
      // Code 0 less one is the greatest.
      return std::tuple(clusters.empty() ? 0U : clusters[row] - 1U,
                        time_of.empty() ? std::int64_t{0} : time_of[row]);
    };
    std::ranges::stable_sort(order, {}, key);
    return order;
  }

  // Those that every segment has taken into account.
  static void drop_changes(TableState& table) {
    std::uint64_t oldest = table.cluster_version;
    for (const SegmentState& segment : table.segments) {
      oldest = std::min(oldest, segment.cluster_version);
    }
    std::erase_if(table.cluster_changes,
                  [&](const ClusterChange& change) { return change.version <= oldest; });
  }

  const Snapshot& snapshot_;
  const TableSchema& schema_;
  bool is_dry_;
  OpenPacks open_packs_;
  SegmentPacker packer_;
  SegmentRewriter rewriter_;
  std::uint64_t latest_change_ = 0;
  std::uint64_t cluster_version_ = 0;
  bool clustering_is_read_ = false;
  Clustering clustering_;
};

Result<void> check_table(const Manifest& manifest, const std::string& name) {
  const TableSchema* schema = name.empty() ? nullptr : manifest.schema.find_table(name);
  if (!name.empty() && (schema == nullptr || schema->kind != TableKind::kFact)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("There is no table of facts to compact by this name: {}. `stave "
                            "describe` lists the tables and their kinds.",
                            name));
  }
  return {};
}

Result<CompactReport> compact(const std::shared_ptr<FileSystem>& files,
                              const CompactOptions& options) {
  const auto transaction = Transaction::begin(files);
  if (!transaction) {
    return pass(transaction);
  }
  const auto snapshot = Snapshot::open(files);
  if (!snapshot) {
    return pass(snapshot);
  }
  Manifest& manifest = (*transaction)->manifest();
  if (auto known = check_table(manifest, options.table); !known) {
    return pass(known);
  }
  CompactReport report;
  report.snapshot = manifest.snapshot;
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    const TableSchema& schema = manifest.schema.tables[i];
    if (schema.kind != TableKind::kFact ||
        (!options.table.empty() && options.table != schema.name)) {
      continue;
    }
    auto done = TableCompaction(**transaction, **snapshot, schema, options.dry_run)
                    .run((*snapshot)->manifest(), manifest.tables[i]);
    if (!done) {
      return pass(done);
    }
    if (done->segments_before > 0 || done->gathered > 0) {
      report.tables.push_back(*std::move(done));
    }
  }
  if (report.tables.empty() || options.dry_run) {
    return report;
  }
  manifest.operation = options.table.empty() ? "compact" : "compact of " + options.table;
  const auto committed = (*transaction)->commit();
  if (!committed) {
    return pass(committed);
  }
  report.snapshot = *committed;
  return report;
}

}  // namespace

Result<CompactReport> compact_store(const std::shared_ptr<FileSystem>& files,
                                    const CompactOptions& options) {
  return guarded("a store was compacted", [&] { return compact(files, options); });
}

Result<CompactReport> compact_store(const std::string& store, const CompactOptions& options) {
  auto files = open_store_root(store);
  if (!files) {
    return pass(files);
  }
  return compact_store(*files, options);
}

}  // namespace stave
