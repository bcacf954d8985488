// Sources, the run over the stages, and what several stages share.
#include "query/binding/pipeline_binder.h"

#include <fmt/format.h>

#include <algorithm>

#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"

namespace stave {

BoundRelation PipelineBinder::bind(const PipelineSyntax& pipeline, bool may_describe) {
  relation_ = source(pipeline.source);
  for (std::size_t i = 0; i < pipeline.stages.size(); ++i) {
    const bool is_last = may_describe && i + 1 == pipeline.stages.size();
    stage(pipeline.stages[i], is_last);
  }
  return std::move(relation_);
}

BoundRelation PipelineBinder::scan(const TableSchema& table) {
  BoundRelation relation;
  relation.name = table.name;
  ScanNode node;
  node.table = table.name;
  std::vector<Field> fields;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const ColumnSchema& column = table.columns[i];
    const Type type = type_of(column, context_.snapshot.manifest());
    node.columns.push_back(static_cast<int>(i));
    fields.push_back({column.name, type});
    ScopeColumn scope{column.name, type};
    if (column.is_coded()) scope.origin = {table.name, column.name};
    relation.columns.push_back(std::move(scope));
  }
  if (table.kind == TableKind::kFact && !table.time_column.empty() &&
      table.find_column("day") < 0) {
    node.columns.push_back(kDayColumn);
    fields.push_back({"day", kDateType});
    ScopeColumn day{"day", kDateType};
    day.hidden = true;
    relation.columns.push_back(std::move(day));
  }
  if (table.kind == TableKind::kDimension) {
    relation.is_unique = true;
    for (const std::string& key : table.key) relation.unique.push_back(table.find_column(key));
  }
  relation.plan = make_plan(std::move(node), std::move(fields));
  return relation;
}

BoundRelation PipelineBinder::named_source(const NameSyntax& name) {
  const auto let = context_.relations.find(name.text);
  if (let != context_.relations.end()) {
    BoundRelation relation = let->second;
    relation.name = name.text;
    return relation;
  }
  if (const TableSchema* table = context_.schema().resolve_table(name.text)) return scan(*table);
  if (context_.bind_report) {
    if (auto report = context_.bind_report(name.text, name.span, context_)) {
      return std::move(*report);
    }
  }
  std::vector<std::string> names;
  for (const auto& [relation, bound] : context_.relations) names.push_back(relation);
  std::vector<std::string> tables;
  for (const TableSchema& table : context_.schema().tables) tables.push_back(table.name);
  names.insert(names.end(), tables.begin(), tables.end());
  names.insert(names.end(), context_.report_names.begin(), context_.report_names.end());
  context_.diagnostics.add({"E101", name.span, fmt::format("no table `{}`", name.text),
                            did_you_mean(name.text, names), names});
  BoundRelation broken;
  broken.name = name.text;
  broken.broken = true;
  broken.plan = make_plan(ScanNode{}, {});
  return broken;
}

BoundRelation PipelineBinder::source(const SourceSyntax& syntax) {
  BoundRelation relation;
  if (syntax.pipeline) {
    relation = PipelineBinder(context_).bind(*syntax.pipeline, false);
  } else {
    relation = named_source(syntax.name);
  }
  const std::string qualifier = syntax.alias ? syntax.alias->text : syntax.name.text;
  // A join's other keys have had their use.
  std::vector<NamedExpression> kept;
  std::vector<ScopeColumn> columns;
  std::vector<int> moved(relation.columns.size(), -1);
  for (std::size_t i = 0; i < relation.columns.size(); ++i) {
    ScopeColumn& column = relation.columns[i];
    if (column.hidden && column.name.find('.') != std::string::npos) continue;
    moved[i] = static_cast<int>(columns.size());
    kept.push_back({column.name, column_of(static_cast<int>(i), column.type)});
    column.qualified.clear();
    if (!qualifier.empty()) column.qualified.push_back({qualifier, column.name});
    columns.push_back(std::move(column));
  }
  if (columns.size() != moved.size()) relation.plan = project(relation.plan, std::move(kept));
  for (int& position : relation.unique) position = moved[static_cast<std::size_t>(position)];
  relation.columns = std::move(columns);
  if (syntax.alias) relation.name = qualifier;
  return relation;
}

bool PipelineBinder::has_room() {
  if (context_.stages_left < 0) return false;
  if (--context_.stages_left >= 0) return true;
  context_.diagnostics.add({"E003", word_, "the program has too many stages",
                            "keep part of its result and go on from there"});
  return false;
}

int PipelineBinder::line() const {
  return context_.diagnostics.source().place(word_.begin).line;
}

void PipelineBinder::stage(const StageSyntax& syntax, bool is_last) {
  word_ = syntax.word;
  if (!has_room()) return;
  struct Visitor {
    PipelineBinder& binder;
    bool is_last;
    void operator()(const WhereSyntax& stage) { binder.where(stage); }
    void operator()(const DeriveSyntax& stage) { binder.derive(stage); }
    void operator()(const SelectSyntax& stage) { binder.select(stage); }
    void operator()(const DropSyntax& stage) { binder.drop(stage); }
    void operator()(const RenameSyntax& stage) { binder.rename(stage); }
    void operator()(const SummarizeSyntax& stage) { binder.summarize(stage); }
    void operator()(const SortSyntax& stage) { binder.sort(stage); }
    void operator()(const TakeSyntax& stage) { binder.take(stage); }
    void operator()(const TopSyntax& stage) { binder.top(stage); }
    void operator()(const DistinctSyntax& stage) { binder.distinct(stage); }
    void operator()(const ExpandSyntax& stage) { binder.expand(stage); }
    void operator()(const JoinSyntax& stage) { binder.join(stage); }
    void operator()(const UnionSyntax& stage) { binder.unite(stage); }
    void operator()(const ExpectSyntax& stage) { binder.expect(stage); }
    void operator()(const DescribeSyntax&) {
      if (is_last) return;
      binder.context_.diagnostics.add(
          {"E309", binder.word_, "`describe` is the last stage of a result", "move it to the end"});
    }
  };
  std::visit(Visitor{*this, is_last}, syntax.body);
}

void PipelineBinder::add_windows(std::vector<WindowCall> calls) {
  if (calls.empty()) return;
  std::vector<Field> fields = relation_.plan->fields;
  for (const WindowCall& window : calls) fields.push_back({window.name, window.type});
  relation_.plan = make_plan(WindowNode{relation_.plan, std::move(calls)}, std::move(fields));
}

// Remembers the names that were there before and are not any more.
void PipelineBinder::lose(const std::vector<ScopeColumn>& before, const char* stage_name) {
  for (const ScopeColumn& column : before) {
    if (relation_.find(column.name) < 0) {
      relation_.lost.push_back({column.name, column.origin, stage_name, line()});
    }
    for (const ScopeColumn::Qualified& also : column.qualified) {
      if (relation_.find_qualified(also.qualifier, also.name) < 0) {
        relation_.lost.push_back(
            {also.qualifier + "." + also.name, column.origin, stage_name, line()});
      }
    }
  }
}

void PipelineBinder::become(std::vector<Made> columns, const char* stage_name) {
  const std::vector<ScopeColumn> before = std::move(relation_.columns);
  std::vector<NamedExpression> made;
  std::vector<int> moved(before.size(), -1);
  relation_.columns.clear();
  for (Made& column : columns) {
    ScopeColumn scope{column.name, column.value.type(), column.value.origin};
    scope.poisoned = column.value.poisoned;
    const Expression& expression = column.value.expression;
    if (expression.kind == ExpressionKind::kColumn &&
        static_cast<std::size_t>(expression.column) < before.size()) {
      const auto from = static_cast<std::size_t>(expression.column);
      if (moved[from] < 0) moved[from] = static_cast<int>(relation_.columns.size());
      if (column.keeps_names) scope.qualified = before[from].qualified;
    }
    made.push_back({column.name, std::move(column.value.expression)});
    relation_.columns.push_back(std::move(scope));
  }
  relation_.plan = project(relation_.plan, std::move(made));
  for (int& position : relation_.unique) {
    position = moved[static_cast<std::size_t>(position)];
    if (position < 0) relation_.is_unique = false;
  }
  if (!relation_.is_unique) relation_.unique.clear();
  lose(before, stage_name);
}

void PipelineBinder::keep_visible() {
  std::vector<Made> columns;
  const ExpressionBinder binder(context_, relation_);
  for (const int position : relation_.visible()) {
    columns.push_back({relation_.columns[static_cast<std::size_t>(position)].name,
                       binder.column(position), true});
  }
  if (columns.size() != relation_.columns.size()) become(std::move(columns), "");
}

std::string PipelineBinder::name_of_item(const ItemSyntax& item) {
  if (item.name) return item.name->text;
  if (item.expression.kind == SyntaxKind::kPath) return item.expression.path.back().text;
  context_.diagnostics.add(
      {"E307", item.expression.span, "this needs a name", "write `name = ...` before it"});
  return "";
}

std::vector<PipelineBinder::Made> PipelineBinder::bind_items(const std::vector<ItemSyntax>& items,
                                                             std::vector<WindowCall>* windows) {
  std::vector<Made> columns;
  for (const ItemSyntax& item : items) {
    ExpressionBinder binder(context_, relation_);
    binder.allow_windows(windows);
    Typed value = binder.bind(item.expression);
    if (value.duration && !value.poisoned) {
      context_.diagnostics.add(lone_duration(item.expression.span));
      value.poisoned = true;
    }
    const std::string name = name_of_item(item);
    const auto same = [&](const Made& other) { return other.name == name; };
    if (!name.empty() && std::any_of(columns.begin(), columns.end(), same)) {
      context_.diagnostics.add({"E106", item.name ? item.name->span : item.expression.span,
                                fmt::format("two columns are called `{}`", name),
                                "give one another name: `other = ...`"});
      continue;
    }
    columns.push_back({name, std::move(value), !item.name});
  }
  return columns;
}

std::optional<std::uint64_t> PipelineBinder::number(const NumberSyntax& syntax, const char* what) {
  if (syntax.parameter.empty()) return syntax.value;
  const auto found = context_.parameters.find(syntax.parameter);
  if (found == context_.parameters.end()) {
    std::vector<std::string> names;
    for (const auto& [name, value] : context_.parameters) names.push_back(name);
    context_.diagnostics.add({"E107", syntax.span,
                              fmt::format("no parameter `{}`", syntax.parameter),
                              did_you_mean(syntax.parameter, names)});
    return std::nullopt;
  }
  const auto* count = std::get_if<std::int64_t>(&found->second.data);
  if (context_.parameters_may_lack && found->second.type.kind == TypeKind::kInt64 &&
      count == nullptr) {
    return 0;
  }
  if (found->second.type.kind != TypeKind::kInt64 || count == nullptr || *count < 0) {
    context_.diagnostics.add({"E207", syntax.span,
                              fmt::format("`{}` needs a number of rows that is not negative", what),
                              fmt::format("declare `param {}: i64`", syntax.parameter)});
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*count);
}

}  // namespace stave
