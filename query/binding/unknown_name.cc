// The report of a name that means nothing: what it may have meant, what there is, where it was
// lost.
#include <fmt/format.h>

#include "query/binding/expression_binder.h"
#include "query/syntax/spelling.h"

namespace stave {
namespace {

std::vector<std::string> visible_names(const BoundRelation& relation) {
  std::vector<std::string> names;
  for (const ScopeColumn& column : relation.columns) {
    if (!column.hidden) names.push_back(column.name);
  }
  return names;
}

std::string joined(const std::vector<NameSyntax>& path) {
  std::string out;
  for (const NameSyntax& part : path) out += (out.empty() ? "" : ".") + part.text;
  return out;
}

std::string lost_note(const LostName& lost) {
  return fmt::format("`{}` was dropped by `{}` on line {}", lost.name, lost.stage, lost.line);
}

}  // namespace

Typed ExpressionBinder::unknown_name(const ExpressionSyntax& syntax) {
  if (input_.broken) return poison(syntax.span);
  const std::vector<NameSyntax>& path = syntax.path;
  const std::string name = joined(path);
  const std::vector<std::string> scope = names_in_scope(input_, context_.schema());
  const std::vector<std::string> available = visible_names(input_);
  std::vector<std::string> notes;
  const Schema& schema = context_.schema();

  for (auto lost = input_.lost.rbegin(); lost != input_.lost.rend(); ++lost) {
    if (lost->name == name) {
      notes.push_back(lost_note(*lost));
      break;
    }
    if (path.size() > 1 && lost->name.find('.') == std::string::npos &&
        relation_of(lost->origin, path[0].text, schema) != nullptr) {
      notes.push_back(lost_note(*lost) + fmt::format("; `{}` needs it", path[0].text));
      break;
    }
  }
  if (path.size() == 1) {
    for (const ScopeColumn& column : input_.columns) {
      const RelationSchema* relation = relation_of(column.origin, name, schema);
      if (relation == nullptr) continue;
      return fault("E103", syntax.span, fmt::format("`{}` is a relation, not a column", name),
                   fmt::format("write `{}.` and a column of `{}`", name, relation->table));
    }
    if (scope.empty()) {
      const std::string meant = did_you_mean(name, {"null", "true", "false"});
      return fault("E104", syntax.span, fmt::format("there is no column here, so no `{}`", name),
                   meant.empty() ? "write a literal or a parameter" : meant);
    }
    return fault("E104", syntax.span,
                 fmt::format("no column `{}` in `{}` at this stage", name, input_.name),
                 did_you_mean(name, scope), available, notes);
  }
  if (input_.has_qualifier(path[0].text)) {
    return fault(
        "E104", syntax.span,
        fmt::format("no column `{}` in `{}`",
                    joined(std::vector<NameSyntax>(path.begin() + 1, path.end())), path[0].text),
        did_you_mean(name, scope), available, notes);
  }
  return fault("E103", syntax.span,
               fmt::format("no relation `{}` in `{}` at this stage", path[0].text, input_.name),
               did_you_mean(name, scope), available, notes);
}

}  // namespace stave
