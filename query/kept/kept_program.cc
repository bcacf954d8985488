// The finger print of a program covers its texts, not its plan: a plan says more than what is
// asked, and changes with the data.
#include "query/kept/kept_program.h"

#include "query/planning/optimize.h"
#include "query/reports/report_catalogue.h"
#include "stave/version.h"
#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/schema_bytes.h"

namespace stave {
namespace {

std::uint64_t fingerprint_of(const std::string& text, const CompiledProgram& compiled,
                             const KeptQuestion& question, const Manifest& manifest) {
  std::string bytes;
  ByteWriter out(bytes);
  out.write_text(version());
  out.write_text(question.report);
  out.write_text(text);
  for (const std::string& report : compiled.reports) out.write_text(report);
  for (const auto& [name, value] : question.parameters) {
    out.write_text(name);
    out.write_text(value);
  }
  out.write_i64(compiled.asks_now ? compiled.now : 0);
  out.write_text(manifest.timezone);
  write_schema(manifest.schema, out);
  return checksum_of(bytes);
}

}  // namespace

QueryOptions options_of(const KeptQuestion& question, const QueryOptions& like) {
  QueryOptions options = like;
  options.parameters = question.parameters;
  options.now = question.now;
  options.origin = question.report;
  return options;
}

Result<std::optional<KeptProgram>> compile_kept(const Snapshot& snapshot, const std::string& name,
                                                const QueryOptions& options, std::string& why_not) {
  const auto text = report_text(snapshot, name);
  if (!text) {
    why_not = "There is no report " + name + ". `stave report STORE` lists them.";
    return std::nullopt;
  }
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> warnings;
  auto compiled =
      compile(snapshot, *text, options, diagnostics, warnings, CompileFor::kTranslating);
  if (!compiled) return pass(compiled);
  if (compiled->pipelines.size() != 1 || compiled->pipelines[0].describe) {
    why_not = "Only a report of one result is kept, and " + name + " has " +
              std::to_string(compiled->pipelines.size()) + ". Make a report of each.";
    return std::nullopt;
  }
  if (compiled->asks_now && options.now.empty()) {
    why_not = "The report " + name +
              " asks for the present time, so what is kept would be out of date at once. Give the "
              "time it is for with `--now`, or the day as a parameter.";
    return std::nullopt;
  }
  const Manifest& manifest = snapshot.manifest();
  const BoundPipeline& pipeline = compiled->pipelines[0];
  KeptQuestion question{name, options.parameters, compiled->asks_now ? options.now : ""};
  const PartitionSettings settings{compiled->zone.name() == manifest.timezone,
                                   compiled->week_start == 1};
  const std::uint64_t fingerprint = fingerprint_of(*text, *compiled, question, manifest);
  return std::optional<KeptProgram>(
      KeptProgram{std::move(question), fingerprint, compiled->zone, compiled->week_start,
                  pipeline.columns, partition(pipeline.plan, manifest, settings),
                  sources_of(optimize(pipeline.plan, manifest), manifest)});
}

}  // namespace stave
