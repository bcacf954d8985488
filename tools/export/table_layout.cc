// Columns, folders and pieces of a table's export. A piece is a period or, where its clustering is
// sound, some of its clusters; neighbours stay together, so that a block is rarely decoded twice.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "engine/make_expression.h"
#include "query/values/value_text.h"
#include "storage/store_path.h"
#include "tools/export/slugs.h"
#include "tools/export/table_export.h"
#include "tools/export/table_piece.h"

namespace stave {
namespace {

constexpr std::uint64_t kPieceRows = std::uint64_t{1} << 19;

// The name, or the first of it with underscores that no field has. Engines compare names without
// regard to case.
std::string unused_name(std::string name, const std::vector<Field>& fields) {
  const auto is_taken = [&] {
    return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
      return normalized_header(field.name) == normalized_header(name);
    });
  };
  if (is_taken()) name = "partition_" + name;
  while (is_taken()) name += "x";
  return name;
}

// "genre" for the column `track_genre` of the relation `track`.
std::string short_name(const TableSchema& schema) {
  const std::string prefix = schema.cluster_relation + "_";
  return schema.cluster_column.starts_with(prefix) ? schema.cluster_column.substr(prefix.size())
                                                   : schema.cluster_column;
}

}  // namespace

TableExport::TableExport(const TableSchema& schema, ExecutionContext& context)
    : schema_(schema), context_(context), folder_(safe_file_name(schema.name)) {}
TableExport::~TableExport() = default;

Result<std::unique_ptr<TableExport>> TableExport::open(const TableSchema& schema, ExportBy by,
                                                       ExecutionContext& context) {
  std::unique_ptr<TableExport> table(new TableExport(schema, context));
  if (auto laid_out = table->lay_out(by); !laid_out) return pass(laid_out);
  return table;
}

Result<void> TableExport::lay_out(ExportBy by) {
  ScanNode scan;
  scan.table = schema_.name;
  std::vector<Expression> expressions;
  for (const ColumnSchema& column : schema_.columns) {
    const int position = static_cast<int>(scan.columns.size());
    scan.columns.push_back(position);
    fields_.push_back({column.name, column.type});
    expressions.push_back(column_expression(static_cast<std::size_t>(position), column.type));
  }
  if (by == ExportBy::kMonth && !schema_.time_column.empty() && schema_.find_column("day") < 0) {
    expressions.push_back(column_expression(scan.columns.size(), kDateType));
    scan.columns.push_back(kDayColumn);
    fields_.push_back({"day", kDateType});
  }
  auto pipeline = Pipeline::over_scan(scan, fields_, context_);
  if (!pipeline) return pass(pipeline);
  pipeline_ = std::move(*pipeline);

  const std::vector<Field> stored = fields_;
  if (pipeline_.has_clusters()) {
    const RelationSchema& relation = *schema_.find_relation(schema_.cluster_relation);
    const TableSchema& target = *context_.snapshot().manifest().schema.find_table(relation.table);
    const ColumnSchema& column =
        target.columns[static_cast<std::size_t>(target.find_column(schema_.cluster_column))];
    const int key = schema_.find_column(relation.column);
    Expression look_up;
    look_up.kind = ExpressionKind::kLookup;
    look_up.type = column.type;
    look_up.table = relation.table;
    look_up.table_column = column.name;
    look_up.arguments = {expressions[static_cast<std::size_t>(key)]};
    expressions.push_back(look_up);
    fields_.push_back({unused_name(column.name, stored), column.type});
    auto clusters = context_.domain(column.domain);
    if (!clusters) return pass(clusters);
    clusters_ = std::move(*clusters);
    slugs_ = slugs_of(*clusters_);
    partition_.cluster = unused_name(short_name(schema_) + "_key", fields_);
    partition_.of = fields_.back().name;
  }
  if (pipeline_.has_days()) {
    partition_.period = unused_name(by == ExportBy::kDay ? "day" : "month", fields_);
  }
  auto reader = pipeline_.read(expressions, context_);
  if (!reader) return pass(reader);
  reader_ = std::move(*reader);
  if (clusters_ && reader_->shapes().back().representation != Representation::kCode) {
    return fail(ErrorCode::kInternal,
                "The clustering values of " + schema_.name + " are no codes.");
  }
  // Files are told apart by the codes of the clustering value.
  std::vector<ColumnShape> shapes = reader_->shapes();
  if (clusters_) shapes.pop_back();
  auto integer_keys = IntegerKeys::find(shapes, rows(), context_);
  if (!integer_keys) return pass(integer_keys);
  integer_keys_ = std::move(*integer_keys);
  workers_.resize(static_cast<std::size_t>(context_.threads()));
  cut_pieces(by);
  return {};
}

std::uint64_t TableExport::rows() const {
  return context_.snapshot().manifest().find_table(schema_.name)->rows;
}

std::size_t TableExport::pieces() const {
  return pieces_.size();
}

std::string TableExport::period_of(std::int32_t day, ExportBy by) const {
  if (day == kNoDay) return std::string(kNoPeriod);
  std::string text;
  append_date(day, text);
  return by == ExportBy::kDay ? text : text.substr(0, text.rfind('-'));
}

std::string TableExport::place_of(const PartitionKey& key) const {
  std::string place = folder_;
  if (!partition_.period.empty()) place += fmt::format("/{}={}", partition_.period, key.period);
  if (!partition_.cluster.empty()) place += fmt::format("/{}={}", partition_.cluster, key.slug);
  return place;
}

void TableExport::cut_pieces(ExportBy by) {
  if (!pipeline_.has_days()) {
    pieces_.emplace_back();
    pieces_.back().parts.push_back({{}, pipeline_.morsels(MorselCut::kBlocks), rows()});
    return;
  }
  const bool clustered = pipeline_.has_clusters();
  const auto scopes = pipeline_.scopes(clustered ? ScopeKind::kDayAndCluster : ScopeKind::kDay);
  std::size_t begin = 0;
  while (begin < scopes.size()) {
    const std::string period = period_of(scopes[begin].day, by);
    // Of each clustering value, null last; a stale day makes the whole period one to be sorted row
    // by row.
    std::map<std::uint32_t, Piece::Part> parts;
    bool is_sound = true;
    std::size_t end = begin;
    for (; end < scopes.size() && period_of(scopes[end].day, by) == period; ++end) {
      is_sound = is_sound && (!clustered || scopes[end].has_code);
    }
    Piece mixed;
    mixed.by_row = clustered && !is_sound;
    for (std::size_t i = begin; i < end; ++i) {
      Piece::Part& part = parts[mixed.by_row || !clustered ? 0 : scopes[i].code - 1];
      part.key.period = period;
      if (clustered && is_sound) part.key.slug = slugs_[scopes[i].code];
      part.morsels.insert(part.morsels.end(), scopes[i].morsels.begin(), scopes[i].morsels.end());
      part.rows += scopes[i].rows;
    }
    std::uint64_t rows = 0;
    pieces_.push_back(std::move(mixed));
    for (auto& [code, part] : parts) {
      if (rows >= kPieceRows) {
        pieces_.emplace_back();
        rows = 0;
      }
      rows += part.rows;
      pieces_.back().parts.push_back(std::move(part));
    }
    begin = end;
  }
  if (pieces_.empty()) {
    pieces_
        .emplace_back();  // a table without rows has a file all the same, which tells its columns
    pieces_.back().parts.push_back({{std::string(kNoPeriod), std::string(kNullSlug)}, {}, 0});
  }
}

std::vector<ClusterSlug> TableExport::slugs_in(const std::vector<ExportedFile>& files) const {
  std::map<std::string, std::uint32_t> codes;
  for (std::uint32_t code = 1; code < slugs_.size(); ++code) codes.emplace(slugs_[code], code);
  std::map<std::string, std::string> values;
  for (const ExportedFile& file : files) {
    const auto code = codes.find(file.key.slug);
    if (code != codes.end()) values.emplace(file.key.slug, text_of(*clusters_, code->second));
  }
  std::vector<ClusterSlug> slugs;
  slugs.reserve(values.size());
  for (const auto& [slug, value] : values) slugs.push_back({slug, value});
  return slugs;
}

}  // namespace stave
