// Finding reports and reading what they say about themselves.
#include "query/reports/report_catalogue.h"

#include <algorithm>
#include <set>
#include <span>

#include "query/syntax/lexer.h"
#include "query/syntax/parser.h"

namespace stave {
namespace {

constexpr std::string_view kFolder = "reports";
constexpr std::string_view kEnding = ".stq";
constexpr std::uint64_t kLargestReport = 1 << 20;

std::vector<std::string> own_names(const Snapshot& snapshot) {
  std::vector<std::string> names;
  const auto files = snapshot.files().list(std::string(kFolder));
  if (!files) return names;  // no such folder: no reports of one's own
  for (const std::string& file : *files) {
    if (file.size() > kEnding.size() && file.ends_with(kEnding)) {
      names.push_back(file.substr(0, file.size() - kEnding.size()));
    }
  }
  return names;
}

std::optional<std::string> own_text(const Snapshot& snapshot, const std::string& name) {
  const std::vector<std::string> names = own_names(snapshot);
  if (std::find(names.begin(), names.end(), name) == names.end()) return std::nullopt;
  const auto file = snapshot.files().open(std::string(kFolder) + "/" + name + std::string(kEnding));
  if (!file || (*file)->size() > kLargestReport) return std::nullopt;
  std::string text((*file)->size(), '\0');
  if (!(*file)->read(0, std::as_writable_bytes(std::span(text)))) return std::nullopt;
  return text;
}

bool has_parameter(const ReportDescription& description, const std::string& name) {
  return std::ranges::any_of(description.parameters,
                             [&](const ReportParameter& known) { return known.name == name; });
}

// `seen` are reports that were looked at already.
void add_parameters(const Snapshot& snapshot, const std::string& text, std::set<std::string>& seen,
                    ReportDescription& description) {
  const SourceText source(text, description.name);
  Diagnostics diagnostics(source);
  const ProgramSyntax program = parse(source, diagnostics);
  for (const DeclarationSyntax& declaration : program.declarations) {
    const auto* param = std::get_if<ParamSyntax>(&declaration);
    if (param == nullptr || has_parameter(description, param->name.text)) continue;
    description.parameters.push_back(
        {param->name.text, to_string(param->type),
         param->value ? std::string(source.slice(param->value->span)) : std::string()});
  }
  for (const Token& token : tokenize(source)) {
    if (token.kind != TokenKind::kQuoted || !seen.insert(token.text).second) continue;
    if (const auto inner = report_text(snapshot, token.text)) {
      add_parameters(snapshot, *inner, seen, description);
    }
  }
}

}  // namespace

std::vector<std::string> report_names(const Snapshot& snapshot) {
  std::vector<std::string> names = own_names(snapshot);
  for (const BuiltInReport& report : built_in_reports()) names.emplace_back(report.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::optional<std::string> report_text(const Snapshot& snapshot, const std::string& name) {
  if (auto own = own_text(snapshot, name)) return own;
  for (const BuiltInReport& report : built_in_reports()) {
    if (report.name == name) return std::string(report.text);
  }
  return std::nullopt;
}

ReportDescription describe_report(const Snapshot& snapshot, const std::string& name,
                                  const std::string& text) {
  ReportDescription description;
  description.name = name;
  if (text.starts_with('#')) {
    std::string line = text.substr(1, text.find('\n') - 1);
    if (line.ends_with('\r')) line.pop_back();
    description.summary = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  }
  std::set<std::string> seen{name};
  add_parameters(snapshot, text, seen, description);
  return description;
}

}  // namespace stave
