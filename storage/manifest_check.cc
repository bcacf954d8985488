// Readers rely on these rules without asking again, so they are tested on both sides: a manifest
// that breaks one is damage when read, and our own bug when written.
#include "storage/manifest_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "storage/pack_check.h"
#include "storage/physical.h"
#include "storage/store_path.h"

namespace stave {
namespace {

Failure wrong(std::string message) {
  return fail(ErrorCode::kInternal, std::move(message));
}

Result<void> check_file(const FileReference& file, std::string_view owner) {
  if (file.is_packed || file.offset != 0) {
    return wrong(
        fmt::format("a file of {} that is not of a segment lies in a pack: {}", owner, file.path));
  }
  if (file.exists() && !is_store_path(file.path)) {
    return wrong(fmt::format("a file of {} lies outside the store: \"{}\"", owner, file.path));
  }
  return {};
}

Result<void> check_files(const std::vector<FileReference>& files, std::size_t most,
                         std::string_view owner) {
  if (files.size() > most) {
    return wrong(fmt::format("{} has {} files for {} columns", owner, files.size(), most));
  }
  for (const FileReference& file : files) {
    if (auto checked = check_file(file, owner); !checked) {
      return checked;
    }
  }
  return {};
}

// Made where something is wrong only: segments may be many.
std::string name_of(const SegmentState& segment, const TableState& table) {
  return fmt::format("segment {} of {}", segment.id, table.name);
}

Result<void> check_loads(const Manifest& manifest, const SegmentState& segment,
                         const TableState& table) {
  const bool ascend =
      std::ranges::adjacent_find(segment.loads, std::greater_equal()) == segment.loads.end();
  if (segment.loads.empty() || !ascend || segment.loads.back() >= manifest.next_load_id) {
    return wrong(fmt::format("the loads of {} are not in order below the next, {}: {} of them",
                             name_of(segment, table), manifest.next_load_id, segment.loads.size()));
  }
  if (segment.load_of_row.exists() != (segment.loads.size() > 1)) {
    return wrong(fmt::format("{} has rows of {} loads and {} file that tells them apart",
                             name_of(segment, table), segment.loads.size(),
                             segment.load_of_row.exists() ? "a" : "no"));
  }
  return {};
}

Result<void> check_segment(const Manifest& manifest, const TableSchema& schema,
                           const TableState& table, const SegmentState& segment) {
  if (segment.id >= manifest.next_segment_id || segment.cluster_version > table.cluster_version) {
    return wrong(fmt::format("{} is from the future: cluster version {} of {}",
                             name_of(segment, table), segment.cluster_version,
                             table.cluster_version));
  }
  if (auto checked = check_loads(manifest, segment, table); !checked) {
    return checked;
  }
  std::uint64_t rows = 0;
  for (const ClusterRun& run : segment.runs) {
    if (run.first_row != rows) {
      return wrong(fmt::format("the runs of {} do not follow each other at row {}",
                               name_of(segment, table), rows));
    }
    rows += run.rows;
  }
  if (rows != segment.rows) {
    return wrong(fmt::format("the runs of {} have {} rows of {}", name_of(segment, table), rows,
                             segment.rows));
  }
  if (segment.predictors.size() > segment.columns.size()) {
    return wrong(fmt::format("{} has {} predictors for {} files", name_of(segment, table),
                             segment.predictors.size(), segment.columns.size()));
  }
  for (std::size_t column = 0; column < segment.predictors.size(); ++column) {
    const std::uint32_t place = segment.predictors[column];
    if (place != 0 &&
        (place > table.predictors.size() || table.predictors[place - 1].column != column)) {
      return wrong(fmt::format("{} has no predictor {} for column {}", name_of(segment, table),
                               place, column));
    }
  }
  if (segment.columns.size() > schema.columns.size()) {
    return wrong(fmt::format("{} has {} files for {} columns", name_of(segment, table),
                             segment.columns.size(), schema.columns.size()));
  }
  return {};
}

bool is_predictable(const ColumnSchema& column) {
  return column.is_coded() || physical_of(column.type) == Physical::kInt64;
}

// A key is never predicted by a value itself, so that reading one column takes at most one other.
Result<void> check_predictors(const TableSchema& schema, const TableState& table) {
  const auto is_predicted = [&](std::uint32_t column) {
    return std::ranges::any_of(table.predictors, [&](const PredictorState& predictor) {
      return predictor.kind == PredictorKind::kValue && predictor.column == column;
    });
  };
  for (const PredictorState& predictor : table.predictors) {
    const std::size_t columns = schema.columns.size();
    const bool is_rank = predictor.kind == PredictorKind::kRank;
    bool fits = predictor.column < columns && predictor.key < columns &&
                is_predictable(schema.columns[predictor.column]);
    if (fits && is_rank) {
      fits = schema.columns[predictor.column].is_coded() && predictor.key == predictor.column;
    } else if (fits) {
      fits = schema.columns[predictor.key].is_coded() && predictor.key != predictor.column &&
             predictor.lists.empty() && !is_predicted(predictor.key);
    }
    std::set<std::uint32_t> clusters;
    for (const ClusterRun& list : predictor.lists) {
      fits = fits && clusters.insert(list.code).second;
    }
    if (!fits || !predictor.file.exists()) {
      return wrong(
          fmt::format("table {} has a predictor of column {} from column {} that cannot be",
                      table.name, predictor.column, predictor.key));
    }
    if (auto checked = check_file(predictor.file, table.name); !checked) {
      return checked;
    }
  }
  return {};
}

Result<void> check_fact(const Manifest& manifest, const TableSchema& schema,
                        const TableState& table, PackCheck& packs) {
  if (table.positions != 0 || table.present.exists() || !table.columns.empty()) {
    return wrong(fmt::format("fact table {} has the files of a dimension", table.name));
  }
  if (auto checked = check_predictors(schema, table); !checked) {
    return checked;
  }
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> ids;
  ids.reserve(table.segments.size());
  const SegmentState* before = nullptr;
  for (const SegmentState& segment : table.segments) {
    const bool in_order = before == nullptr || before->day < segment.day ||
                          (before->day == segment.day && before->id < segment.id);
    ids.push_back(segment.id);
    if (!in_order) {
      return wrong(fmt::format("the segments of {} are not ordered by day and id at segment {}",
                               table.name, segment.id));
    }
    if (auto checked = check_segment(manifest, schema, table, segment); !checked) {
      return checked;
    }
    if (auto checked = packs.check_segment(segment, table.name); !checked) {
      return checked;
    }
    before = &segment;
    rows += segment.rows;
  }
  std::ranges::sort(ids);
  if (const auto twice = std::ranges::adjacent_find(ids); twice != ids.end()) {
    return wrong(fmt::format("segment {} of {} is there twice", *twice, table.name));
  }
  if (rows != table.rows) {
    return wrong(
        fmt::format("table {} has {} rows and segments of {}", table.name, table.rows, rows));
  }
  std::uint64_t version = 0;
  for (const ClusterChange& change : table.cluster_changes) {
    if (change.version <= version || change.version > table.cluster_version) {
      return wrong(fmt::format("the cluster changes of {} are not in order at version {}",
                               table.name, change.version));
    }
    version = change.version;
    if (auto checked = check_file(change.codes, table.name); !checked) {
      return checked;
    }
  }
  return {};
}

Result<void> check_dimension(const TableSchema& schema, const TableState& table) {
  if (table.cluster_version != 0 || !table.cluster_changes.empty() || !table.segments.empty() ||
      !table.predictors.empty()) {
    return wrong(fmt::format("dimension {} has the segments of a fact table", table.name));
  }
  const bool fits = schema.is_code_addressed()
                        ? table.rows <= table.positions
                        : table.rows == table.positions && !table.present.exists();
  if (!fits || table.positions > kLargestCode) {
    return wrong(fmt::format("dimension {} has {} rows in {} positions", table.name, table.rows,
                             table.positions));
  }
  if (auto checked = check_file(table.present, table.name); !checked) {
    return checked;
  }
  return check_files(table.columns, schema.columns.size(), table.name);
}

Result<void> check_domain(const DomainState& domain) {
  std::uint64_t codes = 0;
  for (const DomainSegmentState& segment : domain.segments) {
    if (segment.count == 0 || segment.first_code != codes + 1 || !segment.file.exists()) {
      return wrong(fmt::format("the segments of domain {} do not follow each other after code {}",
                               domain.name, codes));
    }
    codes += segment.count;
    if (auto checked = check_file(segment.file, domain.name); !checked) {
      return checked;
    }
  }
  const bool is_empty = domain.kind == DictionaryKind::kEmpty;
  if (codes != domain.size || codes > kLargestCode || is_empty != (codes == 0)) {
    return wrong(
        fmt::format("domain {} has {} codes and segments of {}", domain.name, domain.size, codes));
  }
  return {};
}

Type type_of(const Manifest& manifest, const std::string& domain) {
  const DomainState* state = manifest.find_domain(domain);
  if (state == nullptr || state->kind == DictionaryKind::kEmpty) {
    return kNullType;
  }
  return state->kind == DictionaryKind::kInt64 ? kInt64Type : kStringType;
}

// A column's type and the values of its domain agree.
Result<void> check_coded_columns(const Manifest& manifest, const TableSchema& table) {
  for (const ColumnSchema& column : table.columns) {
    if (!column.is_coded()) {
      continue;
    }
    const Type held = type_of(manifest, column.domain);
    const bool fits =
        column.typed_by_domain ? column.type == held : held == kNullType || column.type == held;
    if (!fits) {
      return wrong(fmt::format("column {}.{} is {} and its domain {} holds {}", table.name,
                               column.name, to_string(column.type), column.domain,
                               to_string(held)));
    }
  }
  return {};
}

}  // namespace

Result<void> check_manifest(const Manifest& manifest) {
  if (auto checked = check_schema(manifest.schema); !checked) {
    return checked;
  }
  if (manifest.tables.size() != manifest.schema.tables.size()) {
    return wrong(fmt::format("there are {} tables and {} in the schema", manifest.tables.size(),
                             manifest.schema.tables.size()));
  }
  std::set<std::string_view> domains;
  for (const DomainState& domain : manifest.domains) {
    if (!domains.insert(domain.name).second) {
      return wrong(fmt::format("domain {} is there twice", domain.name));
    }
    if (auto checked = check_domain(domain); !checked) {
      return checked;
    }
  }
  PackCheck packs;
  if (auto checked = packs.start(manifest.packs); !checked) {
    return checked;
  }
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    const TableSchema& schema = manifest.schema.tables[i];
    const TableState& table = manifest.tables[i];
    if (table.name != schema.name) {
      return wrong(fmt::format("table {} is named {} in the schema", table.name, schema.name));
    }
    auto checked = check_coded_columns(manifest, schema);
    if (checked) {
      checked = schema.kind == TableKind::kFact ? check_fact(manifest, schema, table, packs)
                                                : check_dimension(schema, table);
    }
    if (!checked) {
      return checked;
    }
  }
  if (auto checked = packs.finish(); !checked) {
    return checked;
  }
  for (const LoadState& load : manifest.loads) {
    if (load.id >= manifest.next_load_id) {
      return wrong(
          fmt::format("load {} is not below the next, {}", load.id, manifest.next_load_id));
    }
    if (load.snapshot > manifest.snapshot) {
      return wrong(fmt::format("load {} came with snapshot {}, after this one, {}", load.id,
                               load.snapshot, manifest.snapshot));
    }
  }
  return {};
}

void type_columns_by_domain(Manifest& manifest) {
  for (TableSchema& table : manifest.schema.tables) {
    for (ColumnSchema& column : table.columns) {
      if (column.typed_by_domain) {
        column.type = type_of(manifest, column.domain);
      }
    }
  }
}

}  // namespace stave
